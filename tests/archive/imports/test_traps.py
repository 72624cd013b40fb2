"""What is odd about each format, one by one."""

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.archive.database import connect
from bot.archive.imports import running
from bot.archive.imports.running import Choices
from bot.archive.imports.undoing import brought, undo
from bot.errors import BotError
from tests.archive.imports.importing import SAMPLES, bring_in, everything, is_whole, rows
from tests.archive.imports.made_up import discord_json, discord_message, slack_message, slack_zip, slackdump_lines

DCE = next(SAMPLES.glob("dce/*.json"))
DCE_CSV = next(SAMPLES.glob("dce/*.csv"))
TEXTS = "SELECT text FROM messages ORDER BY id"
WHERE = (
    "SELECT c.platform_id, c.name, ifnull(t.platform_id, ''), ifnull(t.title, ''), ifnull(t.private, 0) "
    "FROM messages m JOIN channels c ON c.id = m.channel LEFT JOIN threads t ON t.id = m.thread ORDER BY m.id"
)


def test_slack_replies_on_later_days_and_broadcasts_stand_in_their_thread(tmp_path: Path) -> None:
    root = slack_message(0, "Does 1956 bind?", thread_ts="1700000000.000100", reply_count=2)
    late = slack_message(1500, "late", thread_ts="1700000000.000100", subtype="thread_broadcast", root=root)
    file = slack_zip(tmp_path / "a.zip", [root], more={"general/2023-11-15.json": json.dumps([late])})
    bring_in(tmp_path / "a.db", file)

    assert rows(tmp_path / "a.db", WHERE) == [("C1", "general", "1700000000.000100", "Does 1956 bind?", 0)] * 2


def test_slack_bots_without_a_user_escapes_and_mentions(tmp_path: Path) -> None:
    text = "&lt;b&gt; <@U1> <#C2|other> <https://x.y|here> <!here>"
    messages = [
        slack_message(0, text), {**slack_message(1, "beep", bot_id="B1", username="Clock"), "user": None},
        slack_message(2, "topic", subtype="channel_topic"), {**slack_message(3), "user": ""},
    ]  # fmt: skip
    (outcome,) = bring_in(tmp_path / "a.db", slack_zip(tmp_path / "a.zip", messages))

    assert rows(tmp_path / "a.db", TEXTS) == [("<b> @person1 #other here (https://x.y) @here",), ("beep",)]
    assert rows(tmp_path / "a.db", "SELECT name FROM people WHERE bot = 1") == [("Clock",)]
    assert [(one.where, one.why) for one in outcome.bad] == [
        ("general/2023-11-14.json, record 4", "a message without an author")
    ]


def test_a_slack_folder_unpacked_is_the_same_as_its_zip(tmp_path: Path) -> None:
    folder = tmp_path / "export" / "general"
    folder.mkdir(parents=True)
    (folder.parent / "channels.json").write_text('[{"id": "C1", "name": "general"}]')
    (folder / "2023-11-14.json").write_text(json.dumps([slack_message(0, team="T1")]))
    bring_in(tmp_path / "a.db", folder.parent)
    (outcome,) = bring_in(tmp_path / "a.db", slack_zip(tmp_path / "a.zip", [slack_message(0), slack_message(1)]))

    assert (outcome.counts.new, outcome.counts.same) == (1, 1)


def test_slackdump_lines_in_any_order_and_the_newest_chunk_of_a_message(tmp_path: Path) -> None:
    old, new = slack_message(0, "old"), slack_message(0, "new <@U1>", edited={"ts": "1700000900.000000"})
    users = {"t": 3, "u": [{"id": "U1", "team_id": "T1", "profile": {"display_name": "Mina"}}]}
    lines = [{"t": 0, "id": "C1", "m": [new]}, {"t": 0, "id": "C1", "m": [old]}, users]
    bring_in(tmp_path / "a.db", slackdump_lines(tmp_path / "C1.json.gz", lines))

    assert rows(tmp_path / "a.db", TEXTS) == [("new @Mina",)]
    assert rows(tmp_path / "a.db", "SELECT text FROM revisions") == [("old",)]


def test_a_gzip_that_is_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    lines = [{"t": 0, "id": "C1", "m": [slack_message(n, f"{n} {'treaty ' * 50}")]} for n in range(2000)]
    packed = gzip.compress("\n".join(map(json.dumps, lines)).encode())
    (tmp_path / "C1.json.gz").write_bytes(packed[: len(packed) // 2])
    (outcome,) = bring_in(tmp_path / "a.db", tmp_path / "C1.json.gz")

    assert outcome.counts.new > 500
    assert any("damaged" in one.why for one in outcome.bad)


def test_in_a_thread_of_discord_the_category_is_its_channel(tmp_path: Path) -> None:
    for kind, private in (("GuildPublicThread", 0), ("GuildPrivateThread", 1), (11, 0), (12, 1)):
        file = discord_json(tmp_path / "a.json", [discord_message(0)], id="77", type=kind, name="1956")
        database = tmp_path / f"{kind}.db"
        bring_in(database, file)

        assert rows(database, WHERE) == [("9", "Rooms", "77", "1956", private)]


def test_what_is_no_speech_on_discord_is_left_out_by_name_or_number(tmp_path: Path) -> None:
    kinds = ["Default", "Reply", 0, 19, 20, "ChannelPinnedMessage", 7, 46, 99, "GuildMemberJoin"]
    file = discord_json(tmp_path / "a.json", [discord_message(n, type=kind) for n, kind in enumerate(kinds)])
    (outcome,) = bring_in(tmp_path / "a.db", file)

    assert (outcome.counts.new, sum(outcome.counts.left_out.values())) == (6, 4)


def test_a_discord_export_that_was_killed_gives_what_is_whole(tmp_path: Path) -> None:
    file = discord_json(tmp_path / "a.json", [discord_message(n) for n in range(50)])
    whole = file.read_text("utf-8")
    file.write_text(whole[: whole.index("message 30")], "utf-8")
    (outcome,) = bring_in(tmp_path / "a.db", file)

    assert outcome.counts.new == 30
    assert [(one.where, one.why) for one in outcome.bad] == [("a.json, record 31", "the file is cut off in it")]


def test_discord_mentions_are_ids_and_a_programs_embeds_its_words(tmp_path: Path) -> None:
    person = {"id": "501", "name": "jun", "nickname": "Jun K"}
    embeds = [{"title": "Digest", "description": "of the day", "fields": [{"name": "a", "value": "b"}]}]
    bot = {"id": "9", "name": "bot", "isBot": True}
    messages = [
        discord_message(0, "hi @Jun K", mentions=[person]),
        {**discord_message(1, author=bot, embeds=embeds), "content": ""},
    ]
    bring_in(tmp_path / "a.db", discord_json(tmp_path / "a.json", messages))

    assert rows(tmp_path / "a.db", TEXTS) == [("hi <@501>",), ("Digest\nof the day\na\nb",)]


def test_rows_without_an_id_are_the_messages_of_their_author_minute_and_text(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    both = bring_in(database, DCE_CSV, DCE)

    assert [one.kind for one in both] == ["DiscordChatExporter JSON", "DiscordChatExporter CSV"]
    assert (both[1].counts.new, both[1].counts.changed, both[1].counts.same) == (0, 0, 3)


def test_two_rows_of_the_same_words_in_a_minute_are_two_messages(tmp_path: Path) -> None:
    file = tmp_path / "Study - kurils [20].csv"
    row = '"500","Mina","2023-11-14T22:15:00+00:00","ok","",""\n'
    file.write_text(f"AuthorID,Author,Date,Content,Attachments,Reactions\n{row * 2}")
    (first,) = bring_in(tmp_path / "a.db", file)
    (second,) = bring_in(tmp_path / "a.db", file)

    assert (first.counts.new, second.counts.new, second.counts.same) == (2, 0, 2)


def test_a_tracker_newer_than_11_is_refused_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a.dht"
    file.write_bytes((SAMPLES / "dht" / "study.dht").read_bytes())
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE metadata SET value = '12'")
        db.commit()

    with pytest.raises(BotError, match=r"version 12 .* up to 11 can be read"):
        bring_in(tmp_path / "a.db", file)


def test_an_older_tracker_with_other_names_of_tables_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.dht"
    with closing(sqlite3.connect(file)) as db:
        db.executescript("""
            CREATE TABLE metadata (key, value); INSERT INTO metadata VALUES ('version', '2');
            CREATE TABLE users (id, name); INSERT INTO users VALUES (5, 'mina');
            CREATE TABLE servers (id, name, type); INSERT INTO servers VALUES (1, 'Study', 'SERVER'), (2, 'x', 'DM');
            CREATE TABLE channels (id, server, name); INSERT INTO channels VALUES (20, 1, 'kurils'), (21, 2, 'jun');
            CREATE TABLE messages (message_id, sender_id, channel_id, text, timestamp);
            INSERT INTO messages VALUES (100, 5, 20, 'treaty', 1700000000123), (101, 5, 21, 'secret', 1700000000123);
            CREATE TABLE edit_timestamps (message_id, edit_timestamp);
            INSERT INTO edit_timestamps VALUES (100, 1700000060000);
            CREATE TABLE attachments (message_id, attachment_id, name, type, url, size);
            INSERT INTO attachments VALUES (100, 7, 'a.png', 'image/png', 'https://x.y/a.png', 3);
        """)
        db.commit()
    (outcome,) = bring_in(tmp_path / "a.db", file)

    assert (outcome.counts.new, outcome.counts.left_out) == (1, {"in direct conversations": 1})
    assert rows(tmp_path / "a.db", "SELECT text, edited_at FROM messages") == [("treaty", "2023-11-14T22:14:20.000Z")]
    assert rows(tmp_path / "a.db", "SELECT name FROM attachments") == [("a.png",)]


def test_exports_of_the_same_thread_are_one_and_undo_takes_what_one_alone_brought(tmp_path: Path) -> None:

    database = tmp_path / "a.db"
    bring_in(database, DCE, SAMPLES / "dht" / "study.dht", SAMPLES / "discord_package" / "package.zip")
    with closing(connect(database)) as db:
        assert [(one.id, one.messages) for one in brought(db)] == [(1, 3), (2, 2), (3, 1)]

    assert undo(database, 1)[1:] == (1, 2)
    assert undo(database, 2)[1:] == (1, 1)
    assert undo(database, 3)[1:] == (1, 0)
    assert is_whole(database)
    for table in ("messages", "threads", "channels", "people", "workspaces", "imported", "imports", "reactions"):
        assert rows(database, f"SELECT count(*) FROM {table}") == [(0,)], table  # noqa: S608 - our own names


def test_direct_conversations_come_in_only_when_asked_for(tmp_path: Path) -> None:
    bring_in(tmp_path / "a.db", SAMPLES / "slack_export.zip", choices=Choices(direct=True))

    assert ("hi",) in rows(tmp_path / "a.db", TEXTS)
    assert rows(tmp_path / "a.db", "SELECT platform_id FROM channels WHERE direct = 1") == [("D01AB",)]


def test_a_large_import_is_indexed_as_a_small_one(tmp_path: Path) -> None:
    messages = [slack_message(n, f"treaty {n} 平和条約") for n in range(3000)]
    bring_in(tmp_path / "a.db", slack_zip(tmp_path / "a.zip", messages))
    before = everything(tmp_path / "a.db")
    (again,) = bring_in(tmp_path / "a.db", slack_zip(tmp_path / "a.zip", messages[::-1]))

    assert is_whole(tmp_path / "a.db")
    assert again.counts.new == 0
    assert len(everything(tmp_path / "a.db")) - len(before) in range(3000, 3100)  # the other zip has them too
    assert rows(tmp_path / "a.db", "SELECT count(*) FROM messages_fts WHERE messages_fts MATCH 'treaty'") == [(3000,)]


def test_reactions_go_in_with_their_message_wherever_a_transaction_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 2)
    reactions = [{"name": name, "users": ["U1"], "count": 3} for name in ("+1", "wave", "eyes")]
    bring_in(
        tmp_path / "a.db", slack_zip(tmp_path / "a.zip", [slack_message(n, reactions=reactions) for n in range(3)])
    )

    assert rows(tmp_path / "a.db", "SELECT count(*), sum(people) FROM reactions") == [(18, 27)]


def test_a_spoilt_row_of_a_csv_costs_no_other(tmp_path: Path) -> None:
    good = [f'"5","Mina","2023-11-14T22:1{n}:00+00:00","said\n""{n}"",","",""\n' for n in range(4)]
    spoilt = good[1].replace('","",""', "")
    file = tmp_path / "Study - kurils [20].csv"
    header = "\ufeffAuthorID,Author,Date,Content,Attachments,Reactions\n"
    file.write_text(header + good[0] + spoilt + good[2] + '"7","x","never","no","",""\n' + good[3], "utf-8")
    (outcome,) = bring_in(tmp_path / "a.db", file)

    texts = [text for (text,) in rows(tmp_path / "a.db", TEXTS)]
    assert {'said\n"0",', 'said\n"2",', 'said\n"3",'} <= set(texts)
    assert [(one.where.partition(", ")[2], one.why) for one in outcome.bad] == [
        ("row 5", "its date can't be read (never)")
    ]


def test_a_list_that_is_never_closed_does_not_swallow_what_follows(tmp_path: Path) -> None:
    file = discord_json(tmp_path / "a.json", [discord_message(n) for n in range(5)])
    whole = file.read_text("utf-8")
    at = whole.index('"mentions": []', whole.index("message 2"))
    spoilt = whole[:at] + '"mentions": [{' + whole[at + len('"mentions": []') :]
    file.write_text(spoilt.replace('"mentions": [{\n    },', '"mentions": [{},', 1), "utf-8")
    (outcome,) = bring_in(tmp_path / "a.db", file)

    assert outcome.counts.new == 5
    assert outcome.bad
