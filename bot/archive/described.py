"""What each table and column of the database means, for docs/schema.md and for whoever queries it."""

from bot.values import value

ROW = "the row's number; private to this database"
MOMENT = "ISO 8601 in UTC"


@value
class Described:
    """A table in a sentence, and its columns by name."""

    about: str
    columns: dict[str, str]


TABLES = {
    "settings": Described(
        "What was chosen where; the newest choice alone.",
        {
            "platform": "discord, slack, web or terminal",
            "workspace": "the platform's id of the server or workspace; empty where the choice is wider",
            "channel": "the platform's id of the channel; empty where the choice is for the whole workspace",
            "name": "what was chosen: `reading`, a person's `answers:<id>`, or a mark of the bot's own",
            "value": "what it is",
            "changed_at": f"when it was chosen, {MOMENT}",
        },
    ),
    "buttons": Described(
        "Lines that buttons stand for: too long for a button, or good for one press. Kept for 30 days.",
        {
            "key": "what the button carries instead of the line",
            "line": "the command line",
            "once": "1 if it works a single time, for one person, in one channel",
            "platform": "where it was shown",
            "workspace": "the platform's id of the server or workspace where it was shown",
            "channel": "the platform's id of the channel where it was shown",
            "person": "the platform's id of whom it works for; empty if for everybody",
            "made_at": f"when it was shown, {MOMENT}",
            "used_at": f"when it was pressed, {MOMENT}; empty if it was not",
        },
    ),
    "local_messages": Described(
        "What stands on the local page, which is a platform of its own.",
        {
            "id": "counts up; never given again",
            "thread": "the id of the message that opened the thread; 0 outside of threads",
            "channel": "the channel, or `direct:` and a person",
            "person": "who wrote it",
            "how": "said, typed (a line to the bot) or pressed (a button)",
            "words": "the message, the line, or the label of the button",
            "reply": "the bot's reply as JSON; empty where there is none",
            "only_for": "the one person who sees it; empty if everybody does",
            "written_at": f"when, {MOMENT}",
        },
    ),
    "workspaces": Described(
        "Servers on Discord, workspaces on Slack, and `local` for the local page.",
        {
            "id": ROW,
            "platform": "discord, slack or web",
            "platform_id": "the platform's id",
            "name": "its name, if it was told",
            "left_at": f"when the bot was removed from it, {MOMENT}",
            "imported": "1 where all that is known of it was imported, and the bot was never in it",
        },
    ),
    "channels": Described(
        "Channels in which something is saved.",
        {
            "id": ROW,
            "workspace": "its workspace",
            "platform_id": "the platform's id",
            "name": "its name, if it was told",
            "kept_since": f"since when all of it is saved, {MOMENT}; empty if only threads of it are",
            "archived_at": f"when it was archived, {MOMENT}",
            "deleted_at": f"when it was deleted, {MOMENT}; no word of it is kept then",
            "read_back_at": f"when it was last read back, {MOMENT}",
            "read_back_since": f"from when on it was read then; what is older was not looked at again, {MOMENT}",
            "read_due_at": f"since when it is to be read back again, {MOMENT}; empty if it need not be",
            "known_seq": "the highest `saved_seq` when the bot began to listen there; higher ones were heard since",
            "private": "1 if an import told that not everybody in the workspace can read it",
            "direct": "1 for an imported direct conversation, which nobody is shown but the operator",
        },
    ),
    "people": Described(
        "Who wrote or did something that is saved.",
        {
            "id": ROW,
            "workspace": "their workspace: somebody in two of them has two rows",
            "platform_id": "the platform's id",
            "name": "the name that they had last",
            "bot": "1 for a program",
        },
    ),
    "threads": Described(
        "Threads in which something is saved, each anchored to a reading.",
        {
            "id": ROW,
            "workspace": "its workspace",
            "channel": "its channel",
            "platform_id": "the platform's id: of the thread on Discord, of the message that opened it elsewhere",
            "title": "its title",
            "opened_by": "who opened or marked it",
            "opened_at": f"when, {MOMENT}",
            "reading": "the reading that it is about",
            "passage": "the key of the passage that it is about; empty for the whole reading",
            "source_sha256": "the sha256 of the text in which the passage was read; empty if no copy was attached",
            "kept_since": f"since when it is saved, {MOMENT}; empty if it no longer is",
            "archived_at": f"when it was archived, {MOMENT}",
            "deleted_at": f"when it was deleted, {MOMENT}; no word of it is kept then",
            "private": "1 if not everybody in its channel can read it",
            "read_back_at": f"when it was last read back, {MOMENT}",
            "read_back_since": f"from when on it was read then; what is older was not looked at again, {MOMENT}",
            "read_due_at": f"since when it is to be read back again, {MOMENT}; empty if it need not be",
            "known_seq": "the highest `saved_seq` when the bot began to listen there; higher ones were heard since",
        },
    ),
    "messages": Described(
        "The saved messages. One that was deleted keeps its row, without a word.",
        {
            "id": "sorts by time: milliseconds since 1970 times 2^20, and 20 bits of a hash; private to this database",
            "workspace": "its workspace",
            "channel": "its channel",
            "thread": "its thread; empty outside of threads",
            "platform_id": "the platform's id, unique in its channel; on Slack the `ts`, as text",
            "person": "who wrote it; empty while nothing but its end or a reaction to it is known",
            "text": "the text as it stands; empty if it was deleted",
            "search": "the words of it as they are indexed",
            "written_at": f"when it was written, {MOMENT}",
            "edited_at": f"when it got the text that stands, {MOMENT}; empty if it was written so",
            "deleted_at": f"when it was deleted, {MOMENT}",
            "answers": "the platform's id of the message that it answers; empty if none",
            "ours": "1 for the bot's own",
            "saved_seq": "counts up in the order in which messages entered; some numbers are left out",
            "tags": "its workspace, channel, thread and author as words of the index; empty if it was deleted",
        },
    ),
    "revisions": Described(
        "Earlier texts of messages that were edited.",
        {
            "message": "the message",
            "written_at": f"when it got this text, {MOMENT}",
            "text": "the text",
        },
    ),
    "reactions": Described(
        "Reactions to messages: a row for each person who is known, and one for how many others there are.",
        {
            "id": ROW,
            "message": "the message",
            "emoji": "which, as the platform names it",
            "person": "whose; empty for those of whom only the number is known",
            "people": "how many: 1 or 0 for a person",
            "changed_at": f"since when that is so, {MOMENT}",
        },
    ),
    "attachments": Described(
        "Files beside messages: never their contents.",
        {
            "message": "the message",
            "platform_id": "the platform's id",
            "name": "the file's name",
            "kind": "its media type",
            "bytes": "its size",
            "url": "where the platform has it",
        },
    ),
    "coverage": Described(
        "The intervals of time of which nothing is missing, for each saved thread and channel.",
        {
            "id": ROW,
            "channel": "the channel",
            "thread": "the thread; empty for the channel itself",
            "first": f"from when, {MOMENT}",
            "last": f"until when, {MOMENT}",
            "open": "1 while the bot listens there",
        },
    ),
    "remarks": Described(
        "Messages that members saved by themselves, whether or not their thread is saved.",
        {"message": "the message", "person": "who saved it", "saved_at": f"when, {MOMENT}"},
    ),
    "links": Described(
        "Passages of a reading that messages quote word for word.",
        {
            "message": "the message",
            "reading": "the reading",
            "passage": "the key of the passage",
            "words": "what of it is quoted, as printed",
        },
    ),
    "suppressed": Described(
        "Who opted out: nothing of theirs is saved.",
        {
            "who": "a hash of the platform and the person's id",
            "since": f"since when, {MOMENT}",
            "until": f"until when, {MOMENT}, if they opted in again; empty while they are out",
        },
    ),
    "audit": Described(
        "Who did what that changes what is kept or shown; never what was said.",
        {
            "id": ROW,
            "workspace": "in which workspace",
            "who": "the platform's id of the person; empty after they opted out",
            "did": "what, in a word or two",
            "about": "the platform's id of the thread, channel or message",
            "at": f"when, {MOMENT}",
        },
    ),
    "imports": Described(
        "Exports of other programs that were brought in.",
        {
            "id": ROW,
            "name": "the name of the file or folder",
            "kind": "what it was recognised as",
            "sha256": "the sha256 of what was in it: the same export is one import, however often it is run",
            "began_at": f"when it was begun, {MOMENT}",
            "ended_at": f"when it was through, {MOMENT}; empty if it was broken off",
        },
    ),
    "imported": Described(
        "Which import brought which message; none of those that the platform itself told, before or since.",
        {"message": "the message", "import": "the import"},
    ),
    "digests": Described(
        "Daily digests, one for each destination and local date: posted, or why not. None of their words.",
        {
            "id": ROW,
            "workspace": "the destination's workspace",
            "channel": "the platform's id of the destination's channel",
            "thread": "the platform's id of the destination's thread; empty outside of threads",
            "date": "the local date that it is for, such as `2026-11-09`",
            "zone": "the IANA zone of that date",
            "covers": "`group`, or the platform's id of the one channel that it tells of",
            "state": "asked, claimed, posted, skipped or failed",
            "why": "why it was skipped or failed",
            "due_at": f"when it was due, {MOMENT}",
            "settled_at": f"when it was posted, skipped or failed, {MOMENT}",
            "mark": "what marks the post, so that it is found after a crash",
            "message": "the platform's id of the post",
            "left_out": "what a moderator left out: `t` and a thread's row, `m` and a message's `saved_seq`",
            "posted_by": "the platform's id of the moderator who posted it; empty for a scheduled one",
            "holder": "which process has claimed it",
            "lease_until": f"until when no other process may take it over, {MOMENT}",
            "since_seq": "the `saved_seq` after which its messages begin; empty for one that read none",
            "until_seq": "the last `saved_seq` of its messages",
            "since_at": f"where its range of time begins, {MOMENT}",
            "until_at": f"where its range of time ends, {MOMENT}",
        },
    ),
    "schedules": Described(
        "When digests are due: a time of day in a zone, for one destination each.",
        {
            "id": ROW,
            "workspace": "the destination's workspace",
            "channel": "the platform's id of the destination's channel",
            "thread": "the platform's id of the destination's thread; empty outside of threads",
            "at": "the time on the clock, such as `09:00`",
            "zone": "the IANA zone of that clock",
            "days": "the days of the week, such as `mon,tue,wed`",
            "covers": "as in `digests`",
            "origin": "`command` or `config`",
            "made_by": "the platform's id of who made it, who is told when it fails",
            "made_at": f"since when it stands as it does, {MOMENT}",
            "told": "the last failure that was told; empty after a success",
            "stopped_at": f"since when it is off, {MOMENT}; empty while it is on",
        },
    ),
    "plans": Described(
        "Which passages a group reads when.",
        {
            "id": ROW,
            "workspace": "its workspace",
            "channel": "the platform's id of the channel whose plan it is",
            "reading": "the reading",
            "name": "what it was called: `week 2`, or a date",
            "first": "its first local date",
            "last": "its last local date",
            "passages": "the keys of the passages, parted by commas",
            "made_by": "the platform's id of who set it",
            "made_at": f"when it was set, {MOMENT}",
        },
    ),
    "scrubs": Described(
        "One row: whether the search index holds words that are in no message any more.",
        {
            "wanted": "how often messages lost their words",
            "done": "up to which of these the index was scrubbed",
        },
    ),
    "erasures": Described(
        "Whose erasure was begun and is not done yet: it is taken up again at the next start.",
        {
            "platform": "the platform",
            "person": "the platform's id of the person",
            "at": f"up to when they are erased, {MOMENT}",
        },
    ),
}


def as_markdown() -> str:
    """A section for each table, a row for each column."""
    return "\n\n".join(_section(name, table) for name, table in TABLES.items())


def _section(name: str, table: Described) -> str:
    rows = [f"| `{column}` | {words} |" for column, words in table.columns.items()]
    return "\n".join([f"## {name}", "", table.about, "", "| column | what it is |", "|---|---|", *rows])
