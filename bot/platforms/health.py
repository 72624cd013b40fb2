"""How each platform is doing, for `/healthz` and the log."""

import logging
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.backfill import Progress
from bot.logs import event
from bot.times import now, stamp
from bot.values import value


class State(StrEnum):
    """CONNECTING at first; CONNECTED; AWAY when it will be tried again; REFUSED when somebody must do something."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    AWAY = "away"
    REFUSED = "refused"


@value
class Standing:
    """A platform's state, since when, and the reason in words."""

    state: State
    since: datetime
    reason: str = ""


class Health:
    """The state of every platform that is switched on, by name."""

    def __init__(self) -> None:
        self._standings: dict[str, Standing] = {}
        self._backfills: dict[str, Progress] = {}

    def set(self, platform: str, state: State, reason: str = "") -> None:
        """Note a state; a change is logged."""
        before = self._standings.get(platform)
        if before is None or (before.state, before.reason) != (state, reason):
            self._standings[platform] = Standing(state, now(), reason)
            level = logging.ERROR if state is State.REFUSED else logging.INFO
            event("platform", level=level, name=platform, state=state.value, reason=reason or "none")

    def set_backfill(self, platform: str, progress: Progress) -> None:
        """Note how far reading back is there."""
        self._backfills[platform] = progress

    @property
    def backfills(self) -> dict[str, dict[str, int]]:
        """How far reading back is, by platform: places to read, done, failed, and messages read."""
        return {name: asdict(one) for name, one in self._backfills.items()}

    def of(self, platform: str) -> Standing | None:
        """The platform's standing, or None when it is off."""
        return self._standings.get(platform)

    @property
    def well(self) -> bool:
        """Whether every platform that is switched on is connected."""
        return all(standing.state is State.CONNECTED for standing in self._standings.values())

    def as_json(self) -> dict[str, Any]:
        """`{"status": "ok" or "degraded", "platforms": {name: {"state", "since", "reason"}}, "backfill": ...}`.

        Times are in UTC; `backfill` has each platform's places to read, those done and failed, and the messages read.
        """
        platforms = {
            name: {"state": one.state.value, "since": stamp(one.since), "reason": one.reason}
            for name, one in self._standings.items()
        }
        return {"status": "ok" if self.well else "degraded", "platforms": platforms, "backfill": self.backfills}
