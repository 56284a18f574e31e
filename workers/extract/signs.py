"""Quick tests whether a text may hold a bare address or an identifier at all.

They are true wherever the scanner or the identifiers would find one, and false for most prose.
"""

from collections.abc import Callable

from workers.extract.scanner import DOT

# Signs that most articles have none of: one without them is not searched for them again and again.
RARE = ("@", "%3", "%25", "\\\\", "\uff0f", "[.", "[dot", "-000", "978-", "979-")
LABELS = ("isbn", "issn", "pmid", "pubmed", "pmc", "urn:", "orcid")


def sign_check(text: str) -> Callable[[str], bool]:
    """Return a quick test whether a piece of `text` may hold an address or identifier."""
    lowered = text.lower()
    if any(sign in text for sign in RARE) or any(label in lowered for label in LABELS):
        return may_hold_any
    return may_hold_common


def may_hold_common(piece: str) -> bool:
    """Whether a text may hold an address with a slash or a dot, as nearly all have."""
    return "/" in piece or DOT.search(piece) is not None


def may_hold_any(piece: str) -> bool:
    """Whether a text may hold an address or identifier of whatever kind."""
    if may_hold_common(piece) or any(sign in piece for sign in RARE):
        return True
    lowered = piece.lower()
    return any(label in lowered for label in LABELS)


def may_hold_address(piece: str) -> bool:
    """Whether a text may hold an address, identifiers aside; quick where it holds none."""
    return (
        may_hold_common(piece)
        or "@" in piece
        or ("%" in piece and ("%3" in piece or "%25" in piece))
        or ("[" in piece and ("[." in piece or "[dot" in piece))
        or ("\\" in piece and "\\\\" in piece)
        or "\uff0f" in piece
    )
