"""A made-up reading that is valid in every way, for tests to write into a folder and to spoil one file at a time."""

from hashlib import sha256
from pathlib import Path

from bot.readings.source import fingerprint

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)

# Curly quotes, a non-breaking space, a glued word and a caption that is printed twice, as real copies have them.
SOURCE = """Subscribe to the Gull's Gazette!

The Town That Tried to Sell Its Fog

Every morning the harbour of Little Wick vanishes. For nine hundred years its people grumbled; last spring the\
 mayor, Odile Marrow, proposed to bottle the fog and sell it toVisitors instead.

“Nobody ever drowned in a jar,” she told the council, and the council, which dislikes silence, applauded.

<figcaption>Mayor Marrow holds the first jar of fog on 3 April 2019.</figcaption>
Mayor Marrow holds the first jar of fog on 3 April 2019.

The fishermen were not amused. Fog, they argued, hides the boats from the herring as much as the rocks from the boats,\
 and a clear sky might empty their nets by winter.

What the Lighthouse Knew

The keeper of the light, Bram\u00a0Tallow, kept count from 1951-53 and found no such thing: herring came on bright\
 days too, though perhaps the laziest ones.

In the end the town sold eleven jars. Ten came back empty, with polite letters; the eleventh, it is said, still rains\
 on a shelf in Aberdeen.
"""

TEXTS = {
    "the-plan": SOURCE.split("\n\n")[2],
    "the-jar": SOURCE.split("\n\n")[3],
    "first-jar": SOURCE.split("\n\n")[4].split("\n")[1],
    "the-herring": SOURCE.split("\n\n")[5],
    "the-count": SOURCE.split("\n\n")[7],
    "eleven-jars": SOURCE.split("\n\n")[8].strip(),
}

ABOUT = """title = "The Town That Tried to Sell Its Fog"
short_title = "Fog for sale"
author = "unknown"
publisher = "The Gull's Gazette"
date = "2019-04/2019-06"
date_note = "Spring and summer, by the caption"
language = "en"
rights = "Ours: made up for the tests"

[aliases]
"Little Wick" = ["Wick", "the harbour town"]

[[background]]
text = "The Gazette is printed by the town's own council."
source = "Register of Imaginary Papers"
date = "2014"
"""

PASSAGES = """## 1. A plan for the fog {#the-plan}
Role: setting

Each dawn hides the harbour. The mayor wants to put the haze into jars and *sell* it.

## 2. Applause {#the-jar}

She promises that jars are safe, and the council claps.

### Caption {#first-jar}

The mayor with a jar in early April 2019.

## 3. What fishermen fear {#the-herring}
Role: objection

Clear weather might, they say, cost them the catch.

# What the Lighthouse Knew

## 4. Counting {#the-count}

The keeper's figures show fish on sunny days as well.

He hedges a little.

Sources: the keeper's notebook

## 5. How it ended {#eleven-jars}

Few jars were bought, and nearly all of them returned.
"""

SUMMARY = """## short

A mayor wants to sell her town's fog. {the-plan the-jar}

- Fishermen object. {the-herring}
- A keeper's count
  is against them. {the-count}

## long

The plan begins with a jar. {the-plan the-jar first-jar}

It ends with eleven. {eleven-jars}
"""

QUOTES = """[[quote]]
words = "Nobody ever drowned in a jar"
passage = "the-jar"
speaker = "Odile Marrow"

[[quote]]
words = "herring came on bright days too"
passage = "the-count"
"""

TIMELINE = """[[event]]
date = "1951/1953"
stated = "1951-53"
text = "The keeper counts herring."
passage = "the-count"

[[event]]
stated = "last spring"
text = "The mayor proposes to sell the fog."
passage = "the-plan"

[[event]]
date = "1950-06-01"
text = "The lighthouse's lamp is lit for the first time."
source = "List of Imaginary Lights"
source_date = "1988"
"""

QUESTIONS = """1. Who owns a fog? {the-plan}
2. What would settle the quarrel
   about the herring? {the-herring the-count}
"""

HERRING = """+++
title = "The herring"
aliases = ["fish", "the catch"]
native = true

[picture]
file = "herring.png"
alt = "A herring, looking left"
source = "Drawn for the tests"
date = "2024"

[[background]]
text = "Herring swim in schools, and the keeper's cat knew it."
source = "A Child's Book of Fish"
date = "undated"
+++

Fishermen fear for it. {the-herring}

- It comes on bright days too. {the-count}
"""

FILES = {
    "passages": "passages.md",
    "summary": "summary.md",
    "quotes": "quotes.toml",
    "timeline": "timeline.toml",
    "questions": "questions.md",
    "reading": "reading.toml",
    "source": "source.txt",
}


def about(text: str = SOURCE) -> str:
    """A `reading.toml` for the made-up text, written from this copy of it."""
    prints = "\n".join(f'{key} = "{fingerprint(passage)}"' for key, passage in TEXTS.items())
    return f'{ABOUT}\n[source]\nsha256 = "{sha256(text.encode()).hexdigest()}"\n\n[source.passages]\n{prints}\n'


def write_pack(folder: Path, slug: str = "harbour", **files: str | bytes | None) -> Path:
    """Write the reading into `folder / slug` and return that folder.

    A file is given by its short name (`quotes=...`) or by its path (`**{"topics/fog.md": ...}`); None leaves it out.
    """
    held: dict[str, str | bytes | None] = {
        "reading.toml": about(),
        "passages.md": PASSAGES,
        "summary.md": SUMMARY,
        "quotes.toml": QUOTES,
        "timeline.toml": TIMELINE,
        "questions.md": QUESTIONS,
        "topics/herring.md": HERRING,
        "topics/herring.png": PNG,
        "source.txt": SOURCE,
    }
    held |= {FILES.get(name, name): text for name, text in files.items()}
    for name, text in held.items():
        if text is not None:
            file = folder / slug / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder / slug
