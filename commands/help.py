"""/readalong help: every command with what it does, or one command with its options."""

from collections.abc import Iterable

from bot.command import Command, command
from bot.errors import BotError
from bot.nearest import nearest_name
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.words import Words, literal, markdown

READING, DISCUSSIONS, BOT = "The reading", "The discussions", "You and this bot"
_ABOUT = dict.fromkeys(
    ("ask", "check", "passage", "questions", "quote", "readings", "summary", "timeline", "topics", "use"), READING
) | dict.fromkeys(
    (
        "cold", "coverage", "digest", "discuss", "export", "find", "mine", "plan", "remarks", "save", "saved",
        "schedule", "unsave",
    ),
    DISCUSSIONS,
)  # fmt: skip
ANYWHERE = "In a thread, or where a name is taken, `/readalong` takes any line: `/readalong quote 3`."
FEWEST_TAKEN = 50  # commands that every platform takes of one app
NOT_ALL = (
    "There are more of these than a platform takes as commands of their own: Slack takes 50, Discord 100. The others "
    "answer to `/readalong` and their name, or `/topics` and their name; `/topics` lists them all."
)


@command(example="/help quote", native=False, private=True)
async def help_(request: Request, about: str = "") -> Reply:
    """Every command with what it does, or one with its options.

    Args:
        about: a command's name.
    """
    commands = request.registry.commands
    if not about:
        return _all(request)
    name = about.removeprefix("/").casefold()
    if name in commands:
        return _one(commands[name])
    nearest = nearest_name(name, commands)
    hint = f"Did you mean `/{nearest}`?" if nearest else "`/readalong help` lists them all."
    target = f"/help about:{nearest}" if nearest else "/help"
    raise BotError(f"There is no command “{literal(about)}”. {hint}", line=target, label=nearest or "Show the commands")


def _all(request: Request) -> Reply:
    shown = [one for one in request.registry.natives if one.moderators <= request.person.moderator]
    topics = [one for one in shown if one.topic]
    parts = [
        Note(markdown("\n".join(map(_line, commands))), heading=heading)
        for heading, commands in _grouped(shown).items()
    ]
    if topics:
        parts.append(Note(_listed(topics), heading="Topics"))
        parts += [Note(markdown(NOT_ALL))] if len(shown) > FEWEST_TAKEN else []
    parts.append(Note(markdown(ANYWHERE), heading="Anywhere"))
    buttons = (Button("Summary", "/summary"), Button("Topics", "/topics"), Button("About", "/about"))
    return Reply("Commands", tuple(parts), buttons=buttons, private=True)


def _grouped(commands: Iterable[Command]) -> dict[str, list[Command]]:
    """The commands that are no topics, under what they are about."""
    groups: dict[str, list[Command]] = {READING: [], DISCUSSIONS: [], BOT: []}
    for one in commands:
        if not one.topic:
            groups[_ABOUT.get(one.name, BOT)].append(one)
    return {heading: found for heading, found in groups.items() if found}


def _listed(commands: Iterable[Command]) -> Words:
    return markdown("\n".join(map(_line, commands)))


def _line(one: Command) -> str:
    called = f"/{one.name} {one.usage}".strip()
    return f"- `{called}` {literal(one.description) if one.topic else one.description}"


def _one(one: Command) -> Reply:
    options = "\n".join(
        f"- `{option.name}` {option.description}" + ("" if option.required else " May be left out.")
        for option in one.options
    )
    who = " For moderators." if one.moderators else ""
    parts = [
        Note(markdown(f"{literal(one.description)}{who}")),
        Note(markdown(options)),
        Note(markdown(f"Example: `{one.example}`")),
    ]
    if not one.options:
        del parts[1]
    run = () if one.moderators else (Button("Run the example", one.example),)
    return Reply(f"/{one.name} {one.usage}".strip(), tuple(parts), buttons=run, private=True)
