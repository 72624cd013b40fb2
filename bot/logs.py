"""Logs: one line an event, `name key=value ...`, without tokens and without anybody's words.

A fault is logged with its type and the places in the code that led to it; its own text may hold a member's words, so
that is left out.
"""

import logging
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

logger = logging.getLogger("readalong")

ROOT = Path(__file__).parent.parent


def event(name: str, /, *, level: int = logging.INFO, **facts: object) -> None:
    """Log one event. Values with spaces are put in quotation marks."""
    if logger.isEnabledFor(level):
        line = " ".join((name, *[f"{key}={_value(value)}" for key, value in facts.items()]))
        # As `logger.log` does it, but without looking for the caller in the stack, whom no line names
        logger.handle(logger.makeRecord(logger.name, level, "", 0, "%s", (line,), None))


def fault(name: str, error: BaseException, /, **facts: object) -> None:
    """Log an error of ours: its type and, from the outermost call inwards, file, line and function."""
    where = " > ".join(
        f"{_short(frame.filename)}:{frame.lineno}:{frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    )
    event(name, level=logging.ERROR, **facts, error=type(error).__name__, at=where)


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """Send everything to standard error, one line each; `secrets` are replaced wherever they would appear."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(tuple(secret for secret in secrets if secret)))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logger.setLevel(level.upper())


class _OneLine(logging.Formatter):
    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info and record.exc_info[0]:
            message = f"{record.getMessage()} error={record.exc_info[0].__name__}"
            plain = {"msg": message, "args": (), "exc_info": None, "exc_text": None}
            record = logging.makeLogRecord({**record.__dict__, **plain})
        line = super().format(record).replace("\n", " | ")
        for secret in self._secrets:
            line = line.replace(secret, "[token]")
        return line


def _value(value: object) -> str:
    text = str(value).replace("\n", " | ").replace('"', "'")
    return f'"{text}"' if " " in text or not text else text


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) and ".venv" not in path.parts else path.name
