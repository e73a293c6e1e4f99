"""Operations: service. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from movie_db.client._caller import Caller
from movie_db.client.models import ReadHealth, ReadReadiness


class Service(Caller):
    """About this service."""

    def read_health(self) -> ReadHealth:
        """Whether the database answers, its schema, and how far the log is read.

        For monitoring: the status of the ingest, and the offset reached in each segment of the log.
        """
        document: ReadHealth = self._json("GET", "/v1/health", {})
        return document

    def read_readiness(self) -> ReadReadiness:
        """Whether the service can answer.

        The database answers and has the schema that this service needs. Until then, 503.
        """
        document: ReadReadiness = self._json("GET", "/v1/ready", {})
        return document

    def read_metrics(self) -> str:
        """Counters for Prometheus.

        `movie_db_answers_total` by operation and status, `movie_db_answer_seconds` (a histogram) by
        operation, since the service's start.
        """
        return self._text("/metrics", {})
