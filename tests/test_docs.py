"""What the documents say of the code is made from the code; run `python -m tests.test_docs` to make it anew."""

import asyncio
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlite_utils

import commands
from bot import app
from bot.archive import described
from bot.archive.database import Database
from bot.command import Command
from bot.config import CLONE, Config, load
from bot.platforms.terminal.chat import say
from bot.platforms.terminal.render import as_text
from bot.readings.library import Library
from bot.registry import Registry

README = CLONE / "README.md"
MEMBERS = CLONE / "docs" / "members.md"
SCHEMA = CLONE / "docs" / "schema.md"
SAMPLE = ("/passage 3", "/ask When was the Treaty of Portsmouth signed?", "/kurlis")
WIDTH = 118


def command_table() -> str:
    """Every command of ours with what it does."""
    registry = Registry.of(commands, Library.load(CLONE / "content"))
    rows = [
        f"| `/{command.name} {command.usage}".rstrip() + f"` | {command.description}"
        f"{' For moderators.' if command.moderators else ''} | `{command.example}` |"
        for command in registry.natives
    ]
    return "\n".join(["| command | what it does | for example |", "|---|---|---|", *rows])


def command_pages() -> str:
    """Every command of ours with its options and its example."""
    return "\n\n".join(map(command_page, Registry.of(commands, Library.load(CLONE / "content")).natives))


def command_page(command: Command) -> str:
    who = " For moderators." if command.moderators else ""
    options = [
        f"- `{option.name}`{'' if option.required else ' (optional)'}: {option.description}"
        for option in command.options
    ]
    lines = [f"### /{command.name} {command.usage}".rstrip(), "", f"{command.description}{who}", "", *options]
    return "\n".join([*lines, *([""] if options else []), f"For example: `{command.example}`"])


async def sample(config: Config) -> str:
    """What a few lines are answered in a terminal, without a copy of the article."""
    async with app.assembled(config) as answering:
        shown = [
            f"    > {line}\n{indented(as_text(await say(answering, line, moderator=False), WIDTH))}" for line in SAMPLE
        ]
    return "\n\n".join(shown)


def indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


def filled(text: str, name: str, made: str) -> str:
    """The text with what stands between the marks of that name replaced."""
    block = f"<!-- {name} -->\n{made}\n<!-- /{name} -->"
    return re.sub(rf"<!-- {name} -->\n.*?<!-- /{name} -->", lambda _: block, text, flags=re.DOTALL)


async def test_the_readmes_table_of_commands_is_the_codes() -> None:
    text = README.read_text(encoding="utf-8")

    assert filled(text, "commands", command_table()) == text, "run: python -m tests.test_docs"


async def test_the_members_pages_of_commands_are_the_codes() -> None:
    text = MEMBERS.read_text(encoding="utf-8")

    assert filled(text, "commands", command_pages()) == text, "run: python -m tests.test_docs"


def test_the_pages_of_the_schema_are_the_codes() -> None:
    text = SCHEMA.read_text(encoding="utf-8")

    assert filled(text, "schema", described.as_markdown()) == text, "run: python -m tests.test_docs"


def test_every_table_and_column_is_described(tmp_path: Path) -> None:
    Database.open(tmp_path / "a.db").close()
    tables = sqlite_utils.Database(tmp_path / "a.db")
    own = [name for name in tables.table_names() if not name.startswith(("_", "messages_fts", "sqlite_"))]
    columns = "SELECT name FROM pragma_table_xinfo(?)"  # made columns too
    found = {name: {row[0] for row in tables.execute(columns, (name,)).fetchall()} for name in own}
    tables.close()

    assert found == {name: set(table.columns) for name, table in described.TABLES.items()}


async def test_the_readmes_sample_is_what_the_bot_says(config: Config) -> None:
    text = README.read_text(encoding="utf-8")

    assert filled(text, "sample", await sample(config)) == text, "run: python -m tests.test_docs"


def test_every_link_of_the_documents_leads_to_a_file() -> None:
    for document in [*CLONE.glob("*.md"), *(CLONE / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def write() -> None:
    """Make what is made from the code anew."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "config.toml"
        file.write_text("", encoding="utf-8")
        shown = asyncio.run(sample(load(file, environ={})))
    text = filled(README.read_text(encoding="utf-8"), "commands", command_table())
    README.write_text(filled(text, "sample", shown), encoding="utf-8")
    SCHEMA.write_text(filled(SCHEMA.read_text(encoding="utf-8"), "schema", described.as_markdown()), encoding="utf-8")
    members = MEMBERS.read_text(encoding="utf-8")
    MEMBERS.write_text(filled(members, "commands", command_pages()), encoding="utf-8")


if __name__ == "__main__":
    write()
