"""What happens in the channels of a workspace, told the same way by every platform. Times are aware of their zone."""

from collections.abc import Mapping
from datetime import datetime

from bot.asker import Place
from bot.values import value


@value
class Author:
    """Who wrote or did something, by the platform's id; `bot` marks programs. A name that was not told is empty."""

    id: str
    name: str
    bot: bool = False


@value
class Attachment:
    """A file beside a message: never its contents. `kind` is its media type, `bytes` its size."""

    id: str
    name: str
    kind: str
    bytes: int
    url: str


@value
class Said:
    """A message as it stood at one moment: when it was written (`at`), or after an edit (`edited`).

    `id` is the platform's. `answers` is the id of the message that it answers, or empty; `ours` marks the bot's own.
    """

    place: Place
    id: str
    author: Author
    words: str
    at: datetime
    edited: datetime | None = None
    answers: str = ""
    attachments: tuple[Attachment, ...] = ()
    ours: bool = False


@value
class Unsaid:
    """A message was deleted, at the moment `gone`. `at` is when it was written, which its id tells."""

    place: Place
    id: str
    at: datetime
    gone: datetime


@value
class Reacted:
    """Somebody put a reaction on a message (`on`) or took it off, at the moment `when`. `at` is the message's.

    `written_by` is the id of who wrote the message, or empty where it is not told.
    """

    place: Place
    id: str
    at: datetime
    author: Author
    emoji: str
    on: bool
    when: datetime
    written_by: str = ""


@value
class Counted:
    """How many reactions of each kind a message has now; those not named it has no longer.

    With `emoji`, that kind alone is told of.
    """

    place: Place
    id: str
    at: datetime
    counts: Mapping[str, int]
    when: datetime
    emoji: str = ""


@value
class Changed:
    """What a channel, or the thread that `place` names, is called now, and whether it is archived or gone.

    `name` is empty where it is not told. `archived` is since when it is archived, `opened` says that it is not; where
    neither is told, that stays as it was. With `gone`, everything in it was deleted at that moment.
    """

    place: Place
    name: str = ""
    archived: datetime | None = None
    gone: datetime | None = None
    opened: bool = False


MessageEvent = Said | Unsaid
Event = MessageEvent | Reacted | Counted | Changed
