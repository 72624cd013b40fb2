"""Whatever bytes an export holds, the import ends, and every record that was not touched goes in."""

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from bot.archive.database import Database, connect
from bot.archive.events import Said
from bot.archive.imports.formats import recognised
from bot.archive.imports.known import Archived
from bot.archive.imports.records import Bad, Record, Wanted
from bot.archive.imports.sources import Source, Unreadable
from bot.archive.tables import Tables
from tests.archive.imports.importing import SAMPLES, bring_in, is_whole, rows
from tests.archive.imports.made_up import discord_json, discord_message, slack_message, slack_zip

MUTATIONS = int(os.environ.get("READALONG_MUTATIONS", "400"))
RECORDS = 12


@pytest.fixture
def known(tmp_path: Path) -> Iterator[Tables]:
    Database.open(tmp_path / "known.db").close()
    with closing(connect(tmp_path / "known.db")) as db:
        yield db


def read(file: Path, known: Tables) -> list[Record]:
    """What the file tells; nothing where it is refused as a whole."""
    try:
        with Source(file).opened() as source:
            return list(recognised(source).read(source, Wanted(Archived(known))))
    except Unreadable:
        return []


def mutated(data: bytes, random: Random) -> bytes:
    """The bytes with a stretch of them changed, taken out, doubled, or replaced by what JSON is made of."""
    at = random.randrange(len(data))
    end = min(at + random.choice((1, 1, 2, 8, 40)), len(data))
    what = random.choice((
        random.randbytes(end - at), b"", data[at:end] * 2, random.choice([b'"', b"{", b"}", b"[", b"]", b"\\", b","]),
        b'{"a":' * 300, b"\xff\xfe", b"9" * 5000, b"null",
    ))  # fmt: skip
    return data[:at] + what + data[end:]


def spans(data: bytes, records: list[bytes]) -> list[tuple[int, int]]:
    """Where each record stands."""
    found, at = [], 0
    for one in records:
        at = data.index(one, at)
        found.append((at, at + len(one)))
        at += len(one)
    return found


@pytest.mark.parametrize("kind", ["slack", "discord"])
def test_a_record_that_was_not_touched_is_never_lost(kind: str, tmp_path: Path, known: Tables) -> None:
    random = Random(f"{kind} {MUTATIONS}")  # noqa: S311 - the same each time
    made = slack_message if kind == "slack" else discord_message
    records = [json.dumps(made(n, f'words of {n} \u2028 <@U1> \\ " {{'), indent=1).encode() for n in range(RECORDS)]
    head = (
        b"["
        if kind == "slack"
        else b'{"guild": {"id": "1"}, "channel": {"id": "20", "type": "GuildTextChat"}, "messages": ['
    )
    tail = b"]" if kind == "slack" else b'], "messageCount": 12}'
    data = head + b",\n".join(records) + tail
    where = spans(data, records)
    for turn in range(MUTATIONS):
        at = random.randrange(len(head), len(data))
        stretch = random.choice((1, 1, 2, 8, 40))
        piece = mutated(data[at : at + stretch], random)
        spoilt = data[:at] + piece + data[at + stretch :]
        untouched = {f"words of {n} " for n, (first, last) in enumerate(where) if last <= at or first >= at + stretch}
        if kind == "slack":
            file = slack_zip(tmp_path / "a.zip", "[]")
            with zipfile.ZipFile(file, "a") as archive:
                archive.writestr("general/2023-11-15.json", spoilt)
        else:
            file = tmp_path / "a.json"
            file.write_bytes(spoilt)
        told = [one for one in read(file, known) if isinstance(one, Said)]
        lost = untouched - {one.words.partition("\u2028")[0] for one in told}
        assert not lost, (turn, spoilt)


@pytest.mark.parametrize("name", sorted(str(one.relative_to(SAMPLES)) for one in SAMPLES.rglob("*") if one.is_file()))
def test_no_mutation_of_a_sample_raises(name: str, tmp_path: Path, known: Tables) -> None:
    random = Random(f"{name} {MUTATIONS}")  # noqa: S311 - the same each time
    data = (SAMPLES / name).read_bytes()
    file = tmp_path / Path(name).name
    for _ in range(max(MUTATIONS // 8, 20)):
        spoilt = data
        for _ in range(random.choice((1, 1, 3, 10))):
            spoilt = mutated(spoilt, random)
        file.write_bytes(spoilt[: random.randrange(len(spoilt))] if random.random() < 0.2 else spoilt)
        read(file, known)


def test_what_a_spoilt_export_tells_can_be_stored(tmp_path: Path) -> None:
    random = Random(MUTATIONS)  # noqa: S311 - the same each time
    database = tmp_path / "a.db"
    sample = json.dumps([discord_message(n) for n in range(RECORDS)])
    for turn in range(max(MUTATIONS // 40, 5)):
        file = discord_json(tmp_path / f"{turn}.json", [])
        whole = file.read_text("utf-8").replace("[]", sample)
        file.write_bytes(mutated(whole.encode(), random))
        try:
            bring_in(database, file)
        except Unreadable:
            continue

    assert is_whole(database)
    assert rows(database, "SELECT count(*) FROM messages")[0][0] >= RECORDS


def test_a_bad_record_is_named_with_its_file_and_position(tmp_path: Path, known: Tables) -> None:
    good = [json.dumps(slack_message(n)) for n in range(3)]
    file = slack_zip(tmp_path / "a.zip", f'[{good[0]}, {{"type": oops}}, {good[1]}, 7, {good[2]}]')

    told = read(file, known)

    assert len([one for one in told if isinstance(one, Said)]) == 3
    assert [(one.where, one.why) for one in told if isinstance(one, Bad)] == [
        ("general/2023-11-14.json, record 2", "no JSON (Expecting value)"),
        ("general/2023-11-14.json, record 4", "no message"),
    ]
