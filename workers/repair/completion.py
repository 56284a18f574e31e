"""What an address that was cut short may have been, from a list of addresses that begin with what is left."""

import re
from collections.abc import Iterable, Sequence

from workers.model import Candidate
from workers.regex import regex
from workers.repair.folding import slug_forms
from workers.url import lookup_key, parse

# The rule of an address that is the only one listed, and that of one among several.
ALONE, AMONG = "completed", "completed_among"
_MOST = 5
_SHORTEST_REST = 8  # characters after the host; less begins too many addresses
_WORD = regex(r"[^\W_]+")
# What sites put after the address of a page, or list beside it, is not another page.
_SIDE_PAGE = regex(
    r"(?:/(?:amp|feed|rss|print|embed|comments?|trackback|page/\d+|attachment/.*)/?|\.(?:jpe?g|png|gif|webp|svg|pdf|js|css))$",
    re.IGNORECASE,
)


def is_long_enough(stub: str) -> bool:
    """Whether what is left of an address says enough to look for the rest."""
    parsed = parse(stub)
    return parsed is not None and len(parsed.pathname.strip("/")) >= _SHORTEST_REST


def completions(stub: str, listed: Iterable[str], *, said: Sequence[str]) -> tuple[Candidate, ...]:
    """Return the listed addresses that the stub may have been, best first; at most five.

    `said` are the headline, anchors and sentences around the link; an address is the better the more of
    the words in its rest they hold. The score is that share, 1.0 where it is the only address.
    """
    known = {form for text in said for word in _WORD.findall(text) for form in slug_forms(word)}
    beginning = lookup_key(stub).casefold()
    found: dict[str, str] = {}
    for url in listed:
        key = lookup_key(url).partition("?")[0].casefold()
        if key.startswith(beginning) and len(key) > len(beginning) and not _SIDE_PAGE.search(key):
            found.setdefault(key.rstrip("/"), url.partition("?")[0])
    alone = len(found) == 1
    ranked = sorted(
        ((_share(key[len(beginning) :], known), url) for key, url in found.items()), key=lambda each: -each[0]
    )
    return tuple(
        Candidate(
            url=url,
            rule=ALONE if alone else AMONG,
            score=1.0 if alone else round(share, 4),
            evidence=(_evidence(len(found), share),),
        )
        for share, url in ranked[:_MOST]
    )


def _share(rest: str, known: set[str]) -> float:
    words = _WORD.findall(rest)
    # The first piece may be the end of a word whose beginning the stub holds.
    whole = words[1:] if len(words) > 1 else words
    return sum(word in known for word in whole) / len(whole) if whole else 0.0


def _evidence(count: int, share: float) -> str:
    if count == 1:
        return "the only address an archive lists that begins so"
    return f"one of {count} listed addresses that begin so; the article has {share:.0%} of its words"
