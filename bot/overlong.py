"""What is too long to stand beside words: titles, headings, passages' labels, sources, alt texts.

A platform shows only so much there. What is longer is cut with an ellipsis, and said whole among the words, which go on
to further pages; so nothing is lost, and every page has room for words.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

from bot.cutting import ELLIPSIS, clip_units, units
from bot.readings.model import Picture
from bot.reply import Chart, FromBackground, FromMember, Note, Part, Reply
from bot.words import Block, Run, Words, verbatim

# In UTF-16 units. Escaped for Discord they are at most twice as long, which its own limits still take
TITLE, HEADING, LABELS, SOURCE, DATE, ALT = 125, 200, 200, 300, 40, 1000


def spelled_out(reply: Reply) -> Reply:
    """The reply with what is too long said whole among its words; the very reply where nothing is."""
    parts = tuple(said for part in reply.parts for said in _part(part))
    if units(reply.title) > TITLE:
        parts = (Note(verbatim(reply.title)), *parts)
    if reply.picture and _is_overlong(reply.picture):
        parts = (*parts, *_part(_in_words(reply.picture)))
    if parts == reply.parts:
        return reply
    return replace(reply, title=clip_units(reply.title, TITLE), parts=parts, picture=_picture(reply.picture))


def _part(part: Part) -> Iterator[Part]:
    if units(part.heading) > HEADING:
        yield Note(Words((Block((Run(part.heading, bold=True),)),)))
        part = replace(part, heading="")
    match part:
        case FromBackground(words=words, source=source, date=date) if units(source) > SOURCE or units(date) > DATE:
            whole = Block((Run(f"Its source in full: {source}, {date}"),))
            part = replace(part, words=replace(words, blocks=(*words.blocks, whole)))
            yield replace(part, source=clip_units(source, SOURCE), date=clip_units(date, DATE))
        case FromBackground() | FromMember():
            yield part
        case _:
            shown = sum(length <= LABELS for length in accumulate(units(label) + 2 for label in part.labels))
            if shown == len(part.labels):
                yield part
            else:
                yield replace(part, labels=(*part.labels[:shown], ELLIPSIS))
                yield Note(verbatim(f"All its passages: {', '.join(part.labels)}"))


def _is_overlong(picture: Picture | Chart) -> bool:
    return units(picture.alt) > ALT or (isinstance(picture, Picture) and units(picture.source) > SOURCE)


def _in_words(picture: Picture | Chart) -> FromBackground | Note:
    words, heading = Words((Block((Run(picture.alt),)),)), "The picture in words"
    if isinstance(picture, Chart):
        return Note(words, heading=heading)
    return FromBackground(words, picture.source, picture.date, heading)


def _picture(picture: Picture | Chart | None) -> Picture | Chart | None:
    if picture is None:
        return None
    if isinstance(picture, Chart):
        return replace(picture, alt=clip_units(picture.alt, ALT))
    return replace(picture, alt=clip_units(picture.alt, ALT), source=clip_units(picture.source, SOURCE))
