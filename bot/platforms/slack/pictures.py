"""Pictures on Slack: each file is uploaded once for a workspace, and shown by its id ever after.

A chart is shown a few times and never again, so the ids of the last ones alone are remembered, while the bot runs.
"""

import asyncio
import logging
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.archive.settings import Settings
from bot.cutting import clip_units
from bot.logs import event
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.refusals import reason_of
from bot.readings.model import Picture
from bot.reply import Chart

SECONDS_TO_UPLOAD = 10.0
MOST_CHARTS = 32
LONGEST_ALT = 1000  # https://docs.slack.dev/reference/methods/files.getUploadURLExternal


class Pictures:
    """The ids of uploaded pictures, kept in the settings of the workspace under the fingerprint of the file.

    An upload that takes too long is given up, so that nothing else has to wait for it.
    """

    def __init__(self, client: AsyncWebClient, settings: Settings, team: str) -> None:
        self._client = client
        self._settings = settings
        self._team = team
        self._charts: dict[str, str] = {}
        self._one_at_a_time = asyncio.Lock()
        self._fresh: set[str] = set()

    async def prepare(self, pictures: Iterable[Picture]) -> None:
        """Upload what is not there yet: Slack takes some seconds before it shows a new file."""
        for picture in pictures:
            await self.ids(picture)

    async def ids(self, picture: Picture | Chart | None) -> dict[str, str]:
        """The picture's name and id, as `render` takes them; nothing when it can't be had."""
        if picture is None:
            return {}
        try:
            async with asyncio.timeout(SECONDS_TO_UPLOAD), self._one_at_a_time:
                return {picture.name: await self._id(picture)}
        except Exception as error:  # noqa: BLE001 - a picture that can't be shown has words
            event("slack.picture_failed", level=logging.WARNING, file=picture.name, reason=reason_of(error))
            return {}

    async def forget(self, picture: Picture | Chart) -> None:
        """Slack would not show it: upload it anew next time, unless it is so new that Slack is not done with it."""
        name = _name(await asyncio.to_thread(picture.read))
        if name in self._fresh:
            self._fresh.discard(name)
        elif isinstance(picture, Chart):
            self._charts.pop(name, None)
        else:
            await self._settings.set(PLATFORM, self._team, "", name, "")

    async def is_fresh(self, picture: Picture | Chart) -> bool:
        """Whether it was uploaded just now, so that Slack may not be done with it."""
        return _name(await asyncio.to_thread(picture.read)) in self._fresh

    async def _id(self, picture: Picture | Chart) -> str:
        data = await asyncio.to_thread(picture.read)
        name = _name(data)
        kept = self._charts.get(name) or self._settings.get(PLATFORM, self._team, "", name)
        if kept:
            return kept
        title, alt = Path(picture.name).stem, clip_units(picture.alt, LONGEST_ALT)
        uploaded = await self._client.files_upload_v2(file=data, filename=picture.name, title=title, alt_txt=alt)
        made = str(uploaded["file"]["id"])
        if isinstance(picture, Chart):
            self._charts = dict([*self._charts.items(), (name, made)][-MOST_CHARTS:])
        else:
            await self._settings.set(PLATFORM, self._team, "", name, made)
        self._fresh.add(name)
        return made


def _name(data: bytes) -> str:
    return f"picture:{sha256(data).hexdigest()[:16]}"
