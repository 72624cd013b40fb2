"""Days of the week as people write them and as they are said; 0 is Monday."""

from collections.abc import Collection

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def days_called(text: str) -> frozenset[int] | None:
    """Weekdays (0 is Monday) as people write them: `mon-fri`, `sat, sun`, `daily`; None where it names none."""
    wanted = text.casefold().replace(" ", "")
    if wanted in {"", "daily", "everyday", "all"}:
        return frozenset(range(7))
    if wanted in {"weekdays", "workdays"}:
        return frozenset(range(5))
    found: set[int] = set()
    for part in wanted.split(","):
        first, _, last = part.partition("-")
        ends = [_day(first), _day(last or first)]
        if None in ends:
            return None
        low, high = int(ends[0] or 0), int(ends[1] or 0)
        found |= {day % 7 for day in range(low, high + 1 if high >= low else high + 8)}
    return frozenset(found)


def say_days(days: Collection[int]) -> str:
    """Weekdays in words: `every day`, `mon-fri`, `tue, thu`."""
    if len(days) == 7:
        return "every day"
    if sorted(days) == list(range(5)):
        return "mon-fri"
    return ", ".join(DAYS[day] for day in sorted(days))


def _day(name: str) -> int | None:
    return next((at for at, day in enumerate(DAYS) if len(name) >= 3 and name.startswith(day)), None)
