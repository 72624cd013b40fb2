from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.answering import Answering
from bot.platforms.terminal.chat import Lines, person


def completions(answering: Answering, typed: str, *, moderator: bool = False) -> list[str]:
    lines = Lines(answering, person(moderator=moderator))
    return [found.text for found in lines.get_completions(Document(typed), CompleteEvent())]


async def test_commands_and_topics_are_completed_with_and_without_a_slash(answering: Answering) -> None:
    assert completions(answering, "/kur") == ["/kurils"]
    assert completions(answering, "kur") == ["kurils"]
    assert "/summary" in completions(answering, "")
    assert completions(answering, "/readalong kur") == ["kurils"]


async def test_options_and_their_values_are_completed(answering: Answering) -> None:
    assert completions(answering, "/summary l") == ["length:", "long"]
    assert completions(answering, "/summary length:") == ["length:short", "length:long"]
    assert completions(answering, "/topics multi") == ["multi-vector"]
    assert completions(answering, "/topics name:multi") == ["name:multi-vector"]
    assert completions(answering, "/nonsense x") == []


async def test_moderators_commands_are_offered_to_moderators_alone(answering: Answering) -> None:
    assert completions(answering, "/us") == []
    assert completions(answering, "/us", moderator=True) == ["/use"]
