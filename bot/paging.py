"""Cutting a reply into pages that fit a platform: nothing is lost, what is left is said and reachable by a button."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.reply import MOST_BUTTONS, Button, Note, Part, Reply
from bot.words import Words, markdown, split_block

Cost = Callable[[Part], int]


@dataclass(frozen=True, slots=True)
class Budget:
    """What one page may hold: characters as rendered, parts, and changes of voice."""

    characters: int
    parts: int
    voices: int


def page_of(reply: Reply, budget: Budget, cost: Cost) -> Reply:
    """The page of the reply that it asks for. `cost` is a part's length in characters once rendered.

    A reply of several pages says which page this is, and leads on to the next.
    """
    pages = _pages(reply, budget, cost)
    if len(pages) == 1:
        return reply
    number = min(reply.page, len(pages))
    note = Note(markdown(f"Page {number} of {len(pages)}."))
    buttons = reply.buttons
    if number < len(pages) and reply.line:
        more = Button(f"More ({number + 1} of {len(pages)})", f"{reply.line} page:{number + 1}")
        buttons = (more, *buttons[: MOST_BUTTONS - 1])
    picture = reply.picture if number == 1 else None
    return replace(reply, parts=(*pages[number - 1], note), buttons=buttons, picture=picture, page=number)


def _pages(reply: Reply, budget: Budget, cost: Cost) -> list[list[Part]]:
    pages: list[list[Part]] = [[]]
    spent, voices = 0, 0
    for part in (piece for whole in reply.parts for piece in _pieces(whole, budget.characters, cost)):
        price = cost(part)
        turn = not pages[-1] or pages[-1][-1].voice is not part.voice
        if pages[-1] and (
            spent + price > budget.characters or len(pages[-1]) == budget.parts or voices + turn > budget.voices
        ):
            pages.append([])
            spent, voices, turn = 0, 0, True
        pages[-1].append(part)
        spent, voices = spent + price, voices + turn
    return pages


def _pieces(part: Part, room: int, cost: Cost) -> Iterator[Part]:
    """The part itself, or as many parts of the same voice as it takes for each to fit."""
    if cost(part) <= room:
        yield part
        return
    first, rest = _halves(part.words)
    yield from _pieces(replace(part, words=first), room, cost)
    yield from _pieces(replace(part, words=rest), room, cost)


def _halves(words: Words) -> tuple[Words, Words]:
    blocks = words.blocks
    if len(blocks) > 1:
        middle = len(blocks) // 2
        return replace(words, blocks=blocks[:middle]), replace(words, blocks=blocks[middle:])
    length = len(blocks[0].plain())
    if length < 2:
        raise ValueError("a single character does not fit on a page: the budget is too small")
    head, tail = split_block(blocks[0], (length + 1) // 2)
    return replace(words, blocks=(head,)), replace(words, blocks=(tail,))
