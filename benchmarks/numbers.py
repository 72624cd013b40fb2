"""What was measured, in rounds, ours beside the bare bot's: medians, p99, their ratio and how far it spreads."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Round:
    """Some values of ours and as many of the bare bot's, taken by turns."""

    ours: tuple[float, ...]
    bare: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Ours against the bare bot's, by their medians in this round."""
        return statistics.median(self.ours) / statistics.median(self.bare)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of a table: what was measured, its rounds, and what was promised, if anything was.

    `bound` is the highest ratio, `most` the highest median of ours.
    """

    name: str
    rounds: tuple[Round, ...]
    bound: float | None = None
    most: float | None = None

    @property
    def ours(self) -> list[float]:
        """All of our values."""
        return [value for one in self.rounds for value in one.ours]

    @property
    def bare(self) -> list[float]:
        """All values of the bare bot."""
        return [value for one in self.rounds for value in one.bare]

    @property
    def ratio(self) -> float:
        """The ratio of the medians of all values."""
        return statistics.median(self.ours) / statistics.median(self.bare)

    @property
    def spread(self) -> tuple[float, float]:
        """The lowest and the highest ratio of a round."""
        ratios = [one.ratio for one in self.rounds]
        return min(ratios), max(ratios)

    @property
    def kept(self) -> bool:
        """Whether the bounds hold, by all medians."""
        return (self.bound is None or self.ratio <= self.bound) and (
            self.most is None or statistics.median(self.ours) <= self.most
        )


def p99(values: Sequence[float]) -> float:
    """The value that 99 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * 99 // 100) - 1)]
