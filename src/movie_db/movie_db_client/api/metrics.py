"""Metrics for Prometheus."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
KIND: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters of a running service."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter("movie_db_answers", "Answers given", ("operation", "status"), registry=self._registry)
        self._seconds = Histogram(
            "movie_db_answer_seconds",
            "Seconds from a request to its answer",
            ("operation",),
            buckets=_SECONDS,
            registry=self._registry,
        )

    def answered(self, operation: str, status: int, seconds: float) -> None:
        """Counts a response."""
        self._answers.labels(operation, status).inc()
        self._seconds.labels(operation).observe(seconds)

    def exported(self) -> bytes:
        """Returns all metrics in Prometheus' text format."""
        return generate_latest(self._registry)
