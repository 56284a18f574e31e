"""What certificates say and what is wrong with them, names without a network, IPv6 and rechecks."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from tests.loopback import LoopbackWeb, Page, authority_file
from workers.errors import InvalidSetting
from workers.fetch.fetcher import open_fetcher
from workers.fetch.policy import FetchPolicy, parse_allowed_network, parse_resolve
from workers.fetch.tls import make_context
from workers.model import Failure, Observation
from workers.protocols import FetchRequest

HOST = "www.news.example"


class LeafOnly:
    """A certificate whose server leaves out the intermediate."""

    def __init__(self, leaf: trustme.LeafCert) -> None:
        self._leaf = leaf

    def configure_cert(self, context: ssl.SSLContext) -> None:
        """Load the key and the leaf, and nothing else."""
        with self._leaf.private_key_pem.tempfile() as key, self._leaf.cert_chain_pems[0].tempfile() as leaf:
            context.load_cert_chain(leaf, key)


async def observe(certificate, bundle: str, page: Page | None = None) -> Observation:
    """Observe a page of the played host under a certificate."""
    async with LoopbackWeb(certificate=certificate, default=page or Page(b"x")) as web:
        policy = FetchPolicy(
            timeout_s=5.0,
            retries=0,
            resolve=(parse_resolve(f"{HOST}:443:127.0.0.1:{web.port}"),),
            ca_bundle=bundle,
        )
        async with open_fetcher(policy) as fetcher:
            return await fetcher.observe(FetchRequest(url=f"https://{HOST}/"))


@pytest.mark.parametrize(("end", "is_whole"), [("vanish", False), ("close", True)])
async def test_an_empty_body_is_whole_only_if_tls_says_so(tmp_path: Path, end, is_whole):
    authority = trustme.CA()
    page = Page(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", end=end)
    seen = await observe(authority.issue_cert(HOST), authority_file(authority, tmp_path), page)
    assert (seen.status, seen.failure, seen.body_complete) == (200, None, is_whole)


async def test_a_body_that_tls_did_not_end_is_taken_and_told(tmp_path: Path):
    authority = trustme.CA()
    page = Page(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nhello", end="vanish")
    seen = await observe(authority.issue_cert(HOST), authority_file(authority, tmp_path), page)
    assert (seen.status, seen.body, seen.body_complete) == (200, b"hello", True)
    assert seen.failure_reason == "closed without the farewell of TLS: more may have been to come"


async def test_an_expired_certificate_is_named(tmp_path: Path):
    authority = trustme.CA()
    begun, ended = datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
    old = authority.issue_cert(HOST, not_before=begun, not_after=ended)
    seen = await observe(old, authority_file(authority, tmp_path))
    assert (seen.failure, seen.tls.failure) == (Failure.TLS, "expired")


async def test_a_certificate_of_tomorrow_is_named(tmp_path: Path):
    authority = trustme.CA()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    seen = await observe(authority.issue_cert(HOST, not_before=tomorrow), authority_file(authority, tmp_path))
    assert (seen.failure, seen.tls.failure) == (Failure.TLS, "not valid yet")


async def test_a_missing_intermediate_is_named_and_a_sent_one_is_fine(tmp_path: Path):
    authority = trustme.CA()
    leaf = authority.create_child_ca().issue_cert(HOST)
    bundle = authority_file(authority, tmp_path)
    assert (await observe(leaf, bundle)).status == 200
    seen = await observe(LeafOnly(leaf), bundle)
    assert seen.failure is Failure.TLS
    assert seen.tls.failure == "unknown issuer, or the server leaves out an intermediate certificate"


async def test_the_bundle_adds_to_the_systems_authorities(tmp_path: Path):
    authority = trustme.CA()
    plain = {each["serialNumber"] for each in make_context(None).get_ca_certs()}
    bundle = authority_file(authority, tmp_path)
    added = {each["serialNumber"] for each in make_context(bundle).get_ca_certs()}
    assert plain < added


@pytest.mark.parametrize("text", [None, "", "not a certificate"])
async def test_a_bundle_that_cannot_be_read_is_named(tmp_path: Path, text):
    path = tmp_path / "bundle.pem"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InvalidSetting, match="ca-bundle"):
        make_context(str(path))


async def test_plain_http_on_an_encrypted_port_is_told():
    async with LoopbackWeb(default=Page(raw=b"HTTP/1.1 400 Bad Request\r\n\r\n", end="close")) as web:
        policy = FetchPolicy(timeout_s=1.0, retries=0, allow_networks=(parse_allowed_network("127.0.0.0/8"),))
        async with open_fetcher(policy) as fetcher:
            seen = await fetcher.observe(FetchRequest(url=f"https://127.0.0.1:{web.port}/"))
    assert seen.failure in {Failure.TLS, Failure.TIMEOUT}
    assert seen.failure_reason


async def test_an_ipv6_address_is_asked():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    async with LoopbackWeb(address="::1", default=Page(b"six")) as web:
        policy = FetchPolicy(gap_ms=0, allow_networks=(parse_allowed_network("::1/128"),))
        async with open_fetcher(policy) as fetcher:
            seen = await fetcher.observe(FetchRequest(url=web.url("/"), record=True))
    assert (seen.status, seen.body) == (200, b"six")
    assert web.asked[0].headers["host"] == f"[::1]:{web.port}"
    assert seen.exchanges[0].remote_address == f"[::1]:{web.port}"


async def test_a_conditional_recheck_is_answered_with_304():
    def page(asked):
        known = asked.headers.get("if-none-match") == '"7"'
        return Page(b"", status=304) if known else Page(b"new", headers=(("ETag", '"7"'),))

    async with LoopbackWeb(default=page or Page(b"x")) as web:
        policy = FetchPolicy(gap_ms=0, allow_networks=(parse_allowed_network("127.0.0.0/8"),))
        async with open_fetcher(policy) as fetcher:
            first = await fetcher.observe(FetchRequest(url=web.url("/")))
            again = FetchRequest(url=web.url("/"), headers=(("If-None-Match", first.headers["etag"]),))
            second = await fetcher.observe(again)
    assert (first.status, second.status, second.body_complete) == (200, 304, True)
