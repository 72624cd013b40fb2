"""What is counted while it runs, for `/metrics`: commands by name, platform and outcome, and how long they took."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    """Counters of one running bot. Names of commands come from the registry alone, so their number is bounded."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("command", "platform")
        self._commands = Counter(
            "readalong_commands", "Commands answered", (*labels, "outcome"), registry=self._registry
        )
        self._seconds = Histogram(
            "readalong_command_seconds", "Time from a command to its reply, in seconds", labels,
            buckets=BUCKETS, registry=self._registry,
        )  # fmt: skip
        self._backfill = Gauge(
            "readalong_backfill", "Reading back what was missed", ("platform", "what"), registry=self._registry
        )

    def answered(self, command: str, platform: str, outcome: str, seconds: float) -> None:
        """Count one reply. `outcome` is ok, refused or failed."""
        self._commands.labels(command, platform, outcome).inc()
        self._seconds.labels(command, platform).observe(seconds)

    def reading_back(self, platform: str, counts: Mapping[str, int]) -> None:
        """Note how far reading back is on a platform: places, done, failed, messages."""
        for what, number in counts.items():
            self._backfill.labels(platform, what).set(number)

    def text(self) -> bytes:
        """Everything counted, in Prometheus' text format."""
        return generate_latest(self._registry)
