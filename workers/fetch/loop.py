"""The event loop to run the fetcher on."""

import asyncio
from collections.abc import Callable

try:
    import uvloop
except ImportError:  # not made for every platform
    HAS_UVLOOP = False
else:
    HAS_UVLOOP = True


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return the factory for `asyncio.Runner`: uvloop's where there is one, None for the standard loop.

    On encrypted connections uvloop takes a sixth less time and half the memory (docs/decisions/0042).
    """
    return uvloop.new_event_loop if HAS_UVLOOP else None
