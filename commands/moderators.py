"""/moderators: who is one and why, and what moderators did lately."""

from collections.abc import Iterator

from bot.archive.audit import Act
from bot.asker import Place
from bot.command import command
from bot.cutting import clip
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
    acts = request.archive.audit.latest(place, MOST) if request.person.moderator and place.workspace else []
    if request.person.moderator:
        parts += _log(request, place, acts)
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


def _log(request: Request, place: Place, acts: list[Act]) -> Iterator[Part]:
    names = request.archive.audit.names(place, {act.who for act in acts})
    if not acts:
        yield Note(verbatim("No moderator has changed anything here yet."), heading="What they did")
        return
    yield Note(verbatim(f"The last {len(acts)}, newest first."), heading="What they did")
    for act in acts:
        who = names.get(act.who) or act.who or "A member"
        did = ACTS.get(act.did, act.did)
        yield Note(verbatim(f"{say_moment(act.at, request.zone)}: {clip(who, 60)} {did} ({clip(act.about, 40)})."))
