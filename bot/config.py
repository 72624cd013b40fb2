"""The configuration: config.toml and the environment, checked; every mistake is reported at once, with key and line.

Tokens are secret values: they appear in no repr, no log and no mistake. Tokens in the environment win over the file.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import BotError, Mistake, Mistakes
from bot.secret import SecretStr
from bot.tables import Must, Table, between, matching, not_empty
from bot.toml_file import read_what_is_right
from bot.values import named_value, value
from bot.weekdays import days_called

CLONE = Path(__file__).parent.parent
FILE = "config.toml"
NO_SECRET = SecretStr("")
TOKENS = {
    "DISCORD_TOKEN": ("discord", "token"),
    "SLACK_BOT_TOKEN": ("slack", "bot_token"),
    "SLACK_APP_TOKEN": ("slack", "app_token"),
    "SLACK_SIGNING_SECRET": ("slack", "signing_secret"),
}

Port = Annotated[int, between(0, 65535)]
Permission = Literal[
    "manage_messages", "manage_threads", "manage_channels", "manage_guild", "moderate_members", "administrator"
]


@named_value
class Discord(Table):
    """How to reach Discord. Without a token it is off."""

    token: SecretStr = NO_SECRET
    api_url: Annotated[str, matching(r"^(https?://\S+)?$")] = ""
    gateway_url: Annotated[str, matching(r"^(wss?://\S+)?$")] = ""


@named_value
class Slack(Table):
    """How to reach Slack. With an app token it runs in Socket Mode, with a signing secret alone over HTTP."""

    bot_token: SecretStr = NO_SECRET
    app_token: SecretStr = NO_SECRET
    signing_secret: SecretStr = NO_SECRET
    api_url: Annotated[str, matching(r"^(https?://\S+/)?$")] = ""
    prefix: Annotated[str, matching(r"^[a-z0-9_-]{0,12}$")] = ""


@named_value
class Archive(Table):
    """Where the database is. A relative path starts at the configuration's folder."""

    path: Path = Path("readalong.db")


@named_value
class Readings(Table):
    """Where the readings are, and which one a channel has until a moderator chooses."""

    path: Path = Path("content")
    default: str = "japan-russia-2016"


@named_value
class Moderators(Table):
    """Who is a moderator."""

    discord_permission: Permission = "manage_messages"
    discord_roles: tuple[str, ...] = ()
    slack_people: tuple[str, ...] = ()


@named_value
class Web(Table):
    """The servers. `port` is for the operator and the local page, `public_port` for Slack in HTTP mode."""

    host: Annotated[str, not_empty] = "127.0.0.1"
    port: Port = 8080
    local_page: bool = False
    public_port: Port = 8081


@named_value
class Replies(Table):
    """How replies behave."""

    cooldown: Annotated[float, between(0, 3600)] = 5.0


def _is_zone(value: str, _: Any) -> str:
    try:
        return ZoneInfo(value).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise Must("must be the name of a time zone, such as Asia/Tokyo") from None


def _is_time(value: str, _: Any) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise Must("must be a time of day, such as 09:00")
    return value


def _are_days(value: str, _: Any) -> str:
    if days_called(value) is None:
        raise Must("must be days of the week, such as mon-fri or sat, sun")
    return value


Zone = Annotated[str, _is_zone]


@named_value
class Daily(Table):
    """A digest that is posted by itself. Without `zone` it is the group's; `tell` is who hears of failures."""

    platform: Literal["discord", "slack", "web"]
    workspace: Annotated[str, not_empty]
    channel: Annotated[str, not_empty]
    at: Annotated[str, _is_time]
    days: Annotated[str, _are_days] = "mon-sun"
    zone: Zone | None = None
    covers: Literal["group", "channel"] = "group"
    tell: str = ""


@named_value
class DigestSettings(Table):
    """Digests that are posted by themselves, beside those of `/schedule`."""

    daily: tuple[Daily, ...] = ()


@named_value
class Config(Table):
    """The whole configuration. Paths are absolute once it is loaded."""

    log_level: Literal["info", "warning", "error"] = "info"
    discord: Discord = Discord()
    slack: Slack = Slack()
    archive: Archive = Archive()
    readings: Readings = Readings()
    moderators: Moderators = Moderators()
    web: Web = Web()
    replies: Replies = Replies()
    digest: DigestSettings = DigestSettings()
    zone: Zone = "UTC"

    @property
    def local_page(self) -> bool:
        """Whether the local page is served: when it is switched on, and when there is no token for anything else."""
        return self.web.local_page or not self.secrets

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every token given, to be kept out of logs."""
        slack = self.slack
        given = (self.discord.token, slack.bot_token, slack.app_token, slack.signing_secret)
        return tuple(secret.get_secret_value() for secret in given if secret.get_secret_value())


@value
class Loaded:
    """The configuration, with the default in place of what is wrong; `file` is None where none is used."""

    config: Config
    file: Path | None
    mistakes: tuple[Mistake, ...]
    lacking: str


def load(named: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration of the named file, else of READALONG_CONFIG, else of ./config.toml, else the defaults.

    Raises Mistakes with everything that is wrong in the file, BotError when half of Slack's tokens are missing.
    """
    loaded = load_what_is_right(named, environ)
    if loaded.mistakes:
        raise Mistakes(list(loaded.mistakes))
    if loaded.lacking:
        raise BotError(loaded.lacking)
    return loaded.config


def load_what_is_right(named: Path | None = None, environ: Mapping[str, str] = os.environ) -> Loaded:
    """The configuration as `load` finds it, as far as it is right. Raises nothing."""
    chosen = named or (Path(environ["READALONG_CONFIG"]) if environ.get("READALONG_CONFIG") else None)
    file = chosen or Path(FILE)
    used = bool(chosen) or file.exists()
    config, mistakes = read_what_is_right(file, Config) if used else (Config(), [])
    config = _with_tokens(config, environ)
    lacking = _lacking(config.slack)
    config = _with_absolute_paths(config, file.resolve().parent)
    return Loaded(config, file if used else None, tuple(mistakes), lacking)


def _with_tokens(config: Config, environ: Mapping[str, str]) -> Config:
    for variable, (section, key) in TOKENS.items():
        if value := environ.get(variable, "").strip():
            changed: Any = replace(getattr(config, section), **{key: SecretStr(value)})
            config = replace(config, **{section: changed})
    return config


def _lacking(slack: Slack) -> str:
    """Which of Slack's tokens is missing beside those that are there, in words; empty when none is."""
    bot, app, signing = (bool(s.get_secret_value()) for s in (slack.bot_token, slack.app_token, slack.signing_secret))
    if (app or signing) and not bot:
        return "Slack needs SLACK_BOT_TOKEN (or [slack] bot_token) too."
    if bot and not (app or signing):
        return "Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) too, or their keys in [slack]."
    return ""


def _with_absolute_paths(config: Config, folder: Path) -> Config:
    content = folder if "path" in config.readings.given else CLONE
    readings = replace(config.readings, path=content / config.readings.path)
    archive = replace(config.archive, path=folder / config.archive.path)
    return replace(config, readings=readings, archive=archive)
