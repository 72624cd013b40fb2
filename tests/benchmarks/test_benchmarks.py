"""That the benchmarks still measure what they say, with a few events each; nothing here depends on a time."""

import asyncio
import statistics
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import capture, discord_commands, search, slack_commands, slack_messages, starting
from benchmarks.bots import NotMeasured, running
from benchmarks.numbers import Comparison, Round, p99
from benchmarks.report import Digests, Measured, page
from bot.archive.database import connect


def comparison(name: str, ours: float, bare: float, bound: float) -> Comparison:
    return Comparison(name, (Round((ours,), (bare,)), Round((ours,), (bare * 2,))), bound)


@pytest.mark.parametrize("options", discord_commands.QUESTIONS)
async def test_both_bots_on_discord_answer_with_the_same_message(
    tmp_path: Path, options: discord_commands.Options
) -> None:
    async with discord_commands.pair(tmp_path, options) as pair:
        one_by_one = await pair.compare(options, rounds=1, turns=2)
        at_once = await pair.compare(options, rounds=1, turns=1, at_once=3)
        ours, bare = pair.ours.answer, pair.bare.answer

    assert ours == bare
    assert ours["embeds"][0]["title"].startswith("Quotation 1 of")
    assert (len(one_by_one.ours), len(one_by_one.bare)) == (2, 2)
    assert (len(at_once.ours), len(at_once.bare)) == (3, 3)


async def test_answers_that_differ_are_not_compared(tmp_path: Path) -> None:
    async with discord_commands.pair(tmp_path, {}) as pair:
        with pytest.raises(NotMeasured, match="different messages"):
            await pair.compare({"number": 2}, rounds=1, turns=1)


@pytest.mark.parametrize("http", [False, True])
async def test_both_bots_on_slack_acknowledge_and_answer_with_the_same_message(tmp_path: Path, http: bool) -> None:
    async with slack_commands.pair(tmp_path, http=http) as pair:
        acks, answers = await pair.compare(rounds=1, turns=2, seconds_per_call=0.02)
        ours, bare = pair.ours.answer, pair.bare.answer

    assert ours == bare
    assert ours["text"].startswith("Quotation 1 of")
    assert (len(acks.ours), len(acks.bare)) == (2, 2)
    assert min(answers.ours) > 0.01, "ours asks Slack about the person first, which takes so long"
    assert (len(answers.bare), min(acks.ours) > 0) == (2, True)


async def test_starting_measures_every_platform_and_both_together(tmp_path: Path) -> None:
    found = await starting.measure(tmp_path, rounds=1, settle=0.0)

    assert len(found) == 12
    assert all(value > 0 for one in found for value in (*one.ours, *one.bare))
    both = {one.name: one for one in found}
    assert statistics.median(both["both, resident memory (RSS)"].bare) > statistics.median(
        both["Slack, resident memory (RSS)"].bare
    )


@pytest.mark.parametrize("size", [1, 30])
async def test_ours_and_raw_sqlite_save_the_same_messages(tmp_path: Path, size: int) -> None:
    found = await capture.measure(tmp_path, size, rounds=2, turns=2)

    assert (len(found.ours), len(found.bare)) == (4, 4)
    assert min(*found.ours, *found.bare) > 0


async def test_a_bot_that_ends_is_said_with_its_last_words(tmp_path: Path) -> None:
    async with running("lost", "benchmarks.no_such_bot", folder=tmp_path) as bot:
        with pytest.raises(NotMeasured, match=r"lost ended.*no_such_bot"):
            await bot.wait_for(asyncio.Event().wait())


QUICK, SLOW = Digests(200_000, 547, (0.01, 0.03)), Digests(200_000, 547, (0.2,))


def test_the_page_says_which_bounds_are_kept_and_which_are_not() -> None:
    kept, missed = comparison("/quote", 1.2, 1.0, 1.3), comparison("100 at once", 3.0, 1.0, 1.3)
    shown = page(Measured(("2 cores",), (kept, missed), (), (), (), 1000, ("| a rare word |",), QUICK))

    assert "All bounds are kept but these:\n\n- 100 at once: 2.00, the bound is 1.3\n" in shown
    assert (
        "| /quote | 1200.00 ms | 1200.00 ms | 1500.00 ms | 2000.00 ms | 0.800 | 0.600 to 1.200 | 1.3: kept |" in shown
    )
    assert "| 200,000 | 547 | 2 | 20 ms | 30 ms | 100 ms: kept |" in shown
    assert "in an archive of 1,000 made-up messages" in shown
    assert "| a rare word |" in shown
    assert "All bounds are kept.\n" in page(Measured(("2 cores",), (kept,), (), (), (), 1000, (), QUICK))


def test_a_time_that_was_promised_is_shown_beside_rates() -> None:
    lone = Comparison("a lone message", (Round((0.03,), (0.01,)),), most=0.025)
    many = Comparison("100 at once", (Round((0.0002,), (0.0001,)),), 2.0)
    shown = page(Measured(("2 cores",), (), (), (), (lone, many), 1000, (), SLOW))

    late = "- the digest: 200 ms, the bound is 100 ms\n"
    assert f"All bounds are kept but these:\n\n- a lone message: 30.0 ms, the bound is 25 ms\n{late}" in shown
    assert "| 30.00 ms | 30.00 ms | 10.00 ms | 10.00 ms | 3.000 | 3.000 to 3.000 | 25 ms: missed |" in shown
    assert "| 100 at once | 5,000 a second | 5,000 a second | 10,000 a second |" in shown


def test_p99_is_what_99_of_100_do_not_exceed() -> None:
    assert p99([float(value) for value in range(100, 0, -1)]) == 99.0
    assert p99([4.0, 2.0]) == 4.0


@pytest.mark.parametrize("http", [False, True])
async def test_messages_on_slack_are_measured_until_they_are_acknowledged(tmp_path: Path, http: bool) -> None:
    took = await slack_messages.measure(tmp_path, rate=200, seconds=0.1, http=http)

    assert len(took) == 20
    assert min(took) > 0


def test_every_kind_of_search_finds_something_in_what_is_made_up(tmp_path: Path) -> None:
    lines = search.measure(tmp_path, messages=2000, turns=2)

    assert len(lines) == 2 + len(search.KINDS) + 1
    assert all(line.count("|") == 7 for line in lines)
    with closing(connect(tmp_path / "many.db")) as db:
        assert db.execute("SELECT count(*) FROM messages_fts WHERE messages_fts MATCH '\"link\"'").fetchone()[0] > 50
        db.execute("INSERT INTO messages_fts(messages_fts) VALUES ('integrity-check')")
