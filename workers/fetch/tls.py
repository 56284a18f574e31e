"""Certificates: the one context of a process, what a verified one says, and what is wrong with another."""

import hashlib
import ssl
from collections import OrderedDict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from workers.errors import InvalidSetting
from workers.model import TlsFacts

_MOST_KNOWN: Final = 1024
_known: OrderedDict[bytes, TlsFacts] = OrderedDict()
"""What certificates said, by their digest: a host shows the same one on each connection."""

# Codes of OpenSSL's X509_verify_cert, in words for an editor.
_WORDS: Final = {
    9: "not valid yet",
    10: "expired",
    18: "self-signed",
    19: "unknown issuer: a root that this machine does not trust",
    20: "unknown issuer, or the server leaves out an intermediate certificate",
    21: "unknown issuer, or the server leaves out an intermediate certificate",
    23: "revoked",
    24: "an issuer that may not issue",
    26: "a certificate for another purpose",
    62: "wrong host",
    63: "wrong mail address",
    64: "wrong host",
    66: "a key that is too weak",
    67: "an issuer's key that is too weak",
    68: "a signature that is too weak",
}


@cache
def make_context(ca_bundle: str | None) -> ssl.SSLContext:
    """Return the context that verifies against the system's authorities and those in `ca_bundle`.

    There is one a process for each bundle: to read the system's authorities takes 20 ms.

    Raises:
        InvalidSetting: the bundle cannot be read or holds no certificate.
    """
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if ca_bundle:
        try:
            context.load_verify_locations(
                cadata=Path(ca_bundle).read_text(encoding="ascii", errors="replace")
            )
        except (OSError, ValueError) as error:
            message = f"ca-bundle: {ca_bundle} holds no certificates that can be read ({error})"
            raise InvalidSetting(message) from error
    return context


def certificate_failure(error: ssl.SSLError) -> str:
    """Return in words what did not verify, or what went wrong in the handshake."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _WORDS.get(error.verify_code, error.verify_message or "certificate not accepted")
    return f"handshake failed: {(error.reason or 'unknown').replace('_', ' ').lower()}"


def facts_of(connection: ssl.SSLObject) -> TlsFacts:
    """Return what the verified certificate at the other end of `connection` says.

    Taking a certificate apart costs some hundred microseconds where it has many names; its bytes cost few.
    """
    written = connection.getpeercert(binary_form=True)
    if not written:
        return TlsFacts()
    digest = hashlib.sha256(written).digest()
    facts = _known.get(digest)
    if facts is None:
        facts = _known[digest] = certificate_facts(connection.getpeercert())
        if len(_known) > _MOST_KNOWN:
            _known.popitem(last=False)
    return facts


def certificate_facts(peer: dict[str, Any] | None) -> TlsFacts:
    """Return issuer and expiry of a verified certificate, as `SSLSocket.getpeercert` gives it."""
    if not peer:
        return TlsFacts()
    issuer = {name: value for part in peer.get("issuer", ()) for name, value in part}
    expires = peer.get("notAfter")
    return TlsFacts(
        issuer=issuer.get("organizationName") or issuer.get("commonName"),
        expires_at=datetime.fromtimestamp(ssl.cert_time_to_seconds(expires), UTC) if expires else None,
    )
