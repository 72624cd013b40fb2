"""Digests that the configuration asks for."""

from datetime import time
from pathlib import Path

from bot import app
from bot.archive.schedules import Schedule, Schedules
from bot.asker import Place
from bot.config import Config, load
from bot.digest.configured import schedules_of
from tests.conftest import Bot

DAILY = '[[digest.daily]]\nplatform = "discord"\nworkspace = "1"\nchannel = "{channel}"\nat = "{at}"\n{more}\n'


def configured(config: Config, folder: Path, *daily: str) -> Config:
    """The configuration with these tables as well."""
    file = folder / "digests.toml"
    text = (folder / "config.toml").read_text(encoding="utf-8")
    file.write_text(f'zone = "Europe/Berlin"\n{text}\n{"".join(daily)}', encoding="utf-8")
    return load(file, environ={})


async def start(config: Config, schedules: Schedules) -> dict[str, Schedule]:
    """What `readalong run` does with them at its start; gives what is on, by channel."""
    await schedules.configure(schedules_of(config))
    return {one.place.channel: one for one in schedules.on("discord")}


async def test_they_are_set_up_kept_changed_and_stopped_with_the_file(config: Config, tmp_path: Path) -> None:
    first = DAILY.format(channel="10", at="09:00", more='days = "mon-fri"\nzone = "Asia/Tokyo"\ntell = "U9"')
    second = DAILY.format(channel="11", at="18:30", more='covers = "channel"')
    other = DAILY.format(channel="11", at="19:00", more="")
    async with app.assembled(config) as answering:
        schedules = answering.archive.schedules
        there = await start(configured(config, tmp_path, first, second), schedules)
        again = await start(configured(config, tmp_path, first, other), schedules)
        none = await start(configured(config, tmp_path), schedules)

    tokyo, berlin = there["10"], there["11"]
    assert (tokyo.at, tokyo.zone, tokyo.days, tokyo.made_by) == (time(9), "Asia/Tokyo", frozenset(range(5)), "U9")
    assert (berlin.at, berlin.zone, len(berlin.days), berlin.covers) == (time(18, 30), "Europe/Berlin", 7, "11")
    assert again["10"] == tokyo
    assert (again["11"].at, again["11"].covers) == (time(19), "group")
    assert none == {}


async def test_a_moderator_sees_them_and_is_told_where_they_are_changed(
    bot: Bot, config: Config, tmp_path: Path
) -> None:
    table = DAILY.format(channel="10", at="09:00", more="")
    await start(configured(config, tmp_path, table), bot.answering.archive.schedules)
    moderator = bot.as_moderator()
    listed = await moderator.say("/schedule list")
    stopped = await moderator.say("/schedule stop")
    changed = await moderator.say("/schedule digest at:10")

    assert "It stands in config.toml." in listed.plain()
    assert "every day at 09:00, Europe/Berlin" in listed.plain()
    for refused in (stopped, changed):
        assert refused.refused
        assert "stands in config.toml" in refused.plain()
    assert bot.answering.archive.schedules.of(Place("discord", "1", "10")) is not None
