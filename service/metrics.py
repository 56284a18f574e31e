"""Metrics of the web side, kept in a registry of the application's own."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Counters of requests; labels are the route's pattern, never a path, host or query."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        labels = ("method", "route", "status")
        self.requests = Counter(
            "linkwright_http_requests_total", "Requests answered.", labels, registry=self.registry
        )
        self.seconds = Histogram(
            "linkwright_http_request_seconds", "Time to answer.", ("method", "route"), registry=self.registry
        )
        self.in_flight = Gauge(
            "linkwright_http_requests_in_flight", "Requests being answered.", registry=self.registry
        )

    def count_request(self, method: str, *, route: str, status: int, elapsed_s: float) -> None:
        """Count one answered request; unknown methods share a label, for a client makes them up."""
        known = method if method in KNOWN_METHODS else "OTHER"
        self.requests.labels(known, route, str(status)).inc()
        self.seconds.labels(known, route).observe(elapsed_s)

    def exposition(self) -> bytes:
        """Return all metrics in the Prometheus text format."""
        return generate_latest(self.registry)
