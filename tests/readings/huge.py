"""A made-up reading larger than anybody's, with every odd text everywhere: 60,000 words, 300 events, 200 topics.

It is the same each time it is written. `write_huge` writes it as a pack; everything in it is sound, so it must load.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from random import Random

from bot.readings.source import fingerprint
from tests.readings.packs import PNG

WORDS, PASSAGES, EVENTS, TOPICS, QUESTIONS, CAPTIONS = 60_000, 600, 300, 200, 120, 30
NATIVE = 160  # more than Discord's 100 and Slack's 50
LONG_PARAGRAPH = 20_000  # characters
NASTY = (
    "@everyone", "@here", "<!channel>", "<!here>", "<@123>", "<#1|x>", "<@&9>", "`", "``x", "|", "||spoiler||",
    "[x](https://evil.example)", "**_~||", "~~gone~~", ":smile:", "\\", "&amp;", "*", "__", "<t:0:R>", "https://a.example",
    "👩‍👩‍👧‍👦", "🇯🇵", "👍🏽", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "北方領土問題", "条約", "쿠릴열도", "שלום", "السلام", "\u202eright\u202c",
    "e\u0301\u0302\u0323", "zero\u200bwidth", "\u2066iso\u2069", "नमस्ते", "Ω̸̢͓",
)  # fmt: skip
LONG_WORD = "Donaudampfschiff" * 20
LONGEST_WORD = "Rindfleisch" * 400  # longer than any page
LONG_TITLE = " ".join(f"Part {number} of a title {nasty}" for number, nasty in enumerate(NASTY * 2))
TAKEN = ("quote", "summary", "search", "help", "status", "topic", "readalong", "page")  # by us, or by Slack for itself


class _Writer:
    """Writes sentences with a vocabulary like a real one's: few words very often, many hardly ever."""

    def __init__(self) -> None:
        self.random = Random(1855)  # noqa: S311 - made-up text is no secret
        syllables = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "ar", "en")]
        self.words = sorted({"".join(self.random.choices(syllables, k=self.random.randint(1, 4))) for _ in range(9000)})
        self.random.shuffle(self.words)
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def sentence(self, length: int = 15) -> str:
        """A sentence of so many words, about one in twenty of them odd."""
        chosen = self.random.choices(self.words, cum_weights=self.weights, k=length)
        for at in range(1, length - 1):
            if self.random.random() < 0.05:
                chosen[at] = self.random.choice(NASTY)
        return f"{' '.join(chosen).capitalize()}."

    def paragraph(self, words: int) -> str:
        """Sentences of so many words in all."""
        lengths = [15] * (words // 15) + ([words % 15] if words % 15 > 2 else [])
        return " ".join(map(self.sentence, lengths))

    def odd(self) -> str:
        """One odd text."""
        return self.random.choice(NASTY)


def write_huge(folder: Path, slug: str = "huge") -> Path:
    """Write the reading into `folder / slug` and return that folder."""
    made = folder / slug
    (made / "topics").mkdir(parents=True)
    for name, text in _files(_Writer()):
        (made / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return made


def key(number: int) -> str:
    """The key of a passage, by its number."""
    return f"passage-{number}"


def _files(writer: _Writer) -> Iterable[tuple[str, str | bytes]]:
    texts = _source_texts(writer)
    source = "\n\n".join(texts.values())
    yield "source.txt", source
    yield "reading.toml", _about(writer, source, texts)
    yield "passages.md", _passages(writer)
    yield "summary.md", _summary(writer)
    yield "quotes.toml", _quotes(texts)
    yield "timeline.toml", "\n".join(_event(writer, number) for number in range(EVENTS))
    yield "questions.md", _questions(writer)
    yield "topics/map.png", PNG
    for number in range(TOPICS):
        name = TAKEN[number] if number < len(TAKEN) else f"topic-{number:03}"
        yield f"topics/{name}.md", _topic(writer, number)


def _source_texts(writer: _Writer) -> dict[str, str]:
    """A paragraph for each passage by key; the third is long, and others hold words that no page can hold."""
    texts = {key(n): f"Opening {n}. {writer.paragraph(WORDS // PASSAGES)}" for n in range(1, PASSAGES + 1)}
    while len(texts[key(3)]) < LONG_PARAGRAPH:
        texts[key(3)] += " " + writer.sentence()
    texts[key(4)] += f" {LONG_WORD} {LONGEST_WORD}."
    texts[key(5)] = "Ohne Leerzeichen. " + "日本と露西亜の間の条約は長い。" * 400
    return texts | {f"caption-{n}": f"Caption {n}: {writer.sentence()}" for n in range(CAPTIONS)}


def _about(writer: _Writer, source: str, texts: dict[str, str]) -> str:
    aliases = "\n".join(
        f"{_toml(f'Name {n} {writer.words[n]}')} = [{_toml(f'Alias{n}')}, {_toml(f'{writer.odd()} other {n}')}]"
        for n in range(60)
    )
    prints = "\n".join(f'{passage} = "{fingerprint(text)}"' for passage, text in texts.items())
    return f"""title = {_toml(LONG_TITLE)}
short_title = {_toml("Huge " + " ".join(NASTY) + " words" * 40)}
author = {_toml(" ".join(NASTY) * 3)}
publisher = {_toml("Press " * 200)}
date = "1855/2022"
date_note = {_toml(writer.paragraph(100))}
language = "en"
rights = {_toml(writer.paragraph(400))}

[aliases]
{aliases}

{_background(writer)}
[source]
sha256 = "{sha256(source.encode()).hexdigest()}"
[source.passages]
{prints}
"""


def _passages(writer: _Writer) -> str:
    made = []
    for number in range(1, PASSAGES + 1):
        if number % 20 == 1:
            made.append(f"# Section {number} {writer.odd()} {LONG_TITLE if number == 21 else ''}\n")
        title = LONG_TITLE if number == 5 else f"Title {number} {writer.odd()} {writer.odd()}"
        role = LONG_TITLE if number == 6 else f"role {writer.odd()}"
        made.append(f"## {number}. {title} {{#{key(number)}}}\nRole: {role}\n\n{_account(writer, number)}\n")
        made.append(f"Sources: {writer.paragraph(400 if number == 7 else 20)}\n")
        if number == 8:
            made += [
                f"### Caption {n} {writer.odd()} {{#caption-{n}}}\n\n{writer.paragraph(40)}\n" for n in range(CAPTIONS)
            ]
    return "\n".join(made)


def _account(writer: _Writer, number: int) -> str:
    if number == 3:
        return "Long: " + " ".join(writer.sentence() for _ in range(LONG_PARAGRAPH // 80))
    if number == 4:
        return f"Words {LONG_WORD} {'日本と露西亜。' * 500} {LONGEST_WORD} end."
    if number == 9:
        return "\n".join(f"- {writer.sentence(3)}" for _ in range(400))
    if number == 10:
        return "👩‍👩‍👧‍👦" * 900 + "e" + "\u0301" * 500 + " " + "🇯🇵🇷🇺" * 600
    return writer.paragraph(WORDS // PASSAGES)


def _summary(writer: _Writer) -> str:
    short = "\n\n".join(f"{writer.paragraph(60)} {{{_keys(writer)}}}" for _ in range(3))
    long = "\n\n".join(f"{writer.paragraph(45)} {{{_keys(writer)}}}" for _ in range(150))
    everything = " ".join(map(key, range(1, PASSAGES + 1)))
    return f"## short\n\n{short}\n\n## long\n\n{long}\n\nAll of it says so. {{{everything}}}\n"


def _quotes(texts: dict[str, str]) -> str:
    """Brief quotations, from the middle of their passage."""
    made = []
    for number, odd in zip(range(21, 31), NASTY, strict=False):
        words = _toml(" ".join(texts[key(number)].split()[5:20]))
        speaker = _toml(f"the article {odd} " * (20 if number == 25 else 1))
        made.append(f"[[quote]]\nwords = {words}\npassage = {_toml(key(number))}\nspeaker = {speaker}\n")
    return "\n".join(made)


def _event(writer: _Writer, number: int) -> str:
    text = _toml(f"Event {number}: {writer.sentence(10 if number % 50 else 600)}")
    year = 1700 + number
    if number % 3 == 0:
        source = _toml(f"Annals {writer.odd()} " * (60 if number == 30 else 1))
        return f'[[event]]\ndate = "{year}-05-06"\ntext = {text}\nsource = {source}\nsource_date = "1990"\n'
    stated = _toml(f"the time of {writer.odd()} " * (40 if number == 31 else 1))
    date = f'date = "{year}"\n' if number % 3 == 1 else ""
    return f"[[event]]\n{date}stated = {stated}\ntext = {text}\npassage = {_toml(key(number + 1))}\n"


def _questions(writer: _Writer) -> str:
    asked = [f"{n}. Why {writer.paragraph(30)[:-1]}? {{{_keys(writer)}}}" for n in range(1, QUESTIONS)]
    everything = " ".join(map(key, range(1, PASSAGES + 1)))
    return "\n".join([*asked, f"{QUESTIONS}. What of all? {{{everything}}}"])


def _topic(writer: _Writer, number: int) -> str:
    title = f"{LONG_TITLE} {number}" if number % 40 == 3 else f"Topic {number} {writer.odd()} {writer.odd()}"
    aliases = [f"alias {number} {n} {writer.odd()}" for n in range(40 if number == 12 else 2)]
    picture = "" if number % 10 else _picture(writer, long=number % 20 == 0)
    points = "\n\n".join(f"{writer.paragraph(40)} {{{_keys(writer)}}}" for _ in range(60 if number == 11 else 3))
    native = str(number < NATIVE).lower()
    return f"""+++
title = {_toml(title)}
aliases = [{", ".join(map(_toml, aliases))}]
native = {native}
{picture}
{_background(writer)}
+++

{points}
"""


def _picture(writer: _Writer, *, long: bool) -> str:
    alt = _toml(writer.paragraph(900 if long else 30))
    source = _toml("A map by somebody " * (80 if long else 1))
    return f'[picture]\nfile = "map.png"\nalt = {alt}\nsource = {source}\ndate = "2024"\n'


def _background(writer: _Writer) -> str:
    source = _toml(f"Source {writer.odd()} " * writer.random.choice((1, 1, 1, 90)))
    text = _toml(writer.paragraph(30))
    return f'[[background]]\ntext = {text}\nsource = {source}\ndate = "2014"\n'


def _keys(writer: _Writer) -> str:
    return " ".join(key(number) for number in writer.random.sample(range(1, PASSAGES + 1), k=3))


def _toml(text: str) -> str:
    return json.dumps(text.strip(), ensure_ascii=False)
