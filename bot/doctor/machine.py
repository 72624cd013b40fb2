"""This machine: Python, the terminal's encoding, and what is installed beyond the core."""

import codecs
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata

from bot.doctor.finding import Finding, Part

PART = Part("machine")
OLDEST_PYTHON = (3, 11)
_EXTRA = re.compile(r"""([\w.-]+).*;.*\bextra\s*==\s*["']([\w-]+)["']""")


def machine(encoding: str) -> Iterator[Finding]:
    """Everything about the machine; `encoding` is that of the output, as Python calls it."""
    yield python(sys.version_info[:3])
    yield terminal(encoding)
    yield PART.ok("fonts", "none are needed: what draws pictures brings its own")
    yield from extras(_requirements())


def python(version: Sequence[int]) -> Finding:
    """Whether this Python is new enough."""
    shown = ".".join(map(str, version))
    if tuple(version[:2]) < OLDEST_PYTHON:
        return PART.to_do("Python", f"{shown} is too old. Use {'.'.join(map(str, OLDEST_PYTHON))} or newer.")
    return PART.ok("Python", shown)


def terminal(encoding: str) -> Finding:
    """Whether what the bot prints can be shown: readings hold letters of any script."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        name = encoding
    if name != "utf-8":
        words = f"this terminal or pipe is {name or 'of no known encoding'}. Set LC_ALL=C.UTF-8, or PYTHONUTF8=1."
        return PART.to_do("encoding", words)
    return PART.ok("encoding", "UTF-8")


def extras(requirements: Sequence[str]) -> Iterator[Finding]:
    """One finding for each optional extra that these requirements of the package name."""
    needed: dict[str, list[str]] = {}
    for found in filter(None, map(_EXTRA.match, requirements)):
        needed.setdefault(found[2], []).append(found[1])
    if not needed:
        yield PART.ok("extras", "this version has none")
    for extra, packages in sorted(needed.items()):
        missing = [package for package in packages if not _is_installed(package)]
        if missing:
            yield PART.off(f"extra {extra}", f"not installed; to have it: pip install {' '.join(missing)}")
        else:
            yield PART.ok(f"extra {extra}", "installed")


def _requirements() -> Sequence[str]:
    try:
        return metadata.requires("readalong") or ()
    except metadata.PackageNotFoundError:
        return ()


def _is_installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True
