"""The one entry to repair: every form a written address may have had, and what may be done with them."""

from collections.abc import Callable, Iterator, Sequence

from workers.model import Repair
from workers.repair.breaks import has_break
from workers.repair.breaks import readings as break_readings
from workers.repair.context import Context
from workers.repair.decide import decide
from workers.repair.edits import Edit, Form
from workers.repair.hyphens import joins, splits
from workers.repair.normalise import mended

Family = Callable[[str, Context], Iterator[tuple[str, Edit]]]

# In the order in which they are tried: what is surer first, so that later ones build upon it.
_FAMILIES: tuple[Family, ...] = (joins, splits)
_MOST_FROM_A_FAMILY = 4
_MOST_ROUNDS = 2


def propose(
    url: str,
    *,
    headline: str | None = None,
    anchor: str | None = None,
    text: str | None = None,
    base: str | None = None,
    language: str | None = None,
    readings: Sequence[str] = (),
) -> Repair:
    """Return the forms that a written address may have had, best first, with what may be done.

    Pure, deterministic and total on any text. The written form is always among the candidates.
    """
    context = Context(headline, anchor, language)
    written = Form(url)
    mechanical = mended(url)
    forms = break_readings(mechanical, context) if has_break(mechanical.url) else [mechanical]
    others = list(forms[1:])
    best = forms[0]
    for family in _FAMILIES:
        best, left_over = _through(family, best, context)
        others += left_over
    return decide(written, [best, *others])


def _through(family: Family, form: Form, context: Context) -> tuple[Form, list[Form]]:
    """Return the best form that a family of edits makes of this one, and the forms passed over."""
    others: list[Form] = []
    for _ in range(_MOST_ROUNDS):
        made = sorted(
            (form.then(url, edit) for url, edit in family(form.url, context)), key=lambda one: -one.odds
        )
        if not made or made[0].odds <= form.odds:
            return form, others + made[:_MOST_FROM_A_FAMILY]
        others += [form, *made[1:_MOST_FROM_A_FAMILY]]
        form = made[0]
    return form, others
