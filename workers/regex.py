"""Regular expressions that are compiled when they are first used.

A run uses few of the hundreds there are, and to compile them all took a sixth of the start-up time.
"""

import re
from typing import AnyStr, cast


class _Regex:
    """Stands for a compiled pattern; a method asked of it is kept, and later calls cost 20 ns more."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        found: object = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return the regular expression `pattern`; one with a fault raises `re.error` at its first use.

    It has all that a compiled one has, but is not for the functions of `re` itself, which take no other.
    """
    return cast("re.Pattern[AnyStr]", _Regex(pattern, flags))
