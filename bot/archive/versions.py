"""What the archive holds of one message, whatever the order in which the platform told it. Pure.

A message is the set of its versions, each at its moment: the newest is the text, the earlier ones are revisions. A
deletion takes them all, for good. So the same events, once or five times, in any order, leave the same message.
"""

from collections.abc import Mapping
from dataclasses import field, replace

from bot.archive.events import MessageEvent, Said, Unsaid
from bot.times import stamp
from bot.values import value


@value
class Message:
    """One message: its texts, each by its moment as ISO 8601 in UTC.

    `told_at` is the moment of the newest telling, empty while nothing but its end is known; `told` is that telling
    where it is not stored yet.
    """

    written_at: str
    texts: Mapping[str, str] = field(default_factory=dict)
    told_at: str = ""
    told: Said | None = None
    deleted_at: str = ""

    @property
    def standing(self) -> tuple[str, str]:
        """The text as it stands, and when it got that by an edit; both may be empty."""
        if not self.texts:
            return "", ""
        newest = max(self.texts)
        return self.texts[newest], newest if newest > self.written_at else ""

    @property
    def revisions(self) -> dict[str, str]:
        """The earlier texts by their moments, in order."""
        if len(self.texts) < 2:
            return {}
        return {moment: self.texts[moment] for moment in sorted(self.texts)[:-1]}


def after(message: Message | None, event: MessageEvent) -> Message:
    """The message once this event is known too."""
    if message is None and isinstance(event, Said):
        return _first(event)
    known = message or Message(stamp(event.at))
    if isinstance(event, Unsaid):
        gone = stamp(event.gone)
        return replace(known, texts={}, deleted_at=min(known.deleted_at or gone, gone))
    moment = stamp(event.edited or event.at)
    if moment >= known.told_at:
        known = replace(known, told_at=moment, told=event)
    return known if known.deleted_at else replace(known, texts=_collapsed({**known.texts, moment: event.words}))


def _first(said: Said) -> Message:
    written_at = stamp(said.at)
    moment = stamp(said.edited) if said.edited else written_at
    return Message(written_at, {moment: said.words}, moment, said)


def _collapsed(texts: Mapping[str, str]) -> dict[str, str]:
    """The versions in order, without those that change no text: a preview of a link is no edit."""
    kept: dict[str, str] = {}
    last: str | None = None
    for moment in sorted(texts):
        if texts[moment] != last:
            kept[moment] = last = texts[moment]
    return kept
