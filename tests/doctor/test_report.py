"""How findings are shown."""

import json

import click
import pytest

from bot.doctor.finding import Finding, Part
from bot.doctor.report import as_json, as_text, safe

PART = Part("database")
SECRET = "0123456789abcdef"
FOUND = [
    PART.ok("file", "/srv/readalong.db"),
    PART.to_do("mode", "others on this machine can read it, and so on, word after word, until a line is full."),
    Part("discord").not_checked("token"),
    Part("slack").off("token", "none is set"),
]


def test_lines_are_aligned_under_their_parts_and_end_with_a_summary() -> None:
    assert click.unstyle(as_text(FOUND, 60)).splitlines() == [
        "Database",
        "  file              ok: /srv/readalong.db",
        "  mode              TO DO: others on this machine can read",
        "                    it, and so on, word after word, until a",
        "                    line is full.",
        "Discord",
        "  token             not checked: offline",
        "Slack",
        "  token             off: none is set",
        "",
        "1 thing to do; 1 not checked, 1 ok, 1 off.",
    ]


def test_a_long_subject_has_a_line_of_its_own() -> None:
    lines = click.unstyle(as_text([PART.ok("channel 300000000000000001", "seen")], 80)).splitlines()

    assert lines[1:3] == ["  channel 300000000000000001", "                    ok: seen"]


def test_nothing_to_do_is_said_in_words() -> None:
    assert as_text([PART.ok("file")], 80).endswith("Nothing needs doing; 0 not checked, 1 ok, 0 off.")


def test_json_has_every_finding_and_the_numbers_for_a_script() -> None:
    told = json.loads(as_json(FOUND))

    assert (told["to_do"], told["not_checked"]) == (1, 1)
    assert told["findings"][2] == {"part": "discord", "subject": "token", "state": "not checked", "words": "offline"}


@pytest.mark.parametrize(
    "token",
    ["xoxb-1-2-abcdefgh", "xapp-1-A0-1-abc", "MTAwMDAwMDAwMDAwMDAwMDAx.GabcdE.abcdefghijklmnopqrstuvwxyz0", SECRET],
)
def test_no_token_is_shown_known_or_by_its_shape(token: str) -> None:
    (found,) = safe([Finding("p", "q", PART.ok("x").state, f"<{token}>")], [SECRET])

    assert found.words == "<[token]>"


def test_what_a_terminal_would_obey_is_not_shown() -> None:
    (found,) = safe([PART.ok("file", "a\x1b[31mb\nc\u202ed")], [])

    assert found.words == "a [31mb cd"
