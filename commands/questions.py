"""/questions: questions to discuss, each with the passages it is about."""

from bot.cards import labels
from bot.command import command
from bot.reply import Button, Note, Reply
from bot.request import Request
from bot.words import joined, markdown


@command(example="/questions")
async def questions(request: Request) -> Reply:
    """Questions to discuss, each with its passages."""
    reading = request.reading
    asked = tuple(
        Note(joined([point.words]), labels(reading, point.passages), f"Question {number}")
        for number, point in enumerate(reading.questions, 1)
    )
    intro = Note(
        markdown("Our questions, in the order of the reading's passages. The reading itself asks none of them.")
    )
    buttons = (Button("Summary", "/summary"), Button("Topics", "/topics"))
    return Reply("For discussion", (intro, *asked), reading.short_title, buttons=buttons)
