"""Cutting a reply into pages that fit a platform: nothing is lost, what is left is said and reachable by a button."""

from collections.abc import Callable
from dataclasses import replace

from bot.cutting import word_end
from bot.overlong import spelled_out
from bot.reply import MOST_BUTTONS, Button, FromMember, Note, Part, Reply
from bot.values import value
from bot.words import Words, markdown, split_block

Cost = Callable[[Part], int]

SMALLEST_PAGE = 1900  # characters, of all platforms' budgets
FEWEST_VOICES = 8


@value
class Budget:
    """What one page may hold: characters as rendered, parts, and changes of voice."""

    characters: int
    parts: int
    voices: int


def page_of(reply: Reply, budget: Budget, cost: Cost) -> Reply:
    """The page of the reply that it asks for. `cost` is a part's length once rendered, at least that of its words.

    A reply of several pages says which page this is, and leads on to the next.
    """
    reply = spelled_out(reply)
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
    files = reply.files if number == 1 else ()
    parts = (*pages[number - 1], note)
    return replace(reply, parts=parts, buttons=buttons, picture=picture, page=number, files=files)


def count_pages(reply: Reply, budget: Budget, cost: Cost) -> int:
    """How many pages `page_of` makes of the reply."""
    return len(_pages(spelled_out(reply), budget, cost))


def may_need_pages(reply: Reply) -> bool:
    """Whether some platform may show the reply on several pages; if not, nothing leads on from it."""
    runs = [run for part in reply.parts for block in part.words.blocks for run in block.runs]
    addresses = sum(bool(run.url) for run in runs) + sum(isinstance(part, FromMember) for part in reply.parts)
    # Escaped, a character becomes three at most; what is put around a run or a part, and an address, has its bounds
    longest = 3 * len(reply.plain()) + 10 * len(runs) + 60 * len(reply.parts) + 500 * addresses
    return longest > SMALLEST_PAGE or len(reply.parts) > FEWEST_VOICES


def _pages(reply: Reply, budget: Budget, cost: Cost) -> list[list[Part]]:
    if len(reply.parts) <= min(budget.parts, budget.voices) and sum(map(cost, reply.parts)) <= budget.characters:
        return [list(reply.parts)]  # as nearly all are
    pages: list[list[Part]] = [[]]
    spent, voices = 0, 0
    for whole in reply.parts:
        part: Part | None = whole
        while part:
            turn = not pages[-1] or pages[-1][-1].voice is not part.voice
            full = len(pages[-1]) == budget.parts or voices + turn > budget.voices
            piece, rest = (None, part) if full else _fitting(part, budget.characters, spent, cost)
            if piece:
                pages[-1].append(piece)
                spent, voices = spent + cost(piece), voices + turn
            if rest:
                pages.append([])
                spent, voices = 0, 0
            part = rest
    return pages


def _fitting(part: Part, room: int, spent: int, cost: Cost) -> tuple[Part | None, Part | None]:
    """What goes on a page on which so much is spent, and what is left of the part for the next.

    A part that fits on a page is never divided. A longer one begins here if a good deal of the page is left.
    """
    price = _price(part, room, cost)
    if spent + price <= room:
        return part, None
    if spent and (price <= room or room - spent < room // 3):
        return None, part
    first, rest = _divided(
        part.words, lambda words: spent + _price(replace(part, words=words), room, cost) <= room, hard=not spent
    )
    if first is None:
        return None, part
    return replace(part, words=first), replace(part, words=rest)


def _price(part: Part, room: int, cost: Cost) -> int:
    """What the part costs; of one that is far too long only that it is too long, which is quicker to know."""
    length = sum(len(run.text) for block in part.words.blocks for run in block.runs)
    return length if length > room else cost(part)


def _divided(words: Words, fits: Callable[[Words], bool], *, hard: bool) -> tuple[Words | None, Words]:
    """As many of the blocks as fit; else as much of the first as fits, in whole words unless that is `hard`."""

    def blocks(count: int) -> Words:
        return replace(words, blocks=words.blocks[:count])

    def beginning(length: int) -> Words:
        return replace(words, blocks=split_block(words.blocks[0], length)[:1])

    if count := _most(len(words.blocks) - 1, lambda count: fits(blocks(count))):
        return blocks(count), replace(words, blocks=words.blocks[count:])
    first, *others = words.blocks
    length = _most(len(first.plain()) - 1, lambda length: fits(beginning(length)))
    if not length and hard:
        raise ValueError("a single character does not fit on a page: the budget is too small")
    if not length or not (hard or word_end(first.plain(), length)):
        return None, words
    head, tail = split_block(first, length)
    return replace(words, blocks=(head,)), replace(words, blocks=(tail, *others))


def _most(highest: int, fits: Callable[[int], bool]) -> int:
    """The highest number from 1 that fits, where all below it do; 0 where none does."""
    lowest = 0
    while lowest < highest:
        middle = (lowest + highest + 1) // 2
        lowest, highest = (middle, highest) if fits(middle) else (lowest, middle - 1)
    return lowest
