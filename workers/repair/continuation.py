"""How a headline goes on where the slug of an address was cut short."""

from collections.abc import Iterable, Iterator

from workers.regex import regex
from workers.repair.folding import slug_forms
from workers.repair.headline import APOSTROPHES

_WORD = regex(r"[^\W_]+")
# What stands after these in a title is the site's name, a subtitle or a year.
_TITLE_END = regex(r"\s+[|\u2013\u2014\u00b7-]\s+|\s*\(\d{4}\)\s*$|\s*\.\.\.\s*$|\s*\u2026\s*$")
_SLUG = regex(r"([^/?#-]+(?:-[^/?#-]*)+)$")
_ENDINGS = ("/", "", ".html")
_BETWEEN_DIGITS = regex(r"(?<=\d)[.,](?=\d)")
_COMPARED_WORDS = 3


def continuations(stub: str, titles: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what the address may have been, with the title that says so, in the endings that sites use.

    The words that are left of the slug must stand one after the other in the title, the last one may be
    cut within.
    """
    found = _SLUG.search(stub)
    if found is None:
        return
    *whole, cut = found[1].lower().split("-")
    head = stub[: len(stub) - len(cut)]
    for ending in _ENDINGS:
        for title in dict.fromkeys(part for each in titles for part in (_TITLE_END.split(each)[0], each)):
            rest = _rest(whole, cut, _words(title))
            if rest:
                yield f"{head}{'-'.join(rest)}{ending}", title


def _words(title: str) -> list[str]:
    plain = _BETWEEN_DIGITS.sub("", APOSTROPHES.sub("", title))
    return [slug_forms(word)[0] for word in _WORD.findall(plain)]


def _rest(whole: list[str], cut: str, words: list[str]) -> list[str]:
    """Return the words of the title from the one that was cut on; empty where the slug does not follow it."""
    before = whole[-_COMPARED_WORDS:]
    for at in range(len(before), len(words)):
        if words[at - len(before) : at] == before and words[at].startswith(cut):
            return words[at:]
    return []
