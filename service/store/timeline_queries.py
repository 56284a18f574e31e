"""The queries behind `service/store/timeline.py`: two tables read as one, by their indexes."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from service.columns import AnyText, UtcDateTime
from service.store.tables import CAPTURE, MEMENTO
from workers.archive.settings import LOCAL

SIDES: Final = 4  # the first and last capture, and those beside the chosen one


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the two tables that captures are known in."""

    columns: Any
    shown: tuple[ColumnElement[Any], ...]

    def holds(self, key: str | BindParameter[str]) -> ColumnElement[bool]:
        """Return the condition on captures of one resource."""
        condition: ColumnElement[bool] = self.columns.key_hash == key
        return condition

    def of(self, key: str | BindParameter[str]) -> Select[Any]:
        """Return the query for captures of one resource."""
        return select(*self.shown).where(self.holds(key))


PARTS: Final = (
    Part(
        columns=CAPTURE.c,
        shown=(
            CAPTURE.c.original,
            literal(LOCAL, String).label("archive"),
            CAPTURE.c.memento_datetime,
            CAPTURE.c.record_id,
            cast(null(), AnyText).label("uri_m"),
            CAPTURE.c.status,
            CAPTURE.c.media_type,
            CAPTURE.c.payload_digest.label("digest"),
            cast(null(), String).label("quality"),
            cast(null(), JSON).label("reasons"),
            CAPTURE.c.id,
        ),
    ),
    Part(
        columns=MEMENTO.c,
        shown=(
            MEMENTO.c.original,
            MEMENTO.c.archive,
            MEMENTO.c.memento_datetime,
            cast(null(), String).label("record_id"),
            MEMENTO.c.uri_m,
            MEMENTO.c.status,
            MEMENTO.c.media_type,
            MEMENTO.c.digest,
            cast(MEMENTO.c.quality, String).label("quality"),
            MEMENTO.c.reasons,
            MEMENTO.c.id,
        ),
    ),
)

_BOUNDS: Final = {
    "first": (None, False),
    "last": (None, True),
    "before": ("until", True),
    "after": ("since", False),
}


def _probe(*names: str) -> CompoundSelect[Any]:
    """Return the query for the one capture of each part that is first, last, before or after a time.

    It takes `key`, and the times `until` (what is before it) and `since` (what is not). Built once, for
    putting it together costs more than running it.
    """
    selects = []
    for name in names:
        bound, is_last = _BOUNDS[name]
        for number, part in enumerate(PARTS):
            time, rows = part.columns.memento_datetime, part.of(_KEY)
            if bound is not None:
                limit = bindparam(bound, type_=UtcDateTime())
                rows = rows.where(time < limit if is_last else time >= limit)
            order = (time.desc(), part.columns.id.desc()) if is_last else (time, part.columns.id)
            one = rows.order_by(*order).limit(1).subquery()
            selects.append(select(literal(f"{name}{number}", String).label("probe"), *one.c))
    return union_all(*selects)


def _second() -> CompoundSelect[Any]:
    """Return the query for all captures from `since` on and before `until`."""
    within = [bindparam(name, type_=UtcDateTime()) for name in ("since", "until")]
    parts = [(part.of(_KEY), part.columns.memento_datetime) for part in PARTS]
    return union_all(*(rows.where(time >= within[0], time < within[1]) for rows, time in parts))


def _local_within() -> Select[Any]:
    """Return the query for local captures in any of some seconds (`since0`, `until0` …)."""
    local = PARTS[0]
    time = local.columns.memento_datetime
    seconds = (
        (time >= bindparam(f"since{n}", type_=UtcDateTime()))
        & (time < bindparam(f"until{n}", type_=UtcDateTime()))
        for n in range(SIDES)
    )
    return local.of(_KEY).where(or_(*seconds))


_KEY: Final = bindparam("key", type_=String())
LOCAL_WITHIN: Final = _local_within()
ENDS: Final = _probe("first", "last", "before", "after")
BESIDE: Final = _probe("before", "after")
WITHIN: Final = _second()
NUMBERS: Final = union_all(
    *(
        select(func.count().label("captures"), func.max(part.columns.id).label("newest")).where(
            part.holds(_KEY)
        )
        for part in PARTS
    )
)
