"""What does not belong to an address at its two ends: quotes, brackets, punctuation, markup."""

import re
import unicodedata
from collections.abc import Iterator

from workers.regex import regex
from workers.repair.characters import is_dash, is_ellipsis, is_outside_mark
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.encoding import Step
from workers.repair.file_endings import DOCUMENT_ENDINGS
from workers.repair.language import is_function_word

_OPENERS = {"(": ")", "[": "]", "{": "}"}
_CLOSERS = {closer: opener for opener, closer in _OPENERS.items()}
_QUOTES = "\"'`<>|"
_PUNCTUATION = ".,;:!?"
_EMPHASIS = "*_~="
# Marks that no address has, and the ends of links in other markups: '](', '][', ']]', '|title]]', '}}'.
_MARKUP = regex(
    r"\s+/?>|[<>\"`]|\[/[A-Za-z]{1,8}\]|\][^\[\]]*\[/[A-Za-z]{1,8}\]|\](?=[(\[\]|])|\{\{|\|(?=\s|$|[\]}>|-])"
    r"|\|[^|/?&=\s][^|/?&=]{0,80}(?=[\]}>])|\|[a-z-]{2,20}=|'(?=\s|/?>|[,\]}])"
)
_MARKUP_SIGN = regex(r"[<>\"`\[\]{|']")
# A tag without a width of its own inside an address: the browser may break a line there.
_BREAK_TAG = regex(r"<br\s?/?>(?=[a-z\d/][^\s<>]*[/.\d_-])", re.IGNORECASE)
_NO_WIDTH = regex(r"</?wbr\s?/?>", re.IGNORECASE)
_BEFORE_DASH = " \t\r\n\u00a0.,;:!"
_AFTER_EM_DASH = regex("\u2014([A-Za-z]{1,15})$")
# A tag that stands before an address: '[url]', '[url=', '<a href="'.
_TAG = regex(
    r"(?:\[[a-z]{1,8}(?:\]|=[\"']?)|<[a-z]{1,8}\s[^<>]{0,80}=\s?[\"']?)(?=[a-z]{2,8}[:;]|www\.)",
    re.IGNORECASE,
)
_DOTS = regex(r"\.{2,}$|\[\.{2,}\]$|\(\.{2,}\)$")
_ENCODED_DOTS = regex(r"(?:%E2%80%A[56])$", re.IGNORECASE)
_STARS = regex(r"(?<=[^/*])\*{2,3}[.,;:!?]?$")
# Marks that a title may end in itself: initials ('Washington,_D.C.'), a name with its cry ('/Yahoo!').
# and abbreviations that end names ('Apple_Inc.').
_OWN_END = regex(
    r"(?:[._][A-Z]\.|/(?:[A-Z][a-z]+_?){1,6}!|/[a-z]{2,20}!|_(?:Inc|Co|Corp|Ltd|Jr|Sr|St|Bros|Dr|No|vs)\.)$"
)
_OWN_MARKS = frozenset(".!")
# In small letters a cry is more often the sentence's: '/letters!'.
_SMALL_CRY = regex(r"/[a-z]+!$")
_POSSESSIVE = re.compile("(?<=[\\w/])['\u2019]s$")
_SPACED_DASH = re.compile("\\s[\u2013\u2014]\\s")
_OWN_QUOTES = re.compile(r"/'[\w-]+'$")
_OPEN_EMPHASIS = regex(r"(?:[/=#-][a-z]{2,}|-[a-z]{2,}/)[_~]{1,3}$")
_AFTER_FILE_NAME = regex(rf"\.(?:{'|'.join(DOCUMENT_ENDINGS)})[*_~]+$", re.IGNORECASE)
# After a file name nothing was left out: the dots are the sentence's.
_SENTENCE_DOTS = regex(rf"\.(?:{'|'.join(DOCUMENT_ENDINGS)})(\s?(?:\.{{2,}}|\u2026))$", re.IGNORECASE)
_DOUBTFUL_ODDS, _CRY_ODDS, _DOTS_ODDS = -0.5, 0.7, 2.0
_LONGEST_TITLE = 80
_CLOSED_ELLIPSIS = 3  # '[…]'


def trimmed(url: str) -> Step:
    """Remove quotes, unbalanced brackets and sentence punctuation from both ends."""
    if url[:1].isalnum() and (url[-1:].isalnum() or url[-1:] == "/") and not _MARKUP_SIGN.search(url):
        return None
    stripped = url.strip()
    start = _leading(stripped)
    cut = _markup(stripped, start + 1) or _STARS.search(stripped, start)
    end = _trailing(stripped, start, cut.start() if cut else len(stripped))
    if end <= start:
        return None
    mended = stripped[start:end]
    if mended == url:
        return None
    front, back = stripped[:start], stripped[end:]
    where = " and ".join(
        f"{shown[:12]!r} {place}" for shown, place in ((front, "before it"), (back, "after it")) if shown
    )
    return mended, f"not part of the address: {where}" if where else "white space around the address"


def without_closing_dash(url: str) -> Step:
    """Remove a typographic dash at the end, where it stands for the sentence; inside it may be a hyphen."""
    if url.isascii():
        return None
    end = len(url.rstrip(_BEFORE_DASH))
    start = end
    while start and is_dash(url[start - 1]):
        start -= 1
    spaced = _SPACED_DASH.search(url)
    if spaced and "/" in url[: spaced.start()].partition("://")[2]:
        start, end = spaced.start(), len(url)
    glued = _AFTER_EM_DASH.search(url)
    if glued and "\u2014" not in url[: glued.start()] and is_function_word(glued[1], "en"):
        start, end = glued.start(), len(url)
    if start == end:
        return None
    return url[:start].rstrip(), f"{url[start:][:12]!r} is the sentence's"


def without_zero_width_tags(url: str) -> Step:
    """Remove the tags that only allow a break (`<wbr>`), and write a break for `<br>` inside an address."""
    mended = _BREAK_TAG.sub("\n", _NO_WIDTH.sub("", url)) if "<" in url else url
    return None if mended == url else (mended, "a tag of a line break was left on")


def _markup(url: str, start: int) -> re.Match[str] | None:
    """Return the first mark of markup; a bracket that closes one of the address is none ('?a[b][c]=')."""
    if not _MARKUP_SIGN.search(url, start):
        return None
    for found in _MARKUP.finditer(url, start):
        if found[0][0] != "]" or url.count("[", start, found.start()) <= url.count("]", start, found.start()):
            return found
    return None


def doubtful_ends(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the address without a mark at its end that may be its own."""
    owner = _POSSESSIVE.search(url)
    if owner:
        evidence = f"{owner[0]!r} at the end may be the sentence's"
        yield (
            url[: owner.start()],
            Edit(rule="edge", evidence=evidence, warrant=Warrant.VISIBLE, odds=_CRY_ODDS),
        )
    end = _symbol_or_emphasis(url)
    if end:
        evidence = f"{url[end:]!r} at the end may be the sentence's"
        yield url[:end], Edit(rule="edge", evidence=evidence, warrant=Warrant.VISIBLE, odds=_CRY_ODDS)
    if url[-1:] in _OWN_MARKS and _OWN_END.search(url, max(0, len(url) - _LONGEST_TITLE)):
        edit = Edit(
            rule="edge",
            evidence=f"{url[-1]!r} at the end may be the sentence's",
            warrant=Warrant.VISIBLE,
            odds=_CRY_ODDS if _SMALL_CRY.search(url) else _DOUBTFUL_ODDS,
        )
        yield url[:-1], edit


def _symbol_or_emphasis(url: str) -> int:
    """Return where a symbol ('🙂', '➡') or marks of emphasis that were never opened begin; 0 for none."""
    start = len(url)
    while start and not url[start - 1].isascii() and unicodedata.category(url[start - 1]) == "So":
        start -= 1
    if start == len(url) and _OPEN_EMPHASIS.search(url) and url.count("_") == len(url) - len(url.rstrip("_")):
        start = len(url.rstrip("_~"))
    follows = url[start - 1 : start]
    return start if start < len(url) and (follows.isalnum() or follows in {"/", ")"}) else 0


def without_sentence_dots(url: str) -> tuple[str, Edit] | None:
    """Return the address without dots behind a whole file name, which are the sentence's as a rule."""
    found = _SENTENCE_DOTS.search(url)
    if found is None:
        return None
    evidence = "dots after a file name are the sentence's"
    edit = Edit(rule="edge", evidence=evidence, warrant=Warrant.VISIBLE, odds=_DOTS_ODDS)
    return url[: found.start(1)], edit


def ends_in_dots(url: str) -> bool:
    """Whether the address ends in, or holds, dots that stand for a part left out."""
    tail = url.rstrip("])}\"'")
    return bool(_DOTS.search(url) or _ENCODED_DOTS.search(url)) or any(map(is_ellipsis, tail))


def without_ellipsis(url: str) -> str:
    """Return what stands before the dots of an address that was cut short."""
    for index, char in enumerate(url):
        if is_ellipsis(char):
            return url[:index].rstrip("[({")
    return _ENCODED_DOTS.sub("", url.rstrip("])}\"'").rstrip(".").rstrip("[({"))


def _leading(url: str) -> int:
    tag = _TAG.match(url)
    start = tag.end() if tag else 0
    while start < len(url) and (
        url[start] in _QUOTES or url[start] in _OPENERS or _is_outside(url[start]) or url[start] in ",;:!"
    ):
        if url[start] == "[" and ":" in url[start : start + 6]:
            break  # an IPv6 host
        start += 1
    if url[start : start + 1] and url[start] in _EMPHASIS and url.rstrip(_PUNCTUATION).endswith(url[start]):
        start += len(url[start:]) - len(url[start:].lstrip(url[start]))
    return start


def _trailing(url: str, start: int, end: int) -> int:
    balance = {
        closer: url.count(closer, start, end) - url.count(opener, start, end)
        for closer, opener in _CLOSERS.items()
    }
    emphasis = url[start - 1] if start and url[start - 1] in _EMPHASIS else ""
    while end > start and not _ends_itself(url, start, end):
        char = url[end - 1]
        if char in _CLOSERS and balance[char] > 0:
            balance[char] -= 1
        elif char in _OPENERS:
            balance[_OPENERS[char]] += 1
        elif not (
            char in _QUOTES
            or char in _PUNCTUATION
            or char in "\\^"
            or char == emphasis
            or (char == "*" and (url[end - 2 : end - 1].isalnum() or url[end - 2 : end - 1] in ")]}"))
            or (char in "*_~" and _AFTER_FILE_NAME.search(url, start, end))
            or _is_outside(char)
            or char.isspace()
        ):
            break
        end -= 1
    return end


def _ends_itself(url: str, start: int, end: int) -> bool:
    """Whether what stands at the end belongs there: dots for a part left out, or a title's own mark."""
    if _DOTS.search(url, max(start, end - _CLOSED_ELLIPSIS - 2), end):
        return True
    if url[end - 2 : end] == "=?" or _OWN_QUOTES.search(url, start, end):
        return True
    return (
        url[end - 1] in _OWN_MARKS and _OWN_END.search(url, max(start, end - _LONGEST_TITLE), end) is not None
    )


def _is_outside(char: str) -> bool:
    return is_outside_mark(char) and not is_ellipsis(char)
