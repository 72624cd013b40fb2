"""Who asks, and where. Plain values, the same on every platform."""

from dataclasses import field

from bot.values import value


@value
class Person:
    """Somebody on a platform. `moderator` was decided by the platform's own rule at the moment of asking."""

    id: str
    name: str
    moderator: bool = False


@value
class Place:
    """A channel, and the thread in it if there is one. `direct` is a conversation with the bot alone.

    `private` marks a thread that not everybody in its channel can read; it is the same place with or without it.
    """

    platform: str
    workspace: str
    channel: str
    thread: str = ""
    direct: bool = False
    private: bool = field(default=False, compare=False)
