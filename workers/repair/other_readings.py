"""Further readings of a span that an address was broken over, judged against the one that was taken."""

from collections.abc import Sequence

from workers.regex import regex
from workers.repair.breaks import has_break
from workers.repair.characters import LETTER
from workers.repair.context import Context
from workers.repair.edits import Edit, Form, Warrant
from workers.repair.junction import judge
from workers.repair.normalise import mended

_WORD_BEFORE = regex(rf"{LETTER}{{1,40}}$")
_WORD_AFTER = regex(rf"{LETTER}{{1,40}}")
_WINDOW = 48
_MOST_READINGS = 5
_OFFERED = -3.0


def other_readings(form: Form, readings: Sequence[str], context: Context) -> list[Form]:
    """Return forms for further readings of the span that an address was broken over.

    A reading that differs by one hyphen is judged by the words around it; any other one is only offered.
    """
    forms: list[Form] = []
    for reading in readings[:_MOST_READINGS]:
        after = mended(reading)
        if after.url == form.url or has_break(after.url):
            continue
        odds, evidence = _odds_of_reading(form.url, after.url, context)
        edit = Edit(rule="other_reading", evidence=evidence, warrant=Warrant.VISIBLE, odds=odds)
        forms.append(form.then(after.url, edit))
    return forms


def _odds_of_reading(first: str, other: str, context: Context) -> tuple[float, str]:
    longer, shorter = (first, other) if len(first) > len(other) else (other, first)
    at = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    if longer[at : at + 1] != "-" or longer[:at] + longer[at + 1 :] != shorter:
        return _OFFERED, "another reading of a broken address"
    before = _WORD_BEFORE.search(longer, max(0, at - _WINDOW), at)
    after = _WORD_AFTER.match(longer, at + 1)
    if not before or not after:
        return _OFFERED, "another reading of a broken address"
    judged = judge(before[0], after[0], context)
    return (judged.odds if other is shorter else -judged.odds), judged.evidence
