"""/moderators: who is one and why, and what moderators did lately."""

from collections.abc import Iterator, Mapping

from bot.archive.audit import Act
from bot.asker import Place
from bot.command import command
from bot.cutting import clip
from bot.errors import BotError
from bot.reply import Button, Note, Part, Reply
from bot.request import Request
from bot.times import say_moment
from bot.words import literal, markdown, verbatim

MOST = 20
ACTS = {
    "save": "had a discussion or channel saved",
    "unsave": "had a discussion or channel saved no longer",
    "post digest": "posted a digest",
    "schedule digest": "scheduled a digest",
    "stop digest": "stopped a scheduled digest",
    "plan": "changed a plan",
    "use": "chose a reading",
}
MAY = "They choose the reading, have discussions saved, plan what is read, and post digests. They read nothing more."


@command(example="/moderators", private=True)
async def moderators(request: Request) -> Reply:
    """Who is a moderator here and why, and what they did lately."""
    place = request.place
    if not place.direct:
        place = await request.venues.workspace_of(request.person, place)
    you = "You are one." if request.person.moderator else "You are not one."
    rule = markdown(f"{' '.join(_rules(request, place))} {you}\n\n{MAY}")
    parts: list[Part] = [Note(rule, heading="Who is a moderator")]
    if request.person.moderator:
        parts += await _log(request, place)
    return Reply("Moderators", tuple(parts), buttons=(Button("About Readalong", "/about"),), private=True)


def _rules(request: Request, place: Place) -> Iterator[str]:
    rules = request.moderators
    match place.platform:
        case "discord":
            permission = rules.discord_permission.replace("_", " ").title()
            roles = ", ".join(f"“{literal(clip(role, 60))}”" for role in rules.discord_roles[:10])
            named = f", or a role called {roles}" if roles else ""
            yield f"On Discord, whoever has the permission *{permission}*{named}."
        case "slack":
            people = len(rules.slack_people)
            named = f", and {people} named by whoever runs this bot" if people else ""
            yield f"On Slack, the workspace's admins and owners{named}."
        case "web":
            yield "On the local page, whoever plays one."
        case _:
            yield "In a terminal, whoever started it as one."


async def _log(request: Request, place: Place) -> list[Part]:
    """What moderators did lately, as far as the asker can read where they did it."""
    heading = "What they did"
    acts: list[Act] = []
    if place.workspace:
        try:
            readable = await request.venues.readable(request.person, place)
        except BotError as error:
            return [Note(markdown(error.words), heading=heading)]
        acts = request.archive.audit.latest(place, readable, MOST)
    if not acts:
        return [Note(verbatim("No moderator has changed anything that you can read here yet."), heading=heading)]
    names = request.archive.audit.names(place, {act.who for act in acts})
    told = [Note(verbatim(f"The last {len(acts)} where you can read, newest first."), heading=heading)]
    return [*told, *(_act(act, names, request.zone) for act in acts)]


def _act(act: Act, names: Mapping[str, str], zone: str) -> Note:
    who, did = names.get(act.who) or act.who or "A member", ACTS.get(act.did, act.did)
    return Note(verbatim(f"{say_moment(act.at, zone)}: {clip(who, 60)} {did} ({clip(act.about, 40)})."))
