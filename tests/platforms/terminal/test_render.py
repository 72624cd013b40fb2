from datetime import UTC, datetime
from pathlib import Path

from bot.platforms.terminal.render import as_text
from bot.readings.model import Picture
from bot.reply import Button, FromBackground, FromMember, FromReading, Note, Reply
from bot.words import markdown, verbatim

REPLY = Reply(
    "The islands",
    (
        FromReading(markdown("A **known** dispute.\n\n- one\n- two"), ("¶3",), "Obstacle"),
        FromReading(verbatim("[bold]as printed[/bold]"), ("¶4",)),
        FromMember(verbatim("Why?"), "Mina", datetime(2026, 11, 9, 18, 4, tzinfo=UTC), "https://x.example/1"),
        FromBackground(markdown("Signed in 1905."), "Historian", "2005"),
        Note(markdown("Type `/quote`."), ("¶3",)),
    ),
    "A reading",
    Picture(Path("map.png"), "Four islands", "Natural Earth", "2024"),
    (Button("Next", "/quote number:2"), Button("Back", "/quote")),
)


def test_every_voice_has_its_label_in_words_and_buttons_their_numbers() -> None:
    assert as_text(REPLY).splitlines() == [
        "The islands   Reading: A reading",
        "  Obstacle",
        "  ¶3  A known dispute.",
        "  - one",
        "  - two",
        "  ¶4  “[bold]as printed[/bold]”",
        "  Mina, 2026-11-09 18:04 UTC: Why?  https://x.example/1",
        "Background",
        "  Signed in 1905.  (Historian, 2005)",
        "  Type /quote. (¶3)",
        "  Picture, background: Four islands (Natural Earth, 2024) map.png",
        "  [1] Next  [2] Back",
    ]


def test_long_lines_are_wrapped_also_in_wide_characters() -> None:
    text = as_text(Reply("題", (FromReading(verbatim("条約" * 40), ("¶1",)),)), width=40)

    assert len(text.splitlines()) > 4
    assert text.replace("\n", "").replace(" ", "").count("条約") == 40
