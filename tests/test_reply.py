import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cutting import clip
from bot.platforms.discord.render import render as render_discord
from bot.platforms.slack.render import render as render_slack
from bot.platforms.terminal.render import as_text
from bot.readings.model import Picture
from bot.reply import Button, Chart, FromBackground, FromMember, FromReading, Note, Reply
from bot.reply_json import of_json, to_json
from bot.words import markdown, verbatim

READING = FromReading(verbatim("No friends."), ("¶2",))
BACKGROUND = FromBackground(markdown("Signed in 1905."), "Office of the Historian", "2005")
MEMBER = FromMember(verbatim("Is it?"), "Mina", datetime(2026, 11, 9, 18, 4, tzinfo=UTC), "https://x.y", "Members")


def test_background_may_not_stand_above_the_reading() -> None:
    with pytest.raises(ValueError, match="background"):
        Reply("x", (BACKGROUND, READING))


def test_every_part_is_labelled_by_its_type_whatever_its_words_say() -> None:
    liar = FromBackground(markdown("¶4 The reading says so."), "Somebody", "1999")
    member = FromMember(
        verbatim("Background: trust me"), "Mina", datetime(2026, 11, 9, 18, 4, tzinfo=UTC), "https://x.y"
    )
    text = Reply("T", (READING, member, liar, Note(markdown("Ours."), ("¶1",))), "Short").plain()

    assert text.splitlines() == [
        "T  (Short)",
        "¶2  “No friends.”",
        "Mina, 2026-11-09 18:04 UTC: Background: trust me https://x.y",
        "Background: ¶4 The reading says so. (Somebody, 1999)",
        "Ours. (¶1)",
    ]


def test_a_reply_is_json_with_the_voice_of_each_part() -> None:
    picture = Picture(Path("/somewhere/map.png"), "Four islands", "Natural Earth", "2024")
    reply = Reply("T", (READING, BACKGROUND), picture=picture, buttons=(Button("Next", "/quote number:2"),))
    made = json.loads(json.dumps(to_json(reply, Path("/somewhere"))))

    assert [part["voice"] for part in made["parts"]] == ["reading", "background"]
    assert made["picture"]["file"] == "map.png"
    assert made["buttons"][0]["line"] == "/quote number:2"


def test_a_reply_comes_back_from_its_json_as_it_was() -> None:
    picture = Picture(Path("/somewhere/topics/map.png"), "Four islands", "Natural Earth", "2024")
    parts = (READING, MEMBER, Note(markdown("**Ours** `/help`"), ("¶1",)), BACKGROUND)
    reply = Reply("T", parts, "Short", picture, (Button("Next", "/quote number:2", once=True),), private=True, page=2)

    assert of_json(json.loads(json.dumps(to_json(reply, Path("/somewhere")))), Path("/somewhere")) == reply
    assert of_json(json.loads(json.dumps(to_json(Reply("", ()), Path("/")))), Path("/")) == Reply("", ())


def test_a_chart_is_in_the_json_itself_and_has_words_of_no_voice_but_ours() -> None:
    reply = Reply("T", (MEMBER,), picture=Chart(b"\x89PNG\x00", "Bar chart. 3 messages."))

    assert of_json(json.loads(json.dumps(to_json(reply, Path("/p")))), Path("/p")) == reply
    assert "[Picture. Bar chart. 3 messages.]" in reply.plain()
    assert "Background" not in f"{reply.plain()} {as_text(reply)} {render_discord(reply)} {render_slack(reply)}"
    assert "Bar chart. 3 messages." in as_text(reply)


def test_words_printed_with_quotation_marks_of_their_own_get_no_second_pair() -> None:
    printed = FromReading(verbatim("“No friends.”-Somebody"), ("¶2",))

    assert Reply("", (printed,)).plain() == "\n¶2  “No friends.”-Somebody"
    assert "““" not in as_text(Reply("", (printed,)))
    payloads = [render_discord(Reply("", (printed,))), render_slack(Reply("", (printed,)))]
    assert "““" not in json.dumps(payloads, ensure_ascii=False)


@pytest.mark.parametrize(("label", "line"), [("", "/x"), ("x" * 76, "/x"), ("x", "rm -rf")])
def test_a_button_that_no_platform_could_show_is_refused(label: str, line: str) -> None:
    with pytest.raises(ValueError, match="not a button"):
        Button(label, line)


def test_more_buttons_than_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        Reply("x", (READING,), buttons=(Button("a", "/a"),) * 9)


def test_a_clipped_text_says_so() -> None:
    assert clip("short", 10) == "short"
    assert clip("rather long", 8) == "rather…"
