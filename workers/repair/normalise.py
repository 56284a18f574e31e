"""Mechanical repair: certain, idempotent, and the identity on every clean address.

White space inside an address is left standing: what a break hid is a matter of reading, see `breaks`.
"""

import re
from collections.abc import Callable

from workers.regex import regex
from workers.repair.edges import trimmed, without_closing_dash, without_zero_width_tags
from workers.repair.edits import Edit, Form, certain
from workers.repair.encoding import (
    Step,
    without_alike_head,
    without_backslashes,
    without_defanging,
    without_entities,
    without_hidden,
    without_lookalikes,
    without_percent_layers,
)
from workers.repair.footnotes import without_footnote
from workers.repair.host import with_host_mended
from workers.repair.lead import without_lead
from workers.repair.mail import without_quote_marks, without_quoted_printable
from workers.repair.scheme import with_host_lowered, with_scheme_added, with_scheme_mended
from workers.repair.tails import without_encoded_tail

LONGEST_ADDRESS = 16_384  # code points; browsers and archives take less, and nothing longer is cited

_CLEAN = regex(
    r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d+)?(?:[/?#][A-Za-z0-9/._~!$'(*+,;=:@%?#&-]*)?"
)
_SUSPICIOUS = regex(
    r"[.,;:!?'*_~(\[{]$|&#?\w+;|^https?://[\w.-]+%|^https?://[a-z]{2,8}[.:;,]{0,3}/|[({]\s?(?:\.|dot|:|/)"
    r"|\.\.$|\^\d|\]$"
    r"|^https?://(?:https?|www\.https?:|w{2}|w{4}|[^/?#]*[.,;]{2}|[^/?#]*[,;]|www[:/])|%3C|%u|=[0-9A-F]{2}"
    r"|%2[27](?:%|\+)|%20[([%]|%(?:[01].|2[02789CE]|3[ABCE]|5[BCDE]|60|7[BCD]|[89AB].)[^%/?#&=\w]{0,4}$",
    re.IGNORECASE,
)
_MOST_ROUNDS = 8

_STEPS: tuple[tuple[str, Callable[[str], Step]], ...] = (
    ("entity_left", without_entities),
    ("hidden_character", without_hidden),
    ("hidden_character", without_zero_width_tags),
    ("quoted_mail", without_quote_marks),
    ("edge", without_lead),
    ("escaped", without_backslashes),
    ("quoted_printable", without_quoted_printable),
    ("edge", without_closing_dash),
    ("footnote", without_footnote),
    ("lookalike", without_alike_head),
    ("lookalike", without_lookalikes),
    ("edge", trimmed),
    ("edge", without_encoded_tail),
    ("defanged", without_defanging),
    ("percent_encoded", without_percent_layers),
    ("bad_scheme", with_scheme_mended),
    ("no_scheme", with_scheme_added),
    ("host", with_host_mended),
    ("host_case", with_host_lowered),
)


def normalise(url: str) -> str:
    """Return the address with all mechanical damage undone.

    Total on any text; one call does as much as two; a clean address comes back as it is.
    """
    return mended(url).url


def mended(url: str) -> Form:
    """Return the mechanically repaired form of an address with the edits that led to it.

    A text that does not come to rest in a few rounds, or that is longer than any address, is returned
    as it is.
    """
    if is_clean(url) or len(url) > LONGEST_ADDRESS:
        return Form(url)
    form = Form(url)
    for _ in range(_MOST_ROUNDS):
        after = _one_round(form)
        if after.url == form.url:
            return form
        form = after
    return Form(url)


def is_clean(url: str) -> bool:
    """Whether an address shows none of the marks that any mechanical step looks for."""
    return _CLEAN.fullmatch(url) is not None and _SUSPICIOUS.search(url) is None


def _one_round(form: Form) -> Form:
    for rule, step in _STEPS:
        done = step(form.url)
        if done and done[0] != form.url:
            form = Form(done[0], _merged(form.edits, certain(rule, done[1])))
    return form


def _merged(edits: tuple[Edit, ...], edit: Edit) -> tuple[Edit, ...]:
    """Add an edit, unless its rule stands there already from an earlier round."""
    return edits if any(known.rule == edit.rule for known in edits) else (*edits, edit)
