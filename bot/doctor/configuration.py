"""The configuration: which file is used, everything that is wrong in it, and who may read the tokens in it."""

from collections.abc import Iterator
from pathlib import Path

from bot.config import Loaded
from bot.doctor.finding import Finding, Part

PART = Part("configuration")
OTHERS = 0o077


def configuration(loaded: Loaded) -> Iterator[Finding]:
    """Everything about the configuration as it was loaded."""
    if loaded.file is None:
        yield PART.ok("file", "there is no config.toml here, so the defaults are used")
    elif not loaded.mistakes:
        yield PART.ok("file", f"{loaded.file} has no mistakes")
    for mistake in loaded.mistakes:
        yield PART.to_do("file", str(mistake))
    if loaded.mistakes:
        yield PART.not_checked("what is wrong", "below, the default stands in place of each mistake")
    if loaded.lacking:
        yield PART.to_do("tokens", loaded.lacking)
    if loaded.file and loaded.file.is_file():
        yield from _privacy(loaded.file, loaded.config.secrets)


def _privacy(file: Path, secrets: tuple[str, ...]) -> Iterator[Finding]:
    """A file that holds a token is for its owner's eyes."""
    text = file.read_bytes().decode(errors="replace")
    mode = file.stat().st_mode & 0o777
    if mode & OTHERS and any(secret in text for secret in secrets):
        words = f"{file} holds tokens, and others on this machine can read it (mode {mode:04o}). Run: chmod 600 {file}"
        yield PART.to_do("privacy", words)
