"""All commands by name, the topics that are commands too, and who may.

The registry is the one place that finds what a line means and refuses what a person may not do; every platform and
every button comes through here.
"""

import pkgutil
import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from importlib import import_module
from types import ModuleType
from typing import Self

from bot.asker import Person
from bot.command import LONGEST, Command, Kind, MessageAction
from bot.cutting import clip
from bot.errors import BotError, Misused, NotAllowed
from bot.grammar import Call, bind, line, parse, split_name, split_page
from bot.nearest import nearest_name
from bot.readings.events import topic_called
from bot.readings.library import Library
from bot.readings.model import Topic
from bot.reply import Reply
from bot.request import Request
from bot.values import value
from bot.words import literal

UMBRELLA = "readalong"
TOPICS = "topics"
UMBRELLAS = re.compile(rf"\A\s*(?:/?{UMBRELLA}\s+)+", re.IGNORECASE)


@value
class Registry:
    """Commands by name. `natives` are those that a platform makes its own; `clashes` names topics that can't be.

    `actions` are what can be done with one message, by name.
    """

    commands: Mapping[str, Command]
    clashes: tuple[str, ...] = ()
    actions: Mapping[str, MessageAction] = field(default_factory=dict)

    @classmethod
    def of(cls, package: ModuleType, library: Library) -> Self:
        """Every Command and MessageAction in a package's modules, and one for each native topic of the readings."""
        values = list(_values_in(package))
        found = {command.name: command for command in values if isinstance(command, Command)}
        topics = _native_topics(library)
        clashes = tuple(sorted(set(topics) & set(found)))
        made = {name: _topic_command(found[TOPICS], topic) for name, topic in topics.items() if name not in found}
        return cls({**found, **made}, clashes, {one.name: one for one in values if isinstance(one, MessageAction)})

    @property
    def natives(self) -> tuple[Command, ...]:
        """The commands for a platform to make its own, by name: topics last, so that a cap leaves those out."""
        ours = [command for command in self.commands.values() if command.native]
        return tuple(sorted(ours, key=lambda command: (command.topic, command.name)))

    def read(self, text: str, request: Request) -> Call:
        """What a typed line means here: a command, or a topic by its name. Raises Misused, with the nearest name."""
        text, page = split_page(text)
        name, rest = split_name(UMBRELLAS.sub(f"/{UMBRELLA} ", text))
        while name == UMBRELLA and rest:
            text = str(parse(self.commands[UMBRELLA], rest).arguments["line"])
            name, rest = split_name(text)
        if command := self.commands.get(name):
            return parse(command, rest, page)
        if topic := _topic_named(text, request):
            return bind(self.commands[TOPICS], {"name": topic}, page)
        raise self._unknown(name, rest, text, request)

    def check_may(self, command: Command, person: Person) -> None:
        """Raises NotAllowed when the command is for moderators and the person is none."""
        if command.moderators and not person.moderator:
            raise NotAllowed(f"Only moderators may use `/{command.name}`. Ask one of them to do it.")

    def _unknown(self, name: str, rest: str, text: str, request: Request) -> BotError:
        if not name:
            return Misused("Type a command, for example `/readalong help`.", line="/help", label="Show the commands")
        names = [*self.commands, *request.reading.topics]
        nearest = nearest_name(name, names)
        words = f"There is no command “/{literal(clip(name, 32))}”."
        if nearest:
            known = self.commands.get(nearest)
            shown = f"/{nearest}" if known and known.native else f"/{UMBRELLA} {nearest}"
            return Misused(f"{words} Did you mean `{shown}`?", line=f"/{nearest} {rest}".rstrip(), label=f"Run {shown}")
        if len(text.split()) > 2 and len(text) <= LONGEST[Kind.PROSE]:
            question = line("ask", question=text)
            return Misused(f"{words} To ask the reading, type `/ask` first.", line=question, label="Ask the reading")
        return Misused(f"{words} `/readalong help` lists them all.", line="/help", label="Show the commands")


def _values_in(package: ModuleType) -> Iterable[object]:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield from vars(import_module(module.name)).values()


def _native_topics(library: Library) -> dict[str, Topic]:
    return {
        name: topic for reading in library.readings.values() for name, topic in reading.topics.items() if topic.native
    }


def _topic_command(topics: Command, topic: Topic) -> Command:
    async def show(request: Request) -> Reply:
        return await topics.function(request, topic.name)

    description = f"{clip(topic.title, 40)}: what the reading says, and what is known from elsewhere."
    return replace(
        topics,
        name=topic.name,
        description=description,
        example=f"/{topic.name}",
        options=(),
        function=show,
        topic=True,
    )


def _topic_named(text: str, request: Request) -> str:
    """The name of the topic that a line names, in the reading in use or else in another; empty when it names none."""
    wanted = text.removeprefix("/")
    for reading in (request.reading, *request.library.readings.values()):
        if topic := topic_called(reading, wanted):
            return topic.name
    return ""
