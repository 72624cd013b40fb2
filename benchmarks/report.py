"""The page `docs/performance.md`: what was measured, how, with which bounds, and the numbers. Pure."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import capture, digest, discord_commands, search, slack_commands, starting
from benchmarks.numbers import Comparison, p99

MS = 1000.0


@dataclass(frozen=True, slots=True)
class Digests:
    """How long the digests of some days took, in seconds each, in an archive of so many messages, so many a day."""

    messages: int
    a_day: int
    seconds: Sequence[float]

    @property
    def kept(self) -> bool:
        """Whether the bound is."""
        return statistics.median(self.seconds) <= digest.BOUND


@dataclass(frozen=True, slots=True)
class Measured:
    """All that one run measured. Times are in seconds, memory is in MiB; `machine` says on what, in lines.

    `search` is its table, in lines, of an archive of `searched` messages.
    """

    machine: tuple[str, ...]
    discord: tuple[Comparison, ...]
    slack: tuple[Comparison, ...]
    starts: tuple[Comparison, ...]
    captures: tuple[Comparison, ...]
    searched: int
    search: tuple[str, ...]
    digests: Digests

    @property
    def missed(self) -> list[Comparison]:
        """What is over its bound."""
        return [one for one in (*self.discord, *self.slack, *self.starts, *self.captures) if not one.kept]


def page(measured: Measured) -> str:
    """The whole page, as Markdown."""
    times = [one for one in measured.starts if one.name.endswith(starting.TIMES)]
    memory = [one for one in measured.starts if one not in times]
    return PAGE.format(
        verdict=verdict(measured),
        machine="\n".join(f"- {line}" for line in measured.machine),
        discord=commands_table(measured.discord, "bare discord.py"),
        slack=commands_table(measured.slack, "stock Bolt"),
        times=starts_table(times, "s", 3),
        memory=starts_table(memory, "MiB", 1),
        captures=captures_table(measured.captures),
        searched=f"{measured.searched:,}",
        search="\n".join(measured.search),
        digests=digest_table(measured.digests),
        digest_ms=round(digest.BOUND * MS),
        search_ms=round(search.GOAL_MS),
        discord_bound=discord_commands.BOUND,
        slack_bound=slack_commands.BOUND,
        start_bound=starting.START_BOUND,
        memory_bound=starting.MEMORY_BOUND,
        capture_bound=capture.BOUND,
        lone_ms=round(capture.LONE_BOUND * MS),
        far_ms=round(slack_commands.SECONDS_AFAR * MS),
    )


def verdict(measured: Measured) -> str:
    """Which bounds are kept, in words."""
    lines = [f"- {one.name}: {_reached(one)}" for one in measured.missed]
    if not measured.digests.kept:
        median = statistics.median(measured.digests.seconds)
        lines.append(f"- the digest: {median * MS:.0f} ms, the bound is {digest.BOUND * MS:g} ms")
    if not lines:
        return "All bounds are kept."
    return "\n".join(("All bounds are kept but these:", "", *lines))


def commands_table(comparisons: Sequence[Comparison], bare: str) -> str:
    """Medians and p99 in milliseconds."""
    head = ["measured", "ours p50", "ours p99", f"{bare} p50", f"{bare} p99", *RATIO]
    rows = [[one.name, *_p50_p99(one.ours), *_p50_p99(one.bare), *_ratio(one)] for one in comparisons]
    return _table(head, rows)


def starts_table(comparisons: Sequence[Comparison], unit: str, digits: int) -> str:
    """Medians alone: there are too few starts for more."""
    head = ["measured", f"ours, {unit}", f"bare, {unit}", *RATIO]
    medians = [(one, statistics.median(one.ours), statistics.median(one.bare)) for one in comparisons]
    return _table(head, [[one.name, f"{a:.{digits}f}", f"{b:.{digits}f}", *_ratio(one)] for one, a, b in medians])


def captures_table(comparisons: Sequence[Comparison]) -> str:
    """Messages a second; for a lone one the time until it is saved."""
    head = ["measured", "ours", "ours p99", "raw SQLite", "raw SQLite p99", *RATIO]
    lone = [[one.name, *_p50_p99(one.ours), *_p50_p99(one.bare), *_ratio(one)] for one in comparisons if one.most]
    many = [[one.name, *_rates(one.ours), *_rates(one.bare), *_ratio(one)] for one in comparisons if not one.most]
    return _table(head, [*lone, *many])


def digest_table(digests: Digests) -> str:
    """Median and longest, in milliseconds."""
    median, longest = (f"{act(digests.seconds) * MS:.0f} ms" for act in (statistics.median, max))
    bound = f"{digest.BOUND * MS:g} ms: {'kept' if digests.kept else 'missed'}"
    row = [f"{digests.messages:,}", f"{digests.a_day:,}", f"{len(digests.seconds)}", median, longest, bound]
    return _table(["messages in all", "a day", "days", "median", "longest", "bound"], [row])


def _rates(seconds: Sequence[float]) -> list[str]:
    return [f"{1 / value:,.0f} a second" for value in (statistics.median(seconds), p99(seconds))]


def _p50_p99(seconds: Sequence[float]) -> list[str]:
    return [f"{statistics.median(seconds) * MS:.2f} ms", f"{p99(seconds) * MS:.2f} ms"]


def _ratio(one: Comparison) -> list[str]:
    low, high = one.spread
    return [f"{one.ratio:.3f}", f"{low:.3f} to {high:.3f}", _bound(one)]


def _bound(one: Comparison) -> str:
    kept = "kept" if one.kept else "missed"
    if one.most:
        return f"{one.most * MS:g} ms: {kept}"
    return f"{one.bound:g}: {kept}" if one.bound else "none"


def _reached(one: Comparison) -> str:
    if one.most:
        return f"{statistics.median(one.ours) * MS:.1f} ms, the bound is {one.most * MS:g} ms"
    return f"{one.ratio:.2f}, the bound is {one.bound:g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


RATIO = ("ratio", "over the rounds", "bound")

PAGE = """\
# How fast it is

`make bench` measures all this anew and writes this page. It compares our bot with *bare bots*: the smallest that can
be written with the same libraries, which answer with the same message and hold nothing.

{verdict}

## On Discord: from the event to the answer

The time from the interaction's frame on the gateway to the whole answer at the callback's address, for `/quote`, and
for `/quote about:treaty`, which searches the reading. *One by one* waits for each answer; *100 at once* sends 100
interactions and then takes the time of each. Bound: ours takes at most {discord_bound} times as long as the bare bot,
by the median.

{discord}

The bare bot (`benchmarks/bare_discord.py`) is discord.py with one slash command, as discord.py's own examples write it:
for each answer it builds the embeds and buttons that ours sent. The two messages are compared, and are the same but
for the defaults that discord.py writes out (`"type": "rich"`, `"flags": 0`, `"disabled": false`). Ours reads the
channel's setting in the database, finds the quotation, renders it, counts it and logs a line.

## On Slack: from the command to its acknowledgement

The time from the slash command's frame (Socket Mode) or request (HTTP) to its acknowledgement, and to the answer at
the response URL. Slack shows an error when an acknowledgement takes 3 seconds. Bound: the acknowledgement takes at
most {slack_bound} of stock Bolt's time, by the median. The answers are shown too, so that nobody thinks they wait;
nothing is promised of them.

{slack}

Stock Bolt (`benchmarks/bare_slack.py`) is an `AsyncApp` as Bolt's documentation writes it: the handler calls `await
ack()`, then `await respond(...)` with our blocks; middleware, authorization and runner are Bolt's defaults, and so is
the server of each mode. Its runner looks every 10 ms whether a handler has acknowledged, which is most of its time.
It calls `auth.test` once, before its first acknowledgement, and remembers the answer; that call falls into the
warm-up. Ours asks Slack who it is when it starts, acknowledges a command before it reads into it, since nothing that
comes of it changes that, and answers in a task of its own. So its acknowledgement is processor time alone: on a machine
that is slower, or busy with something else, the ratio is higher, while the 10 ms of stock Bolt's stay what they are.

*0 ms* means that Slack's Web API and response URLs answer at once; *{far_ms} ms* that each call takes so long, as one
over the internet might. Ours then answers later than stock Bolt: everybody here asks for the first time, so it first
asks Slack whether they are an admin (`users.info`), which it remembers for a minute.

## Starting

From the start of the process until the loopback server has greeted the connection, and until the first `/quote` is
answered, which is asked as soon as the bot is connected. Ours has its database already, everything is compiled to
bytecode, and files are in the page cache. Slack runs in Socket Mode, and answers at once. *both* is one process of ours
on Discord and Slack, beside the two bare bots started together. Bound: at most {start_bound} times the bare bots' time.

{times}

## Memory

One second after that first answer, from `/proc/PID/smaps_rollup`: what is shared with no other process (USS: private
clean and dirty pages), and all of it (RSS), which counts the interpreter's and the libraries' shared pages in full.
Beside two bare bots it is their sum. Bound: at most {memory_bound} times the bare bots' memory.

{memory}

## Saving messages

From events given to `Capture.save` until the last of them is saved for good, which is when its `save` returns: on the
disk, with WAL and `synchronous = FULL`, and in the full-text index. Beside it *raw SQLite* (`benchmarks/capture.py`):
one `INSERT` of as many rows into the same tables, with the same indexes and triggers, in a transaction of its own, of
values that are ready. Ours looks up what is there already, puts each message's row together, works out its words for
the index, chooses ids, and tells every caller; raw SQLite does nothing but insert. In the end both databases are
compared, and hold the same rows. Ratios are of times. Bounds: at most {capture_bound:g} times as long where 100 or
1,000 come at once, which is half of the rate, and {lone_ms} ms for a lone message, by the median.

{captures}

The messages are made up: 5 to 40 words of our explainer, one of three of them exchanged for one of 50,000 others, the
rarer the seldomer; one in five has a link, a mention, an emoji, or another script too. 200 people write in 40 threads
of 5 channels. Half of what ours takes is SQLite itself; of the rest the words for the index are the largest part,
which are remembered for each piece between two spaces, since the same ones come again and again. That is why it stands
at the edge of its bound, and on a busy machine now and then beyond it: what is left is one pass over the words and one
over the values of each row, in Python, beside an insertion that is all in C.

## Searching

Each kind of query of `/find`, in an archive of {searched} made-up messages, for somebody who can read 3, 30 or 300 of
its 330 channels: median and p99 in milliseconds. Beside it, on the same database, sqlite-utils' own `search` and
FTS5's bm25 in plain SQL, which look through everything, whoever may read it. The bound is a p99 of {search_ms} ms for
each kind; wherever a second number is larger, it is missed, which the list at the head of this page does not say.
`SEARCH_MESSAGES=5000000 make bench` does so in a larger archive.

{search}

## Digests

From the window of a day to its card, in an archive of a year: every query, the choice and the card. Bound:
{digest_ms} ms, by the median. `DIGEST_MESSAGES` says how large the archive is.

{digests}

## Where it goes

Most of a start is importing, by `python -X importtime`: first what the bare bot imports too, then some hundred modules
of our own, which take a tenth of the whole. Reading and checking both readings takes another twentieth. `readalong run`
is read without click, no word of a reading is looked at before somebody asks about something, and a digest's building
is imported for the first one. Beside two bare bots, which start on a core each, one process of ours imports discord.py
and Bolt one after the other, which leaves less of that bound for what is ours.

What only some bots need is imported when it is first needed: sqlite-utils to change tables and write rows (20 ms,
3 MiB), aiohttp's server when somebody connects to the operator's port (13 ms, 3 MiB), Markdown for a text with marks
(12 ms, 1 MiB), what `/ask` does (8 ms, 1 MiB), Prometheus' client to be read (7 ms, 1 MiB). A bot that has done all
that once holds some 9 MiB more than is shown here. Beside two bare bots one process of ours is smaller, since most of
it is there once.

In a burst the answers go out together, once all hundred are worked out, so the median shows the whole work of a
hundred: some 1.13 of the bare bot's processor time. Ours looks up, renders, counts and logs; the bare bot has
discord.py ask for each message that it sent, and build a Message of it, which ours leaves out.

## How it is measured

- One run, by turns: one event to ours, one to the bare bot, and the other way round the next time; the same number to
  each, after a warm-up of both. Each event comes from another person, so that no cooldown holds an answer back.
- The bots are processes of their own; ours is `python -m bot run` on the readings of this repository, without a
  group's copy of the article. The servers (`tests/servers`) run in the measuring process and are the same for both: a
  gateway with zlib-stream and REST for Discord, Socket Mode and signed HTTP for Slack. Their own time is in every
  number, on both sides.
- *ratio* is that of the two medians over all rounds; *over the rounds* is the lowest and the highest ratio of one
  round. A round is ten percent of the events, or one start of each.
- Nothing here crosses a network. On the real platforms the way there and back takes most of the time.

Measured on:

{machine}
"""
