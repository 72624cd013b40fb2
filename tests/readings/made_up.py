"""A made-up article with the defects that real ones have, as a reading with its text and as one without."""

from dataclasses import replace

from bot.readings.load import anchored
from bot.readings.model import Background, Event, Passage, Point, Quotation, Reading, Source, Topic
from bot.words import markdown

_PARTS = {
    "": "Subscribe to the Lantern - Now Cheaper!",
    "ferry": (
        "The mayor’s ferry brought nine delegates of the G-7 toHarbour Street, and\xa0the U.S. envoy with them. "
        "However, the U.S. had asked that the town not\xa0close its old pier."
    ),
    "saying": "“Tides keep no promises, they only keep time.”-Captain Orla Brisk",
    "photo": "Captain Brisk greets Ada Quill on the pier on March 3, 2011.",
    "loan": (
        "A loan would put the town at risk.What nobody says, however, is who pays. "
        "The rare-earth glass of the lamp, bought in the 1871-73 Salt War, is worth two million crowns. "
        "Neither the mayor nor the envoy are owners of the lamp."
    ),
    "| ": "Echoes of the Salt War",
    "vote": (
        "The town is asking for more of the U.S. In short, the vote … was a draw. "
        "Dr. Quill said 「港は静かだ。」と, and the men of Hiroseki agreed. They will vote again this past week."
    ),
    "japanese": "港町は灯台を守る。しかし、船は来ない！誰が払うのか？",
    "|  ": "Rules: no shouting at the gulls. The Lantern may remove comments.",
}
TEXT = "\n\n".join(_PARTS.values())
SPANS = {
    key: (TEXT.index(part), TEXT.index(part) + len(part)) for key, part in _PARTS.items() if key.strip("| ")
}  # fmt: skip
_OURS = {
    "ferry": "Nine delegates of the G7 came by ferry to Harbour Street. The U.S. asked the town to keep its pier.",
    "saying": "A saying about tides, credited to Captain Brisk.",
    "photo": "Brisk greets Quill.",
    "loan": "The loan is a danger. The lamp, bought in the Salt War of 1871-73, belongs to nobody named here.",
    "vote": "The vote was a draw, and the town will vote again.",
    "japanese": "The harbour town guards its lighthouse; no ship comes.",
}
_NUMBERS = {"ferry": 1, "saying": 2, "photo": 2, "loan": 3, "vote": 4, "japanese": 5}
_PACK = (
    Quotation("they only keep time", "saying", "credited to Captain Orla Brisk"),
    Quotation("Neither the mayor nor the envoy are owners of the lamp.", "loan", "the article"),
)


def reading(*, attached: bool = True) -> Reading:
    """The made-up reading; `attached` says whether the group holds its text."""
    source = Source(TEXT, "0" * 64, SPANS) if attached else None
    return Reading(
        slug="lamp",
        title="A Town and its Lamp",
        short_title="The lamp",
        author="unknown",
        publisher="The Lantern",
        date="2011",
        language="en",
        rights="Ours",
        passages=tuple(
            Passage(key, _NUMBERS[key], key.title(), markdown(words), caption=key == "photo")
            for key, words in _OURS.items()
        ),
        short_summary=(),
        long_summary=(),
        quotations=anchored(_PACK, source),
        events=(
            Event(markdown("The Salt War."), "1871/1873", "1871-73", passage="loan"),
            Event(markdown("The vote is held again."), "2011-03", "this past week", passage="vote"),
            Event(
                markdown("The Peace of Hiroseki ended the Salt War."), "1873-09-05", source="Annals", source_date="1990"
            ),
            Event(markdown("A storm broke the pier."), "1899-01-02", source="Annals", source_date="1990"),
        ),
        topics={
            "lamp": Topic(
                "lamp",
                "The Great Lamp",
                (Point(markdown("It is old."), ("loan", "japanese")),),
                ("beacon",),
                background=(Background(markdown("Norway claims the lamp."), "Annals", "1990"),),
            )
        },
        questions=(),
        aliases={"Salt War": ("War of the Salters", "塩戦争"), "Ada Quill": ("Doctor Lighthouse",)},
        source=source,
    )


ATTACHED = reading()
NOT_ATTACHED = reading(attached=False)
BOILERPLATE = ("Subscribe to the Lantern", "no shouting at the gulls", "Echoes of the Salt War")


def with_text(text: str, **spans: tuple[int, int]) -> Reading:
    """The reading with another text, for a test of its own."""
    return replace(ATTACHED, quotations=(), source=Source(text, "1" * 64, spans or {"ferry": (0, len(text))}))
