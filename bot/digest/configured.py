"""The digests that the configuration asks for, as schedules."""

from datetime import time

from bot.archive.schedules import Schedule
from bot.asker import Place
from bot.config import Config
from bot.weekdays import days_called


def schedules_of(config: Config) -> list[Schedule]:
    """One for each `[[digest.daily]]`; of two for one destination the last."""
    made = {}
    for one in config.digest.daily:
        place = Place(one.platform, one.workspace, one.channel)
        days = days_called(one.days) or frozenset()
        zone = one.zone or config.zone
        covers = one.channel if one.covers == "channel" else one.covers
        made[place] = Schedule(place, time.fromisoformat(one.at), zone, days, covers, "config", one.tell)
    return list(made.values())
