"""What the doctor says of the readings."""

from pathlib import Path

import commands
from bot.config import Config, Readings
from bot.doctor.content import SHOWN, content
from bot.doctor.finding import Finding, State
from bot.readings.library import Library
from bot.registry import Registry


def found(readings: Readings, library: Library) -> list[Finding]:
    return list(content(readings, library, Registry.of(commands, library)))


def default(readings: Readings, library: Library) -> Finding:
    return next(one for one in found(readings, library) if one.subject == "default")


def test_whether_the_groups_copy_is_attached_is_said(config: Config) -> None:
    words = {one.subject: one.words for one in found(config.readings, Library.load(config.readings.path))}

    assert words["kuril-question"].endswith("the group's copy is attached")
    assert "readalong readings attach japan-russia-2016 FILE" in words["japan-russia-2016"]


def test_a_picture_that_is_gone_is_told(config: Config) -> None:
    library = Library.load(config.readings.path)
    for picture in config.readings.path.rglob("*.png"):
        picture.unlink()
    missing = [one for one in found(config.readings, library) if one.subject == "pictures"]

    assert missing
    assert all(one.state is State.TO_DO and "No such file" in one.words for one in missing)


def test_the_default_is_to_be_set_where_the_one_that_is_set_is_no_sound_reading(config: Config) -> None:
    library = Library.load(config.readings.path)
    chosen = Readings(path=config.readings.path, default="nothing", given=frozenset({"default"}))
    unset = Readings(path=config.readings.path)
    others = Library({"kuril-question": library.readings["kuril-question"]}, {})

    assert default(unset, library).state is State.OK
    assert default(chosen, library).state is State.TO_DO
    assert default(unset, others).words.endswith("so it is kuril-question")
    assert default(unset, Library({}, {})).state is State.TO_DO


def test_of_very_many_mistakes_the_first_are_shown_and_where_the_others_are(config: Config) -> None:
    folder = config.readings.path / "kuril-question"
    lines = "\n".join(f"odd{number} = 1" for number in range(20))
    about = folder / "reading.toml"
    about.write_text(f"{lines}\n{about.read_text(encoding='utf-8')}", encoding="utf-8")
    told = [one for one in found(config.readings, Library.load(config.readings.path)) if one.subject == folder.name]

    assert len(told) == SHOWN + 2
    assert told[SHOWN].words == "and 15 more mistakes: readalong readings check kuril-question"


def test_an_empty_folder_of_readings_is_told(tmp_path: Path) -> None:
    assert [one.subject for one in found(Readings(path=tmp_path), Library.load(tmp_path)) if one.state is State.TO_DO]
