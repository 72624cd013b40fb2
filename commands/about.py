"""/about: what this bot is, what it holds, and what it keeps."""

from bot.cards import background_parts
from bot.command import command
from bot.readings.model import Reading
from bot.reply import Button, Note, Part, Reply
from bot.request import Request
from bot.times import say_date
from bot.words import markdown, verbatim

WHO = "Readalong holds the text that a study group is reading, and answers from it."
VOICES = (
    "Three voices are kept apart. What **the reading** says carries its passage, such as ¶3. **Background** is known "
    "from elsewhere and names its source. What a **member** said carries a name, a day and a link."
)
KEEPS = (
    "It keeps which reading each channel uses, and the id of whoever chose with `/settings` to see answers alone, "
    "until they choose otherwise. For 30 days it keeps what stands behind some buttons: a line too long for a button, "
    "which may be a long question as typed, and the id of whom a button works for. The local page keeps what is "
    "written on it."
)
SAVES = (
    "Of what people say it saves only the threads opened with `/discuss`, the threads and channels that moderators "
    "marked, and single remarks that members saved: with author, time, edits, deletion and reactions. It says so "
    "there. Whoever can read it there can find it again, and nobody else. Direct messages are never saved. "
    "`/privacy` shows what is saved of you, and `/privacy out` keeps you out of it."
)


@command(example="/about", private=True)
async def about(request: Request) -> Reply:
    """What this bot is, what it holds and what it keeps."""
    reading = request.reading
    parts: tuple[Part, ...] = (
        Note(markdown(WHO)),
        Note(markdown(VOICES)),
        Note(markdown(SAVES), heading="What it saves"),
        Note(markdown(KEEPS), heading="What else it keeps"),
        Note(verbatim(about_reading(reading)), heading="In use in this channel"),
        Note(verbatim(reading.rights)),
        *background_parts(reading.background),
    )
    buttons = (Button("Commands", "/help"), Button("Readings", "/readings"), Button("Summary", "/summary"))
    return Reply("About Readalong", parts, reading.short_title, buttons=buttons, private=True)


def about_reading(reading: Reading) -> str:
    """Which text it is: its title, author, publisher and date."""
    author = "author unknown" if reading.author == "unknown" else f"by {reading.author}"
    inferred = f" {reading.date_note}" if reading.date_note else ""
    return f"“{reading.title}”, {author}, {reading.publisher}, {say_date(reading.date)}.{inferred}"
