from pathlib import Path

import commands
from bot.readings.library import Library
from bot.registry import Registry
from tests.readings.packs import write_pack

NATIVE = """+++
title = "{title}"
native = true
+++

Something that the reading says. {{{key}}}
"""


def test_a_native_topic_named_like_a_command_stays_reachable_as_a_topic_alone(tmp_path: Path) -> None:
    key = Library.load(_with_topic(tmp_path, "plain", "first")).readings["harbour"].passages[0].key
    library = Library.load(_with_topic(tmp_path, "quote", key))
    registry = Registry.of(commands, library)

    assert library.mistakes == {}
    assert registry.clashes == ("quote",)
    assert not registry.commands["quote"].topic


def test_ours_come_first_and_topics_last_so_that_a_cap_leaves_topics_out(tmp_path: Path) -> None:
    key = Library.load(_with_topic(tmp_path, "plain", "first")).readings["harbour"].passages[0].key
    names = [command.name for command in Registry.of(commands, Library.load(_with_topic(tmp_path, "aaa", key))).natives]

    assert names[-2:] == ["aaa", "herring"]
    assert names[:-2] == sorted(names[:-2])
    assert "help" not in names


def _with_topic(folder: Path, name: str, key: str) -> Path:
    pack = folder / name
    write_pack(pack)
    if key != "first":
        (pack / "harbour" / "topics" / f"{name}.md").write_text(
            NATIVE.format(title=f"Topic {name}", key=key), encoding="utf-8"
        )
    return pack
