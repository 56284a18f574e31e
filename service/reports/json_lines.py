"""JSON of many objects, one after the other."""

import json
import secrets
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

AT_ONCE: Final = 32
# Nobody who writes a page or an article can know it.
_BORDER: Final = secrets.token_hex(16)
_BETWEEN: Final = f', "{_BORDER}", '

encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def encode_each(values: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield each object as JSON without a line end, encoded some at a time: alone, each takes longer."""
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        bordered: list[object] = [_BORDER] * (2 * len(some) - 1)
        bordered[::2] = some
        yield from encode(bordered)[1:-1].split(_BETWEEN)
