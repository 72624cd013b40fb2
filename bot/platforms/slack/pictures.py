"""Pictures on Slack: each file is uploaded once for a workspace, and shown by its id ever after."""

import asyncio
import logging
from collections.abc import Iterable
from hashlib import sha256

from slack_sdk.web.async_client import AsyncWebClient

from bot.archive.settings import Settings
from bot.cutting import clip_units
from bot.logs import event
from bot.platforms.slack.incoming import PLATFORM
from bot.platforms.slack.refusals import reason_of
from bot.readings.model import Picture

LONGEST_ALT = 1000  # https://docs.slack.dev/reference/methods/files.getUploadURLExternal


class Pictures:
    """The ids of uploaded pictures, kept in the settings of the workspace under the fingerprint of the file."""

    def __init__(self, client: AsyncWebClient, settings: Settings, team: str) -> None:
        self._client = client
        self._settings = settings
        self._team = team
        self._one_at_a_time = asyncio.Lock()
        self._fresh: set[str] = set()

    async def prepare(self, pictures: Iterable[Picture]) -> None:
        """Upload what is not there yet: Slack takes some seconds before it shows a new file."""
        for picture in pictures:
            await self.ids(picture)

    async def ids(self, picture: Picture | None) -> dict[str, str]:
        """The picture's file name and id, as `render` takes them; nothing when it can't be had."""
        if picture is None:
            return {}
        try:
            async with self._one_at_a_time:
                return {picture.file.name: await self._id(picture)}
        except Exception as error:  # noqa: BLE001 - a picture that can't be shown has words
            event("slack.picture_failed", level=logging.WARNING, file=picture.file.name, reason=reason_of(error))
            return {}

    async def forget(self, picture: Picture) -> None:
        """Slack would not show it: upload it anew next time, unless it is so new that Slack is not done with it."""
        name = _name(await asyncio.to_thread(picture.file.read_bytes))
        if name in self._fresh:
            self._fresh.discard(name)
        else:
            await self._settings.set(PLATFORM, self._team, "", name, "")

    async def _id(self, picture: Picture) -> str:
        data = await asyncio.to_thread(picture.file.read_bytes)
        name = _name(data)
        kept = self._settings.get(PLATFORM, self._team, "", name)
        if kept:
            return kept
        uploaded = await self._client.files_upload_v2(
            file=data, filename=picture.file.name, title=picture.file.stem, alt_txt=clip_units(picture.alt, LONGEST_ALT)
        )
        made = str(uploaded["file"]["id"])
        await self._settings.set(PLATFORM, self._team, "", name, made)
        self._fresh.add(name)
        return made


def _name(data: bytes) -> str:
    return f"picture:{sha256(data).hexdigest()[:16]}"
