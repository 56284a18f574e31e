"""aiohttp, imported without what nothing here uses of it: to be done before any other import of it.

When it is imported, aiohttp makes two TLS contexts and reads all authorities into each, which takes 40 ms: a
sixth of the start-up time. Nothing here uses them, as each connector is given the context of
`workers.fetch.tls`. So the two are made while OpenSSL is told of no authorities, in the command's own
process only. A part that forgot to bring its context would refuse all certificates, never accept one.

It takes aiodns for its own look-ups where there is one; ours are made by `workers.fetch.resolver`, which
imports it for the first name that the hosts file does not know.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Where OpenSSL looks for authorities, in place of its own folders.
_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@contextmanager
def no_authorities() -> Iterator[None]:
    """Have contexts made in this block trust no authority; no thread may make others meanwhile."""
    before = {name: os.environ.get(name) for name in _VARIABLES}
    os.environ.update(dict.fromkeys(_VARIABLES, os.devnull))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def no_aiodns() -> Iterator[None]:
    """Have aiodns count as not installed in this block, unless it is imported already."""
    is_hidden = "aiodns" not in sys.modules
    if is_hidden:
        # What Python takes for 'there is none'.
        sys.modules["aiodns"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if is_hidden:
            del sys.modules["aiodns"]


with no_authorities(), no_aiodns():
    import aiohttp  # noqa: F401 - for what it does
