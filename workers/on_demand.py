"""Modules that are imported when they are first used.

Most runs need none of them, and start-up counts at a desk and in CI jobs. Beside the call stands a plain
import for the type checker and the contracts of imports:

    if TYPE_CHECKING:
        from workers.repair import propose as proposing
    else:
        proposing = on_demand("workers.repair.propose")
"""

import gc
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from what is made in a block: modules last as long as the process.

    It would look through them again and again while they are imported, for a tenth of the start-up time.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


class _OnDemand(ModuleType):
    """Stands for a module; what was asked of it once is kept."""

    def __getattr__(self, name: str) -> object:
        with collector_at_rest():
            found: object = getattr(importlib.import_module(self.__name__), name)
        setattr(self, name, found)
        return found


def on_demand(name: str) -> ModuleType:
    """Return what stands for the module `name`, from any thread."""
    return _OnDemand(name)
