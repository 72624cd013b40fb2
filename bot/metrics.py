"""What is counted while it runs, for `/metrics`: commands by name, platform and outcome, and how long they took.

Prometheus' client writes the numbers down, and is imported when they are first asked for: most bots are never asked.
"""

import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Metric

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
SECONDS = "readalong_command_seconds"

_LABELS = ("command", "platform")


@dataclass(slots=True)
class _Count:
    """How often, and since when, in seconds since 1970."""

    times: int = 0
    since: float = field(default_factory=time.time)


@dataclass(slots=True)
class _Times:
    """How many answers took how long: one number for each bucket, the last for what took longer than all of them."""

    within: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0
    since: float = field(default_factory=time.time)


class Metrics:
    """Counters of one running bot. Names of commands come from the registry alone, so their number is bounded."""

    def __init__(self) -> None:
        self._commands: dict[tuple[str, str, str], _Count] = {}
        self._seconds: dict[tuple[str, str], _Times] = {}
        self._backfill: dict[tuple[str, str], int] = {}

    def answered(self, command: str, platform: str, outcome: str, seconds: float) -> None:
        """Count one reply. `outcome` is ok, refused or failed."""
        asked = (command, platform, outcome)
        count = self._commands.get(asked) or self._commands.setdefault(asked, _Count())
        count.times += 1
        times = self._seconds.get(asked[:2]) or self._seconds.setdefault(asked[:2], _Times())
        times.within[bisect_left(BUCKETS, seconds)] += 1
        times.seconds += seconds

    def reading_back(self, platform: str, counts: Mapping[str, int]) -> None:
        """Note how far reading back is on a platform: places, done, failed, messages."""
        self._backfill |= {(platform, what): number for what, number in counts.items()}

    def text(self) -> bytes:
        """Everything counted, in Prometheus' text format."""
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 - only when it is asked for

        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator["Metric"]:
        """Everything counted, as Prometheus' client asks its collectors for it."""
        from prometheus_client import core  # noqa: PLC0415 - as above

        commands = core.CounterMetricFamily("readalong_commands", "Commands answered", labels=(*_LABELS, "outcome"))
        for asked, count in self._commands.items():
            commands.add_metric(asked, count.times, created=count.since)
        seconds = core.HistogramMetricFamily(SECONDS, "Time from a command to its reply, in seconds", labels=_LABELS)
        for asked_of, times in self._seconds.items():
            within = zip((*map(str, BUCKETS), "+Inf"), accumulate(times.within), strict=True)
            seconds.add_metric(asked_of, list(within), times.seconds)
            seconds.add_sample(f"{SECONDS}_created", dict(zip(_LABELS, asked_of, strict=True)), times.since)
        words = "Reading back what was missed"
        backfill = core.GaugeMetricFamily("readalong_backfill", words, labels=("platform", "what"))
        for read_back, number in self._backfill.items():
            backfill.add_metric(read_back, number)
        yield from (commands, seconds, backfill)
