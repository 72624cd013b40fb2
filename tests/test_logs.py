import io
import logging
from collections.abc import Iterator

import pytest

from bot import logs


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What set-up logs write, with the test runner's own logging put back afterwards."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    level, ours = root.level, logs.logger.level
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.set_up("info", ["xoxb-secret", ""])
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    logs.logger.setLevel(ours)


def test_an_event_is_one_line_of_keys_and_values(written: io.StringIO) -> None:
    logs.event("platform", name="slack", reason='it said "no"\nand left', state="away")

    assert written.getvalue().count("\n") == 1
    assert written.getvalue().endswith("""platform name=slack reason="it said 'no' | and left" state=away\n""")


def test_a_token_is_never_written_whoever_logs_it(written: io.StringIO) -> None:
    logging.getLogger("slack_bolt").error("sent %s", {"token": "xoxb-secret"})

    assert "[token]" in written.getvalue()
    assert "secret" not in written.getvalue()


def test_a_librarys_traceback_is_one_line_without_its_words(written: io.StringIO) -> None:
    try:
        raise ValueError("what a member said")
    except ValueError:
        logging.getLogger("discord").exception("Ignoring exception")

    assert written.getvalue().endswith("Ignoring exception error=ValueError\n")
    assert "member" not in written.getvalue()


def test_a_fault_names_the_places_in_the_code_and_not_the_words(written: io.StringIO) -> None:
    try:
        raise RuntimeError("what a member said")
    except RuntimeError as error:
        logs.fault("fault", error, id="3f2a", name="quote")

    assert "fault id=3f2a name=quote error=RuntimeError at=tests/test_logs.py:" in written.getvalue()
    assert "member" not in written.getvalue()
