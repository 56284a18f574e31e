"""What one exchange with the web brought, failures included."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Failure(StrEnum):
    """Why an exchange with the web gave no answer."""

    NXDOMAIN = "nxdomain"  # the name does not exist
    NO_ADDRESS = "no_address"  # the name exists and has no address record
    SERVFAIL = "servfail"  # the name servers do not answer, or answer with an error
    REFUSED = "refused"  # the connection was refused
    RESET = "reset"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    PROTOCOL = "protocol"  # what came back is not HTTP
    REDIRECT_LOOP = "redirect_loop"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_REDIRECT = "bad_redirect"  # a Location that cannot be followed
    POLICY = "policy"  # our own guard forbids it; `failure_reason` says why
    INVALID_URL = "invalid_url"
    CANCELLED = "cancelled"  # the run ended before it was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One answer on the way of a redirect chain: the address asked, its status and the reason phrase."""

    url: str
    status: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFacts:
    """What the certificate of the last host said; `failure` names what did not verify."""

    issuer: str | None = None
    expires_at: datetime | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What an answer named itself by, for asking again only whether it changed (RFC 9110, 8.8 and 13.1).

    `compared_with` is the `uri_m` of the capture that the page was compared with then, None where it was not.
    """

    etag: str | None = None
    last_modified: str | None = None
    compared_with: str | None = None

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers of a request that asks whether anything changed."""
        named = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return tuple((name, value) for name, value in named if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its raw answer, as an archive keeps it.

    `request_head` and `response_head` are the header blocks as bytes with CRLF line ends, status or
    request line first and a blank line last; `body` is what came over the wire, transfer coding
    removed, content coding kept. `truncated` names why the body is not whole (`length`, `time`,
    `disconnect`), None when it is.
    """

    url: str
    remote_address: str
    started_at: datetime
    request_head: bytes
    response_head: bytes
    body: bytes
    truncated: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one exchange with the web brought, failures included.

    `url` is the address asked, `final_url` the last one answered. `status` is None when nothing
    answered, and then `failure` says why. `headers` are the last answer's, names lower-case, repeated
    ones joined by ', '. `body` is the decoded beginning of the last answer (at most what was asked
    for) and `body_complete` says whether it is all of it; observations kept for long carry an empty one.
    `hops` holds every answer, the last included. `exchanges` is filled only when recording was asked.
    """

    url: str
    observed_at: datetime
    final_url: str
    status: int | None = None
    hops: tuple[Hop, ...] = ()
    failure: Failure | None = None
    failure_reason: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str | None = None
    charset: str | None = None
    body: bytes = b""
    body_complete: bool = False
    received_bytes: int = 0
    digest: str | None = None
    tls: TlsFacts | None = None
    attempts: int = 1
    elapsed_ms: int = 0
    exchanges: tuple[Exchange, ...] = ()
