"""What the doctor says of the machine."""

import pytest

from bot.doctor.finding import State
from bot.doctor.machine import extras, python, terminal


@pytest.mark.parametrize(
    ("version", "state"), [((3, 10, 12), State.TO_DO), ((3, 11, 0), State.OK), ((3, 14, 1), State.OK)]
)
def test_a_python_that_is_too_old_is_told(version: tuple[int, ...], state: State) -> None:
    found = python(version)

    assert found.state is state
    assert found.words.startswith(".".join(map(str, version)))


@pytest.mark.parametrize(
    ("encoding", "state"),
    [("utf-8", State.OK), ("UTF8", State.OK), ("ascii", State.TO_DO), ("cp1252", State.TO_DO), ("odd", State.TO_DO)],
)
def test_an_output_that_is_not_utf_8_is_told(encoding: str, state: State) -> None:
    assert terminal(encoding).state is state


def test_extras_are_those_that_the_package_declares_and_none_has_to_be_there() -> None:
    pdf = 'no-such-thing>=1 ; (python_version>"3") and extra == "pdf"'
    found = {one.subject: one for one in extras(["click>=8.3", "aiohttp>=3 ; extra == 'web'", pdf])}

    assert {subject: one.state for subject, one in found.items()} == {"extra pdf": State.OFF, "extra web": State.OK}
    assert "pip install no-such-thing" in found["extra pdf"].words
    assert [one.words for one in extras(["click>=8.3"])] == ["this version has none"]
