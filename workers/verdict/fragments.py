"""Whether a page has the place that an address points to: an element's name, or a text.

What is missing is told as evidence and never makes a link dead: the page is there, and scripts may make the
place. Sources: the HTML standard (finding the indicated part), and the Text Fragments draft of the WICG.
"""

import re
from urllib.parse import unquote

import turbohtml

from workers.model import Observation
from workers.regex import regex
from workers.verdict.page import OpenPage
from workers.verdict.similarity import fold

_DIRECTIVE = ":~:"
_LONGEST_FRAGMENT = 2000
# What scripts route by, players start at and readers turn to names no element.
_NO_PLACE = regex(r"$|top$|[!/?]|(?:t|xywh|page|zoom|time_continue)=", re.IGNORECASE)
# Hosts of code put this before the names that authors give, and take it off in their scripts.
_AUTHORED = "user-content-"
_SHOWN_CHARS = 80


def missing_place(observation: Observation, page: OpenPage | None) -> str | None:
    """Return in words which place of the landing address its page lacks, None where nothing can be said.

    Nothing is said of a page that did not come whole, and of places that only scripts know.
    """
    _, sign, fragment = observation.final_url.partition("#")
    if not sign or len(fragment) > _LONGEST_FRAGMENT or not observation.body_complete:
        return None
    document = page.document if page is not None else None
    if document is None or document.root is None:
        return None
    name, _, directive = fragment.partition(_DIRECTIVE)
    texts = [part[len("text=") :] for part in directive.split("&") if part.startswith("text=")]
    if texts:
        return _missing_text(texts, document.root.text)
    if _NO_PLACE.match(name) or _is_named(document, name):
        return None
    return f"the page has no place named #{unquote(name)[:_SHOWN_CHARS]}"


def _is_named(document: turbohtml.Document, name: str) -> bool:
    """Whether an element has the name, as it is written or decoded."""
    names = {prefix + form for prefix in ("", _AUTHORED) for form in (name, unquote(name))}

    def is_wanted(value: str | None) -> bool:
        return value in names

    by_id = document.find(attrs={"id": is_wanted})
    return by_id is not None or document.find("a", attrs={"name": is_wanted}) is not None


def _missing_text(texts: list[str], shown: str) -> str | None:
    page = _closed(shown)
    for text in texts:
        if not _stands(text, page):
            return f"the page does not show the text {unquote(text)[:_SHOWN_CHARS]!r}"
    return None


def _stands(text: str, page: str) -> bool:
    """Whether the parts of a text directive, `prefix-,start,end,-suffix`, stand there in this order."""
    at = 0
    for part in text.split(","):
        wanted = _closed(unquote(part.removesuffix("-").removeprefix("-")))
        found = page.find(wanted, at)
        if found < 0:
            return False
        at = found + len(wanted)
    return True


def _closed(text: str) -> str:
    """Return a folded text without its spaces: between two paragraphs of a page there are none."""
    return fold(text).replace(" ", "")
