"""What can be told of a citation by its written form alone: nothing to ask for, damage, repairs of it."""

import re
from typing import TYPE_CHECKING

from workers.model import Decision, Defect, Document, FoundLink, Outcome, Repair, Verdict
from workers.on_demand import on_demand
from workers.regex import regex
from workers.repair.surroundings import Surroundings
from workers.url import is_fetchable

if TYPE_CHECKING:
    from workers.repair import normalise as mending
    from workers.repair import propose as proposing
else:
    mending = on_demand("workers.repair.normalise")
    proposing = on_demand("workers.repair.propose")

# A script that does nothing stands where a link was stripped.
_EMPTY_SCRIPTS = frozenset({"", "void(0)", "void0", "void(null)", "returnfalse", "//"})

# A whole address as people write it, damaged or not; anything else may lean on a base.
_ABSOLUTE = regex(r"\s*(?:[a-z]{2,8}(?::|%3A)|www\.)", re.IGNORECASE)
_PLAIN_STARTS = ("https://", "http://")
_LEAST_SLASHES = 2  # one may stand in a name of a file and its folder: 'setup.py/x'
HARD_DEFECTS = frozenset(
    {
        Defect.NO_SCHEME,
        Defect.BAD_SCHEME,
        Defect.LINE_BREAK,
        Defect.HYPHEN_AT_BREAK,
        Defect.SOFT_HYPHEN,
        Defect.ZERO_WIDTH,
        Defect.INNER_SPACE,
        Defect.QUOTED,
        Defect.ENTITY_LEFT,
        Defect.ESCAPED,
        Defect.PERCENT_ENCODED,
        Defect.DOUBLE_SCHEME,
        Defect.DEFANGED,
        Defect.ELLIPSIS,
        Defect.LIGATURE,
        Defect.UNICODE_DASH,
        Defect.GLUED_WORD,
    }
)


def verdict_as_written(found: FoundLink) -> Verdict | None:
    """Return what can be told of a citation without asking anybody, or None where its link must be asked."""
    if found.resolved is not None and not found.defects and found.target.startswith(_PLAIN_STARTS):
        return None  # as most are
    target = found.target.strip()
    if target in {"", "#"} or _is_empty_script(target):
        return Verdict(outcome=Outcome.PLACEHOLDER, rule="written/placeholder", evidence=("no target",))
    has_other_scheme = Defect.UNSUPPORTED_SCHEME in found.defects and not _is_mangled_address(target)
    if has_other_scheme or Defect.SCRIPT in found.defects:
        return _unsupported("scheme", f"{target.partition(':')[0].lower()}: is not fetched")
    if found.resolved is not None:
        return None
    return _unresolved(found, target)


def _unresolved(found: FoundLink, target: str) -> Verdict | None:
    """Return what can be told of a target that is no address as it stands."""
    if found.identifier is not None:
        return _unsupported("identifier", "no public resolver")
    if target.startswith("#"):
        return _unsupported("fragment", "a place in the article itself")
    if found.defects or _is_mangled_address(target):
        return None
    return _unsupported("relative", "relative, and no base is known")


def _is_mangled_address(target: str) -> bool:
    """Whether what reads as a relative path is an address: `http//host`, `host.tld/folder/page`."""
    form = mending.mended(target)
    rules = {edit.rule for edit in form.edits}
    is_host_and_path = target.count("/") >= _LEAST_SLASHES and not target.startswith(("/", "."))
    return is_fetchable(form.url) and ("bad_scheme" in rules or ("no_scheme" in rules and is_host_and_path))


def has_placeholder(document: Document) -> bool:
    """Whether a document holds a link whose target was stripped."""
    verdicts = (verdict_as_written(found) for found in document.links)
    return any(verdict is not None and verdict.outcome is Outcome.PLACEHOLDER for verdict in verdicts)


def _is_empty_script(target: str) -> bool:
    """Whether a target is a script that does nothing, such as `javascript:void(0);`."""
    scheme, _, script = target.partition(":")
    return scheme.lower() == "javascript" and "".join(script.lower().split()).rstrip(";") in _EMPTY_SCRIPTS


def _unsupported(rule: str, evidence: str) -> Verdict:
    """Return the verdict on a target that there is no way to ask for."""
    return Verdict(outcome=Outcome.UNSUPPORTED, rule=f"written/{rule}", evidence=(evidence,))


def address_to_ask(found: FoundLink) -> str:
    """Return the address that stands for a citation in a run: resolved, or else what is written."""
    return found.resolved if found.resolved is not None else found.target


def is_damaged(found: FoundLink) -> bool:
    """Whether the written form of a citation cannot stand, even where it answers."""
    mangled = found.resolved is None and set(found.defects) <= {Defect.UNSUPPORTED_SCHEME}
    return mangled or not HARD_DEFECTS.isdisjoint(found.defects)


def proposal_for(found: FoundLink, document: Document) -> Repair | None:
    """Return the repairs of a damaged address, with what its article says of it as evidence.

    None where nothing is wrong to see. They are made of what is written: to read it as an address may
    have covered the damage (escapes, look-alikes, stray marks).
    """
    if found.resolved == found.target and not found.defects:
        return None
    is_absolute = found.resolved is None or _ABSOLUTE.match(found.target) is not None
    damaged = is_damaged(found)
    if not damaged and (not is_absolute or found.target == found.resolved):
        return None
    repair = proposing.propose(
        found.target if is_absolute else address_to_ask(found),
        Surroundings(
            headline=document.headline,
            anchor=found.anchor if found.anchor != found.raw else None,
            text=found.context or None,
            language=document.language,
            readings=found.readings,
            is_cut_short=Defect.ELLIPSIS in found.defects,
        ),
    )
    return repair if damaged or repair.decision is not Decision.KEEP else None
