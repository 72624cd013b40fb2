import re
import tomllib
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

from bot.config import CLONE, Config, load, load_what_is_right
from bot.errors import BotError, Mistakes
from bot.tables import Table, is_table, kinds, read_table

EXAMPLE = CLONE / "config.example.toml"


def write(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def mistakes(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(Mistakes) as raised:
        load(write(folder, text), environ=environ or {})
    return [f"{mistake.line}: {mistake.words}" for mistake in raised.value.found]


def keys(model: type[Table], before: str = "") -> set[str]:
    found: set[str] = set()
    for name, kind in kinds(model).items():
        if is_table(kind):
            found |= keys(kind, f"{before}{name}.")
        else:
            found.add(f"{before}{name}")
    return found


def test_the_example_holds_every_key_with_its_default_and_a_line_on_what_it_does(tmp_path: Path) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    given = [re.sub(r"^# (?=\w+ = )", "", line) for line in lines]
    table = tomllib.loads("\n".join(given))
    flat = {f"{name}.{key}" for name, part in table.items() if isinstance(part, dict) for key in part}
    flat |= {name for name, part in table.items() if not isinstance(part, dict)}

    assert flat == keys(Config)
    assert read_table(Config, table) == (Config(), [])
    for before, line in pairwise(lines):
        if re.match(r"# \w+ = ", line):
            assert re.match(r"# [A-Z].*\.$", before), f"no line on what this does: {line}"


def test_without_a_file_the_defaults_hold_and_the_clone_has_the_readings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = load(None, environ={})

    assert config.readings.path == CLONE / "content"
    assert config.archive.path == tmp_path / "readalong.db"


def test_paths_start_at_the_configurations_folder(tmp_path: Path) -> None:
    config = load(write(tmp_path, '[readings]\npath = "texts"\n[archive]\npath = "a/b.db"\n'), environ={})

    assert config.readings.path == tmp_path / "texts"
    assert config.archive.path == tmp_path / "a" / "b.db"


def test_the_environment_names_the_file_and_its_tokens_win(tmp_path: Path) -> None:
    file = write(tmp_path, '[discord]\ntoken = "from-the-file"\n')
    config = load(None, environ={"READALONG_CONFIG": str(file), "DISCORD_TOKEN": "from-the-environment"})

    assert config.discord.token.get_secret_value() == "from-the-environment"


def test_every_mistake_is_told_at_once_with_its_key_and_line(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        'log_level = "loud"\n'
        "[discrod]\n"
        'token = "x"\n'
        "[web]\n"
        'port = "abc"\n'
        "public_port = 70000\n"
        "[slack]\n"
        'prefix = "Not OK!"\n'
        'bot_tokn = "x"\n'
        "[moderators]\n"
        'discord_permission = "be_nice"\n',
    )

    assert [line.split(":")[0] for line in found] == ["1", "2", "5", "6", "8", "9", "11"]
    assert "log_level" in found[0]
    assert "did you mean `discord`" in found[1]
    assert "bot_token" in found[5]


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    assert mistakes(tmp_path, 'log_level = "info"\n[web\n')[0].startswith("2:")


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(Mistakes, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml", environ={})


def test_a_token_never_shows_in_a_repr_or_a_mistake(tmp_path: Path) -> None:
    secret = "xoxb-very-secret"
    config = load(None, environ={"SLACK_BOT_TOKEN": secret, "SLACK_APP_TOKEN": "xapp-secret", "DISCORD_TOKEN": secret})

    assert secret not in repr(config) + str(config) + format(asdict(config))
    assert set(config.secrets) == {secret, "xapp-secret"}
    found = mistakes(tmp_path, f'[slack]\nbot_token = ["{secret}"]\napp_token = 5\nprefix = "!"\n')
    assert len(found) == 3
    assert secret not in " ".join(found)


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
    ],
)
def test_half_of_slacks_tokens_is_a_sentence_that_names_the_other_half(
    tmp_path: Path, environ: dict[str, str], names: str
) -> None:
    with pytest.raises(BotError, match=names):
        load(write(tmp_path, ""), environ=environ)


def test_what_is_right_in_a_file_counts_beside_everything_that_is_wrong(tmp_path: Path) -> None:
    text = (
        'log_level = "loud"\n[archive]\npath = "here.db"\n[web]\nport = "x"\nhost = "::1"\n[discrod]\n'
        '[moderators]\ndiscord_roles = ["Elders", 5]\nslack_people = ["U1"]\n[slack]\nbot_token = "xoxb-1"\n'
    )
    loaded = load_what_is_right(write(tmp_path, text), {"DISCORD_TOKEN": "token"})

    assert [mistake.line for mistake in loaded.mistakes] == [1, 5, 7, 9]
    assert "SLACK_APP_TOKEN" in loaded.lacking
    assert loaded.config.archive.path == tmp_path / "here.db"
    assert (loaded.config.web.host, loaded.config.web.port) == ("::1", 8080)
    assert (loaded.config.moderators.discord_roles, loaded.config.moderators.slack_people) == ((), ("U1",))
    assert loaded.config.discord.token.get_secret_value() == "token"


@pytest.mark.parametrize("text", ["web = 5\n", "[web\n", "= 5", "[[web]]\nport = 5\n"])
def test_a_file_with_nothing_right_in_it_is_the_defaults(tmp_path: Path, text: str) -> None:
    loaded = load_what_is_right(write(tmp_path, text), {})

    assert loaded.mistakes
    assert loaded.config.web == Config().web
