"""Exchanges to capture, written out as a fetcher would record them."""

from datetime import UTC, datetime, timedelta

from workers.model import Exchange

START = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)
PAGE = (
    b"<!doctype html><title>Voyager leaves</title><h1>Voyager leaves</h1><p>It has left the heliosphere.</p>"
)


def exchange(
    url: str = "http://example.org/voyager",
    body: bytes = PAGE,
    *,
    status: str = "200 OK",
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),),
    after_s: float = 0.0,
    truncated: str | None = None,
    length: bool = True,
) -> Exchange:
    """Return one recorded exchange; `after_s` is its start in seconds after 10:00 on 23 November 2026."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return Exchange(
        url=url,
        remote_address="203.0.113.7:80",
        started_at=START + timedelta(seconds=after_s),
        request_head=b"GET /voyager HTTP/1.1\r\nHost: example.org\r\nUser-Agent: linkwright\r\n\r\n",
        response_head="\r\n".join(lines).encode("latin-1") + b"\r\n\r\n",
        body=body,
        truncated=truncated,
    )
