"""On what was measured, without a name by which anybody could find the machine."""

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("discord.py", "slack-bolt", "slack-sdk", "aiohttp", "sqlite-utils")


def described() -> tuple[str, ...]:
    """Processor, memory, system, Python, libraries, the day, and how busy it was."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores of {_value('/proc/cpuinfo', 'model name')}, {_gib():.0f} GiB of memory",
        f"{platform.system()} {platform.release().split('-')[0]}, {platform.python_implementation()} "
        f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        libraries,
        f"{datetime.now(UTC):%Y-%m-%d}; load average at the start {os.getloadavg()[0]:.1f}",
    )


def _gib() -> float:
    return int(_value("/proc/meminfo", "MemTotal").split()[0]) / 1024**2


def _value(file: str, key: str) -> str:
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "unknown")
