"""Marks that may be the address's own: one gate for the rules about them, since most addresses have none."""

from collections.abc import Iterator

from workers.regex import regex
from workers.repair.context import Context
from workers.repair.edges import doubtful_ends
from workers.repair.edits import Proposal
from workers.repair.footnotes import glued_figures
from workers.repair.glued_marks import words_after_marks
from workers.repair.host import likelier_hosts
from workers.repair.mail import doubtful_codes
from workers.repair.mojibake import misread_letters
from workers.repair.tails import doubtful_tails

# A mark or a code at the end, alone or with one word or figures behind it.
_END = regex(
    r"[^A-Za-z0-9/-]$|'s$|[.;,:)\]][A-Za-z]*\d{1,3}$|[.;,:)\](\[][A-Za-z][a-z]{1,14}$|[%=][0-9A-Fa-f]{2}$"
)
_LONGEST_END = 20
_MARK = regex(r"[.;,:)\](\[%=']|[^A-Za-z0-9/-]$")
_RULES = (
    likelier_hosts,
    doubtful_ends,
    doubtful_tails,
    doubtful_codes,
    glued_figures,
    words_after_marks,
    misread_letters,
)


def doubtful_marks(url: str, context: Context) -> Iterator[Proposal]:
    """Yield the address without, or with another reading of, each mark that may be its own."""
    has_code = "=3D" in url or "%C" in url or not url.isascii()
    if has_code or _may_be_mistyped(url) or _ends_in_mark(url):
        for rule in _RULES:
            yield from rule(url, context)


def _ends_in_mark(url: str) -> bool:
    start = max(0, len(url) - _LONGEST_END)
    return _MARK.search(url, start) is not None and _END.search(url, start) is not None


def _may_be_mistyped(url: str) -> bool:
    """Whether the host may begin with a mistyped 'www.' ('ww.', 'wwww.') or end in a full stop."""
    if "./" in url or ".:" in url:
        return True
    start = url.find("://") + 3
    first = url[start : start + 4]
    return first[:1] in {"w", "v"} and (first != "www." or url.startswith("w", start + 4))
