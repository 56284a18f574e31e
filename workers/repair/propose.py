"""The one entry to repair: every form a written address may have had, and what may be done with them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from workers.model import Decision, Repair
from workers.regex import regex
from workers.repair.breaks import has_break
from workers.repair.breaks import readings as readings_of_breaks
from workers.repair.case import lowered_paths
from workers.repair.context import Context
from workers.repair.continuation import continuations
from workers.repair.decide import abstain, decide, keep
from workers.repair.doubts import doubtful_marks
from workers.repair.edges import ends_in_dots, without_ellipsis, without_sentence_dots
from workers.repair.edits import Edit, Form, Proposal, Warrant, certain
from workers.repair.glue import glued_addresses, glued_words
from workers.repair.hyphens import joins, splits
from workers.repair.leftovers import encoded_leftovers
from workers.repair.normalise import mended
from workers.repair.other_readings import other_readings
from workers.repair.redirectors import unwrapped
from workers.repair.scheme import other_schemes
from workers.repair.surroundings import NOTHING_KNOWN, Surroundings
from workers.repair.tracking import untracked
from workers.repair.variants import desktop_pages
from workers.url import join, parse

Family = Callable[[str, Context], Iterator[Proposal]]

# In the order in which they are tried: what is surer comes first, and later ones build upon it.
_FAMILIES: tuple[Family, ...] = (
    glued_addresses,
    unwrapped,
    untracked,
    doubtful_marks,
    glued_words,
    desktop_pages,
    encoded_leftovers,
    joins,
    splits,
    lowered_paths,
)
_MOST_ROUNDS = 2
_MOST_FROM_A_FAMILY = 4
_SECOND_GUESS = 2.0  # log-odds that a guess loses on an address whose damage is mended already
_LONGEST_READ = 2048  # code points; what is longer is cited whole or not at all

_ADDRESS = regex(r"https?://[^\s/?#]", re.IGNORECASE)
_WEB_SCHEME = regex(r"https?:", re.IGNORECASE)
_OTHER_SCHEME = regex(r"(?!javascript:)[a-z][a-z0-9+.-]{1,30}:", re.IGNORECASE)
_HEAD = 14  # code points in which a scheme ends, mangled or not
_CONTINUED = Edit(rule="continued", evidence="", warrant=Warrant.GUESSED, odds=0.5)
_MOST_CONTINUED = 4
_STUB = Edit(rule="truncated", evidence="dots stand for a part left out", warrant=Warrant.GUESSED, odds=-3.0)


def propose(url: str, known: Surroundings = NOTHING_KNOWN) -> Repair:
    """Return the forms that a written address may have had, best first, with what may be done.

    Pure, deterministic and total on any text; the written form is always among the candidates.
    """
    headline, anchor = known.headline, known.anchor
    context = Context(
        url,
        headline=headline,
        anchor=anchor,
        language=known.language,
        nearby=(known.text or "").replace(url, " "),
    )
    written = Form(url)
    form = mended(url)
    if not _ADDRESS.match(form.url):
        form = _with_head_joined(form)
    dotted = without_sentence_dots(form.url)
    if dotted:
        form = form.then(*dotted)
    if known.is_cut_short or ends_in_dots(form.url):
        return abstain(written, _cut_forms(form, [each for each in (headline, anchor) if each]))
    if known.base and not _ADDRESS.match(form.url):
        form = _resolved(form, known.base)
    if not _ADDRESS.match(form.url):
        is_other = _OTHER_SCHEME.match(form.url) and not _WEB_SCHEME.match(form.url)
        return keep(written) if is_other else abstain(written, [form])
    if len(form.url) > _LONGEST_READ:
        return abstain(written, [form]) if has_break(form.url) else decide(written, [form])
    forms = _forms(form, context, known.readings)
    repair = decide(written, forms)
    # What no reading makes an address of is broken still, and nothing sound to keep.
    return abstain(written, forms) if repair.decision is Decision.KEEP and parse(url) is None else repair


def _cut_forms(form: Form, titles: Sequence[str]) -> list[Form]:
    """Return the forms to try of an address that was cut short: as its titles go on, then what is left."""
    stub = form.then(without_ellipsis(form.url), _STUB)
    made = [
        stub.then(url, replace(_CONTINUED, evidence=f"the slug goes on as the title does: {title}"))
        for url, title in dict(continuations(stub.url, titles)).items()
    ]
    return [*made[:_MOST_CONTINUED], form, stub]


def _with_head_joined(form: Form) -> Form:
    """Take white space out of the scheme ('http:/ /host'), which nothing else can read around."""
    head = form.url[:_HEAD]
    joined = mended("".join(head.split()) + form.url[_HEAD:])
    if head.split() == [head] or not _ADDRESS.match(joined.url):
        return form
    return form.then(joined.url, certain("inner_space", "white space inside the scheme"), *joined.edits)


def _resolved(form: Form, base: str) -> Form:
    address = join(form.url, base) if form.url and not form.url.startswith("#") else None
    return form.then(address, certain("resolved", f"relative to {base}")) if address else form


def _forms(form: Form, context: Context, readings: Sequence[str]) -> list[Form]:
    """Return every form that the families of edits make, the likeliest chain of them first."""
    forms = readings_of_breaks(form, context) if has_break(form.url) else [form]
    forms += other_readings(form, readings, context)
    forms.sort(key=lambda one: -one.odds)
    best, others = forms[0], forms[1:]
    for family in _FAMILIES:
        best, passed_over = _through(family, best, context)
        others += passed_over
    return [best, *others, *other_schemes(best)]


def _through(family: Family, form: Form, context: Context) -> tuple[Form, list[Form]]:
    """Return the best form that a family of edits makes of this one, and the forms passed over."""
    others: list[Form] = []
    for _ in range(_MOST_ROUNDS):
        made = [_after(form, url, edit) for url, edit in family(form.url, context)]
        if len(made) > 1:
            made.sort(key=lambda one: -one.odds)
        if not made or made[0].odds <= form.odds:
            return form, others + made[:_MOST_FROM_A_FAMILY]
        others += [form, *made[1:_MOST_FROM_A_FAMILY]]
        form = made[0]
    return form, others


def _after(form: Form, url: str, edit: Edit) -> Form:
    """Apply one edit; what comes out of a wrapping may carry mechanical damage of its own."""
    if edit.rule != "wrapped":
        second_guess = form.edits and edit.warrant is Warrant.GUESSED
        return form.then(url, replace(edit, odds=edit.odds - _SECOND_GUESS) if second_guess else edit)
    inner = mended(url)
    return form.then(inner.url, edit, *inner.edits)
