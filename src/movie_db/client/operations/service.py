"""Operations: service. Generated from `openapi.yaml` by `movie_db.client.generate`."""

from movie_db.client._caller import Caller
from movie_db.client.models import ReadHealth, ReadReadiness


class Service(Caller):
    """Health, readiness and metrics of this service."""

    def read_health(self) -> ReadHealth:
        """Check the service's health.

        For monitoring: the status of the ingest, and the offset reached in each segment of the log.
        """
        document: ReadHealth = self._json("GET", "/v1/health", {})
        return document

    def read_readiness(self) -> ReadReadiness:
        """Check whether the service is ready.

        The service is ready when the database responds and has the schema it needs. Until then, the
        response is 503.
        """
        document: ReadReadiness = self._json("GET", "/v1/ready", {})
        return document

    def read_metrics(self) -> str:
        """Read metrics for Prometheus.

        `movie_db_answers_total` by operation and status, and the histogram `movie_db_answer_seconds` by
        operation, both since the service started.
        """
        return self._text("/metrics", {})
