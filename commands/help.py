"""/readalong help: every command with what it does, or one command with its options."""

from bot.command import Command, command
from bot.errors import BotError
from bot.nearest import nearest_name
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.words import literal, markdown

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
    lines = "\n".join(f"- `{f'/{one.name} {one.usage}'.strip()}` {one.description}" for one in shown if not one.topic)
    parts = [
        Note(markdown(lines)),
        Note(markdown("\n".join(f"- `/{one.name}` {literal(one.description)}" for one in topics)), heading="Topics"),
        Note(markdown("In a thread, or where a name is taken, `/readalong` takes any line: `/readalong quote 3`."),
             heading="Anywhere"),
    ]  # fmt: skip
    if not topics:
        del parts[1]
    elif len(shown) > FEWEST_TAKEN:
        parts.insert(2, Note(markdown(NOT_ALL)))
    buttons = (Button("Summary", "/summary"), Button("Topics", "/topics"), Button("About", "/about"))
    return Reply("Commands", tuple(parts), buttons=buttons, private=True)


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
