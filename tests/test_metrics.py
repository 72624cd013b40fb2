"""What Prometheus reads of a running bot."""

import re

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.metrics import BUCKETS, Metrics

ANSWERED = [
    ("quote", "discord", "ok", 0.0025),
    ("quote", "discord", "failed", 7.0),
    ("quote", "slack", "ok", 0.0),
    ("ask", "slack", "refused", 1.0),
    ("quote", "discord", "ok", 0.3),
]


def test_the_numbers_are_those_that_the_makers_own_counters_would_give() -> None:
    registry, labels = CollectorRegistry(), ("command", "platform")
    counter = Counter("readalong_commands", "Commands answered", (*labels, "outcome"), registry=registry)
    words = "Time from a command to its reply, in seconds"
    histogram = Histogram("readalong_command_seconds", words, labels, buckets=BUCKETS, registry=registry)
    gauge = Gauge("readalong_backfill", "Reading back what was missed", ("platform", "what"), registry=registry)
    metrics = Metrics()
    metrics.reading_back("discord", {"places": 1, "done": 0})
    metrics.reading_back("discord", {"places": 3})
    gauge.labels("discord", "places").set(3)
    gauge.labels("discord", "done").set(0)
    for command, platform, outcome, seconds in ANSWERED:
        metrics.answered(command, platform, outcome, seconds)
        counter.labels(command, platform, outcome).inc()
        histogram.labels(command, platform).observe(seconds)

    assert _timeless(metrics.text()) == _timeless(generate_latest(registry))


def _timeless(text: bytes) -> str:
    """The text without the moments at which each began."""
    return re.sub(r"(_created\S*) \S+", r"\1", text.decode())
