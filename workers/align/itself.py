"""Whether a recovered target is the article itself: such a link is shown to people and never taken.

What stood where a link was stripped led to another page; a page links itself by its headline, its date, its
buttons and its contents.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from workers.align.fit import target_key
from workers.align.unwrap import original_of
from workers.model import Candidate, Decision, Recovery, RecoveryReason

_LAYERS: Final = 3
_TOLD: Final = "it is the article's own address"


def own_keys(addresses: Iterable[str]) -> frozenset[str]:
    """Return the keys of an article's addresses, and of the originals inside those of captures."""
    return frozenset(key for address in addresses for key in _keys_of(address))


def without_itself(recovery: Recovery, own: frozenset[str]) -> Recovery:
    """Return a recovery that is not sure of the article's own address; fragments do not count.

    `own` are the keys of the article and of the page that it was found on.
    """
    candidates = tuple(
        replace(each, evidence=(*each.evidence, _TOLD)) if _is_own(each, own) else each
        for each in recovery.candidates
    )
    is_best = recovery.best is not None and not own.isdisjoint(_keys_of(recovery.best))
    if recovery.decision is not Decision.AUTO or not is_best:
        return replace(recovery, candidates=candidates)
    return replace(
        recovery, decision=Decision.SUGGEST, reason=RecoveryReason.AMBIGUOUS, candidates=candidates
    )


def _is_own(candidate: Candidate, own: frozenset[str]) -> bool:
    return not own.isdisjoint(_keys_of(candidate.url))


def _keys_of(address: str) -> set[str]:
    """Return the keys of an address and of those inside it, where it is an archive's."""
    keys = {target_key(address)}
    for _ in range(_LAYERS):
        address = original_of(address)
        keys.add(target_key(address))
    return keys
