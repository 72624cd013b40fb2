"""From the rows of a window to a Digest: which questions, threads and remarks it shows, and every number in it. Pure.

Threads are chosen so that anybody can work it out: 20 for each person, 3 for each message up to 30, 10 for each
reaction up to 20, 15 for a new thread, 25 for a question without an answer; at most 3 of a channel, the last active
first among equals.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Generic, TypeVar

from bot.archive.digest_rows import Message, Rows, Thread, Window
from bot.archive.discussions import Anchor
from bot.archive.sayings import asks
from bot.asker import Place
from bot.times import stamp
from bot.values import value

MOST_QUESTIONS = 5
FEWEST_ACTIVE, MOST_ACTIVE, MOST_PER_CHANNEL = 5, 8, 3
MOST_NEW = 5
MOST_REMARKS = 5
MOST_EARLIER = 3

NO_ANCHOR = Anchor("")


@value
class Line:
    """What one person said: whole, with the place and id of the message, or of the thread whose title it is.

    `item` is how a moderator names it to leave it out.
    """

    words: str
    name: str
    at: str
    place: Place
    message: str = ""
    anchor: Anchor = NO_ANCHOR
    item: str = ""


@value
class Talk:
    """A thread, or what was said in a channel outside of threads: how much of it is in the window, and a line of it.

    `opened` is its title in its opener's voice; None outside of threads, where `channel` is the channel's name.
    """

    place: Place
    channel: str
    opened: Line | None = None
    anchor: Anchor = NO_ANCHOR
    messages: int = 0
    people: int = 0
    reactions: int = 0
    new: bool = False
    asks: bool = False
    first_at: str = ""
    last_at: str = ""
    line: Line | None = None
    item: str = ""

    @property
    def score(self) -> int:
        """How active it is; see above."""
        counted = 20 * self.people + 3 * min(self.messages, 30) + 10 * min(self.reactions, 20)
        return counted + 15 * self.new + 25 * self.asks


T = TypeVar("T", Line, Talk)


@value
class Some(Generic[T]):
    """The first of a list, and how many more there are."""

    shown: tuple[T, ...] = ()
    more: int = 0


@value
class Digest:
    """What was said in a window. The numbers are of what was written in its range; `earlier` is what was before.

    Threads that are neither among the active nor the new ones are `active.more`. `left_out` counts the items that a
    moderator left out.
    """

    window: Window
    questions: Some[Line] = Some()
    active: Some[Talk] = Some()
    new: Some[Talk] = Some()
    remarks: Some[Line] = Some()
    earlier: Some[Talk] = Some()
    messages: int = 0
    people: int = 0
    threads: int = 0
    earlier_messages: int = 0
    left_out: int = 0

    @property
    def quiet(self) -> bool:
        """Whether nobody said or saved anything, nor opened a thread."""
        return not (self.messages or self.earlier_messages or self.remarks.shown or self.new.shown or self.left_out)


def build(rows: Rows, window: Window, left_out: Collection[str] = (), *, one_channel: bool = False) -> Digest:
    """The digest of these rows, without the items that a moderator left out."""
    since = "" if window.by_time else stamp(window.since)
    fresh = [one for one in rows.messages if one.written_at >= since]
    late = [one for one in rows.messages if one.written_at < since]
    questions = _questions(rows, fresh, window)
    talks = _talks(rows, fresh, window, {one.place for one in questions})
    opened = [one for one in (*talks, *_silent(rows, talks, window)) if one.new]
    remarks = [_said(rows, one) for one in rows.remarks]
    earlier = sorted(_talks(rows, late, window), key=lambda one: (-one.messages, one.item))
    active = _most_active([one for one in talks if one.item not in left_out], one_channel=one_channel)
    listed = {one.item for one in active}
    new = _some(sorted(_without(opened, listed), key=lambda one: (one.first_at, one.item)), left_out, MOST_NEW)
    listed |= {one.item for one in new.shown}
    threads = {one.item for one in (*talks, *opened)}
    there = threads | {one.item for one in (*questions, *remarks)} | {one.item for one in earlier}
    return Digest(
        window,
        _some(questions, left_out, MOST_QUESTIONS),
        Some(tuple(active), len(threads - listed - set(left_out))),
        new,
        _some(remarks, left_out, MOST_REMARKS),
        _some(earlier, left_out, MOST_EARLIER),
        len(fresh),
        len({one.person for one in fresh}),
        len({one.thread for one in fresh if one.thread}),
        len(late),
        len(there & set(left_out)),
    )


def _some(found: Sequence[T], left_out: Collection[str], most: int) -> Some[T]:
    kept = _without(found, left_out)
    return Some(tuple(kept[:most]), max(len(kept) - most, 0))


def _without(found: Iterable[T], items: Collection[str]) -> list[T]:
    return [one for one in found if one.item not in items]


def _most_active(talks: Iterable[Talk], *, one_channel: bool) -> list[Talk]:
    """Five, and up to eight while more than one person spoke in them."""
    taken: Counter[str] = Counter()
    found: list[Talk] = []
    for one in sorted(sorted(talks, key=lambda one: (one.last_at, one.item), reverse=True), key=lambda one: -one.score):
        enough = len(found) >= FEWEST_ACTIVE and (len(found) == MOST_ACTIVE or one.people < 2)
        if not enough and (one_channel or taken[one.place.channel] < MOST_PER_CHANNEL):
            taken[one.place.channel] += 1
            found.append(one)
    return found


def _questions(rows: Rows, fresh: Sequence[Message], window: Window) -> list[Line]:
    """One for each place, the last asked there: what waits longest comes first."""
    by_place: dict[tuple[int, int | None], Message] = {}
    for one in fresh:
        if one.row in rows.unanswered and asks(one.words):
            by_place[one.channel, one.thread] = one
    asked = {thread for _, thread in by_place}
    titles = [
        _title(one)
        for one in rows.threads.values()
        if one.row in rows.lonely and one.row not in asked and _is_new(one, window) and asks(one.title)
    ]
    found = [*(_said(rows, one) for one in by_place.values()), *titles]
    return sorted(found, key=lambda one: (one.at, one.item))


def _said(rows: Rows, one: Message) -> Line:
    thread = rows.threads.get(one.thread or 0)
    place = thread.place if thread else rows.channels[one.channel][0]
    anchor = thread.anchor if thread else NO_ANCHOR
    return Line(one.words, rows.names[one.person], one.written_at, place, one.id, anchor, f"m{one.seq}")


def _title(thread: Thread) -> Line:
    return Line(thread.title, thread.opened_by, thread.first_at, thread.place, "", thread.anchor, f"t{thread.row}")


def _is_new(thread: Thread, window: Window) -> bool:
    """Whether its first message was written in the window's range, and entered in it."""
    if window.by_time:
        return stamp(window.since) <= thread.first_at < stamp(window.until)
    return thread.first_at >= stamp(window.since) and window.since_seq < thread.first_seq <= window.until_seq


def _talks(rows: Rows, messages: Iterable[Message], window: Window, asking: Collection[Place] = ()) -> list[Talk]:
    """What these messages are, thread by thread; those of a channel outside of threads together."""
    groups: dict[tuple[int, int | None], list[Message]] = {}
    for one in messages:
        groups.setdefault((one.channel, one.thread), []).append(one)
    found = []
    for (channel, thread), said in groups.items():
        where, name = rows.channels[channel]
        known = rows.threads.get(thread or 0)
        talk = _opened(known, window, name) if known else Talk(where, name, item=f"c{channel}")
        found.append(_counted(rows, replace(talk, asks=talk.place in asking), said))
    return found


def _counted(rows: Rows, talk: Talk, said: Sequence[Message]) -> Talk:
    """A talk with its numbers; `said` is in the order of time, as all rows of a window are."""
    return replace(
        talk,
        messages=len(said),
        people=len({one.person for one in said}),
        reactions=sum(one.reactions for one in said),
        first_at=said[0].written_at,
        last_at=said[-1].written_at,
        line=_said(rows, max(said, key=attrgetter("reactions", "row"))),
    )


def _silent(rows: Rows, talks: Iterable[Talk], window: Window) -> list[Talk]:
    """Threads in which nobody has said anything in the window."""
    there = {one.item for one in talks}
    found = (_opened(one, window) for one in rows.threads.values())
    return [one for one in found if one.item not in there]


def _opened(thread: Thread, window: Window, channel: str = "") -> Talk:
    new, at = _is_new(thread, window), thread.first_at
    return Talk(
        thread.place, channel, _title(thread), thread.anchor, new=new, first_at=at, last_at=at, item=f"t{thread.row}"
    )
