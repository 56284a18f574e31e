"""Idempotency keys: a request sent again is the same request, one with another body is refused.

The work itself repeats safely without them: an article is known by its content, an audit is opened
under its key. What is remembered here only tells a client that it mixed up its keys, so it is kept in
memory and bounded.
"""

import hashlib
from collections import OrderedDict

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from service.api.problem import Flaw, RequestProblem

MAX_KEYS = 10_000


class IdempotencyHeader(BaseModel):
    """The key under which a repeated request is the same request."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    key: str | None = Field(
        default=None,
        alias="Idempotency-Key",
        min_length=1,
        max_length=150,
        pattern=r"^[\x21-\x7e]+$",
        description="Made by the client: requests with the same key are one request, however often sent.",
    )


def reused_key() -> RequestProblem:
    """Return the problem of an Idempotency-Key that came before with another request."""
    return RequestProblem(
        409,
        "idempotency-key-reused",
        detail="This Idempotency-Key came before with another request; make a new one.",
        errors=[Flaw(detail="Stands for another request.", header="Idempotency-Key")],
    )


class SeenKeys:
    """The digests of the requests that came with each of the latest keys."""

    def __init__(self) -> None:
        self._digests: OrderedDict[str, bytes] = OrderedDict()

    def check(self, key: str | None, body: bytes) -> None:
        """Remember that `key` stands for `body`.

        Raises:
            RequestProblem: it stands for another one.
        """
        if key is None:
            return
        digest = hashlib.sha256(body).digest()
        if self._digests.setdefault(key, digest) != digest:
            raise reused_key()
        self._digests.move_to_end(key)
        if len(self._digests) > MAX_KEYS:
            self._digests.popitem(last=False)


SEEN_KEYS = web.AppKey("seen_keys", SeenKeys)
