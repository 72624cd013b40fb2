from dataclasses import field
from pathlib import Path
from typing import Annotated, Literal

import pytest

from bot.errors import Mistakes
from bot.secret import SecretStr
from bot.tables import Table, between, not_empty
from bot.toml_file import LARGEST, read_toml
from bot.toml_lines import key_lines
from bot.values import named_value

SECRET = "xoxb-very-secret"
NO_SECRET = SecretStr("")


def is_short(token: SecretStr, _: object) -> SecretStr:
    if len(token.get_secret_value()) > 40:
        raise ValueError(f"{token.get_secret_value()} is too long")
    return token


@named_value
class Door(Table):
    port: Annotated[int, between(1, 65535)] = 8080
    open: bool = True
    token: Annotated[SecretStr, is_short] = NO_SECRET
    spare: tuple[SecretStr, ...] = ()


@named_value
class Event(Table):
    passage: str
    day: Annotated[str, not_empty] = "monday"


@named_value
class House(Table):
    title: str
    colour: Literal["red", "blue"] = "red"
    door: Door = Door()
    event: tuple[Event, ...] = ()
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    height: float | None = None


def mistakes(tmp_path: Path, text: str | bytes) -> list[tuple[int, str]]:
    file = tmp_path / "house.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(Mistakes) as raised:
        read_toml(file, House)
    assert {mistake.file for mistake in raised.value.found} == {file}
    assert raised.value.__context__ is None
    return [(mistake.line, mistake.words) for mistake in raised.value.found]


def test_a_sound_file_becomes_its_model(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_bytes(b'\xef\xbb\xbftitle = "Home"\r\n[door]\r\nport = 1\r\n')

    house = read_toml(file, House)

    assert (house.title, house.door.port) == ("Home", 1)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "`title` is missing"),
        ('# a house\n\ntitel = "Home"\ntitle = "x"', 3, "unknown key `titel`; did you mean `title`?"),
        ('title = "x"\n[door]\nprot = 1', 3, "unknown key `door.prot`; did you mean `port`?"),
        ('title = "x"\nzzzzzz = 1', 2, "unknown key `zzzzzz`"),
        ("title = 2014", 1, "`title` must be words in quotation marks, not 2014"),
        ('title = "x"\ndoor.port = "abc"', 2, '`door.port` must be a whole number, not "abc"'),
        ('title = "x"\ndoor = { open = true,  port = 1.5 }', 2, "`door.port` must be a whole number, not 1.5"),
        ('title = "x"\n[door]\n\nport = 70000', 4, "`door.port` must be 65535 or less, not 70000"),
        ('title = "x"\n[door]\nopen = "perhaps"', 3, '`door.open` must be true or false, not "perhaps"'),
        ('title = "x"\nevent = 3', 2, "`event` must be a list in square brackets"),
        ('title = "x"\ndoor = true', 2, "`door` must be a table"),
        ('title = "x"\nheight = [1]', 2, "`height` must be a number, not a list"),
        ('title = "x"\ncolour = "green"', 2, "`colour` must be 'red' or 'blue', not \"green\""),
        ('title = "x"\n[[event]]\npassage = "a"\n\n[[event]]\nday = "b"', 5, "`event[1].passage` is missing"),
        ('title = "x"\n[[event]]\npassage = "a"\nday = ""', 4, "`event[0].day` must not be empty"),
        ('title = "x"\n[names]\n"Old House" = ["a",\n  "b",\n  3]', 5, '`names."Old House"[2]` must be words'),
        ('title = """\nport = 1\n[door]\n"""\ndoor.prot = 1', 5, "unknown key `door.prot`"),
        ("title = 'a # b'\n[door]\n'port' = [ # ]\n]", 3, "`door.port` must be a whole number, not a list"),
    ],
)
def test_a_mistake_names_its_key_its_line_and_what_would_be_right(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    [(found_line, found)] = mistakes(tmp_path, text)

    assert (found_line, words in found) == (line, True), found


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('title = "x"\ncolour = red', 2, "words need quotation marks"),
        ('title = "x"\n\ntitle = "y"', 3, "given twice"),
        ('title = "x\ncolour = "red"', 1, "before its quotation mark is closed"),
        ('title = "x"\njust words', 2, "write this line as `key = value`"),
        ('title = "x"\nnames = [1,\n2\n', 3, "never closed"),
        (f"title = {'9' * 5000}", 1, "this is not TOML"),
        (f"title = {'[' * 20_000}", 1, "nested too deeply"),
        (b'title = "x"\ncolour = "\xff\xfe"', 2, "this line is not UTF-8 text"),
        ("#" * (LARGEST + 1), 1, "larger than 5 MB"),
    ],
)
def test_a_file_that_is_no_toml_has_one_mistake_with_its_line(
    tmp_path: Path, text: str | bytes, line: int, words: str
) -> None:
    [(found_line, found)] = mistakes(tmp_path, text)

    assert (found_line, words in found) == (line, True), found


def test_a_missing_file_and_a_folder_are_mistakes(tmp_path: Path) -> None:
    for file, words in ((tmp_path / "none.toml", "this file is missing"), (tmp_path, "can't be read")):
        with pytest.raises(Mistakes) as raised:
            read_toml(file, House)

        [mistake] = raised.value.found
        assert (mistake.file, mistake.line) == (file, 1)
        assert words in mistake.words


def test_every_mistake_is_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = 'colour = 1\ndoor.port = "x"\nzzz = 1\n[[event]]\n[[event]]\npassage = 2\nfoo = 3'

    found = mistakes(tmp_path, text)

    assert [line for line, _ in found] == [1, 1, 2, 3, 4, 6, 7]


def test_text_that_is_given_is_read_and_the_file_only_named(tmp_path: Path) -> None:
    with pytest.raises(Mistakes) as raised:
        read_toml(tmp_path / "topic.md", House, text="\n\ntitle = 3")

    [mistake] = raised.value.found
    assert (mistake.file.name, mistake.line) == ("topic.md", 3)


@pytest.mark.parametrize(
    "text",
    [
        f'[door]\ntoken = ["{SECRET}"]',
        f'[door]\ntokn = "{SECRET}"',
        f'door = "{SECRET}"',
        f'[dooor]\ntoken = "{SECRET}"',
        f'[door]\ntoken = {{ value = "{SECRET}" }}',
        f'[door]\nspare = "{SECRET}"',
        f'[door]\nspare = ["a", 5, ["{SECRET}"]]',
        f'[door]\ntoken = "{SECRET * 3}"',
        f"[door]\ntoken = {SECRET}",
        f'[door]\ntoken = "{SECRET}\n',
        f'[[door]]\ntoken = "{SECRET}"',
        f'[door]\ntoken = "{SECRET}"\nport = "{SECRET}"',
    ],
)
def test_a_secret_value_is_in_no_mistake(tmp_path: Path, text: str) -> None:
    found = mistakes(tmp_path, f'title = "x"\n{text}')

    assert found
    assert SECRET not in str(found)


def test_the_line_of_every_key_is_known() -> None:
    text = (
        "[[a]]\nb.c = 1\n[a.d]\ne = '''\n[x]\n'''\n[[a]]\n\"f.g\" = [{ h = 1 }, # }]\n  { i = [1, 2] }]\n"
        '[a.d]\ne = """a""""\n[ x . "y\\u0041" ]\nz = 1979-05-27T07:32:00Z\n'
    )

    lines = key_lines(text)

    assert lines == {
        ("a",): 1, ("a", 0): 1, ("a", 0, "b"): 2, ("a", 0, "b", "c"): 2, ("a", 0, "d"): 3, ("a", 0, "d", "e"): 4,
        ("a", 1): 7, ("a", 1, "f.g"): 8, ("a", 1, "f.g", 0): 8, ("a", 1, "f.g", 0, "h"): 8, ("a", 1, "f.g", 1): 9,
        ("a", 1, "f.g", 1, "i"): 9, ("a", 1, "f.g", 1, "i", 0): 9, ("a", 1, "f.g", 1, "i", 1): 9, ("a", 1, "d"): 10,
        ("a", 1, "d", "e"): 11, ("x",): 12, ("x", "yA"): 12, ("x", "yA", "z"): 13,
    }  # fmt: skip
