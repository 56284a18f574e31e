"""Where a bare address begins: a scheme, whole or mangled, or a host that stands without one.

`Head.start` is the first code point of the address, `Head.after` the first one behind its authority's
beginning (scheme heads) or behind its host (fuzzy heads). Everything looks at a bounded window.
"""

import re
from dataclasses import dataclass

from workers.extract.dotted_words import names_a_site
from workers.extract.finding import is_like_web_scheme
from workers.extract.glued import host_without_glued
from workers.extract.hosts import MAX_HOST, MAX_PORT, is_fuzzy_host, is_host
from workers.regex import regex

# What no reader sees: soft hyphens, marks of width and direction, stray control characters.
INVISIBLE = "\xad\u200b-\u200f\u2060-\u206f\ufeff\u180e\u034f\u061c\u202a-\u202e\x01-\x08\x0e-\x1b\x7f"
WINDOW = 40
# What stands left of the slashes: letters, then a colon in one of its written or mangled forms.
SCHEME_LEFT = regex(
    rf"([A-Za-z0-9+{INVISIBLE}-]*)"
    rf"(\s?\[?[:;.,\uff1a{INVISIBLE}]{{1,3}}\]?\s?|%(?:25){{0,3}}3[aA]|&(?:#58|#x3a|colon);|)[\[\\]?\Z",
    re.IGNORECASE,
)
SLASHES = regex(rf"[/\\\uff0f{INVISIBLE}]{{1,5}}\]?")
SPLIT_SLASHES = regex(r"\s{1,3}[/\\]")
LATE_COLON = regex(r":(?=\w)")
EMPHASISED = regex(r"\S{4,300}?_(?![\w/])")
SPLIT_S = regex(r"\bhttp\s\Z", re.IGNORECASE)
MASKED_SPACE = regex(r"\s[\[({]|[\])}]\s")
SPLIT_FRONT = regex(r"\b(h|ht|htt|http)\s\Z", re.IGNORECASE)
GAP = regex(r"[^\S\n\r]{0,2}\r?\n[^\S\n\r]{0,8}|[^\S\n\r]{1,2}")
WEB_WORD = regex(r"(?:https?|h[xX]{1,2}ps?)\Z", re.IGNORECASE)
OTHER_WORD = regex(r"[A-Za-z][A-Za-z0-9+.-]{1,20}\Z")
# A host as it stands in text: letters, digits and symbols of any script, dots, also masked ones.
HOST_CLASS = rf"[\w\u2190-\u2bff{INVISIBLE}-]"
DOT = r"(?:\.|\s?(?:\[\.\]|\[dot\]|\(\.\)|\(dot\)|\{\.\}|\{dot\})\s?)"
HOST = regex(rf"(?:{HOST_CLASS})+(?:{DOT}(?:{HOST_CLASS})+)*", re.IGNORECASE)
HOST_BACK = regex(rf"(?:{HOST_CLASS}|\.|\[\.\]|\[dot\])+\Z", re.IGNORECASE)
MASKED_DOT = regex(r"\s?(?:\[\.\]|\[dot\]|\(\.\)|\(dot\)|\{\.\}|\{dot\})\s?", re.IGNORECASE)
UNSEEN = regex(f"[{INVISIBLE}]")
PORT = regex(r":(\d+)")
IPV6 = regex(r"\[[0-9A-Fa-f:.]{2,45}\]")
NOT_BEFORE_HOST = frozenset("@/\\_-.=&%#+~$")
MAIL_LOCAL = regex(r"[\w.+%'-]{1,64}\Z")
MAIL_DOMAIN = regex(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
MAILTO = regex(r"mailto:\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an address; `end` is set where nothing follows it (a mail address)."""

    start: int
    after: int
    end: int | None = None


def _visible(text: str) -> str:
    return UNSEEN.sub("", text)


def scheme_head(text: str, slash: int, floor: int) -> Head | None:
    """Return the head whose scheme ends in the slashes at `slash`; nothing left of `floor` counts."""
    low = max(floor, slash - WINDOW)
    left = SCHEME_LEFT.search(text, low, slash)
    slashes = SLASHES.match(text, slash)
    if left is None or slashes is None:
        return None
    letters, sign = left[1], left[2]
    count = len(_visible(slashes[0]).rstrip("]"))
    after = slashes.end()
    is_split = letters.lower() == "s" and SPLIT_S.search(text, low, left.start()) is not None
    word = letters if is_split else _scheme_word(letters, sign, count)  # `http s://`
    start = left.start(2) - len(word or "")
    if word is None:
        if not sign[-1:].isspace():
            return None
        word, start = "", slash  # a label and its colon: `Source: //host`
    if start > 0 and not _may_begin(text, start, word):
        return None
    if not word and not _is_relative_start(text, left.start(2) if sign == ":" else start, count):
        return None
    start = _with_split_front(text, start, word, low)
    after = _behind_slashes(text, after, sign=sign, count=count)
    if not _has_authority(text, after, fuzzy=not word, exact=WEB_WORD.match(_visible(word)) is not None):
        return None
    return Head(_with_unseen(text, start, floor), _behind_masks(text, after))


def _behind_masks(text: str, at: int) -> int:
    """Return the end of a host at `at` whose masked dots have spaces round them (`a [.] org`), else `at`."""
    host = HOST.match(text, at, at + MAX_HOST)
    return host.end() if host is not None and MASKED_SPACE.search(host[0]) else at


def _behind_slashes(text: str, after: int, *, sign: str, count: int) -> int:
    """Return where the authority begins: behind a late colon, a slash that a space cut off, or a gap."""
    if not sign and (colon := LATE_COLON.match(text, after)):
        return colon.end()
    if count == 1 and (split := SPLIT_SLASHES.match(text, after)):
        after = split.end()
    return _skip_gap(text, after)


def _may_begin(text: str, start: int, word: str) -> bool:
    """Whether a scheme may begin behind `text[start - 1]`: no word runs into it, `_` only as emphasis."""
    before = text[start - 1]
    if before == "_":
        return not text[start - 2 : start - 1].isalnum() and EMPHASISED.match(text, start) is not None
    return not before.isalnum() or _starts_web(word)


def _with_split_front(text: str, start: int, word: str, low: int) -> int:
    """Step back over the letters of a scheme that a space cut off: `ht tps://`."""
    front = SPLIT_FRONT.search(text, low, start)
    if front and (front[1] + _visible(word)).lower() in {"http", "https"}:
        return front.start()
    return start


def _starts_web(word: str) -> bool:
    return WEB_WORD.match(_visible(word)) is not None


def _scheme_word(letters: str, sign: str, slashes: int) -> str | None:
    """Return the part of `letters` that is a scheme, '' for a scheme-relative address, None for no head."""
    visible = _visible(letters)
    web = re.search(rf"[htpsxHTPSX{INVISIBLE}]{{2,14}}\Z|[A-Za-z]{{3,8}}\Z", letters)
    if web and is_like_web_scheme(_visible(web[0])) and (sign or slashes > 1):
        return web[0]
    glued = re.search(r"https?\Z", visible, re.IGNORECASE)
    if glued and sign:
        return letters[-len(glued[0]) :]
    if sign == ":" and slashes == 2 and OTHER_WORD.fullmatch(visible):  # noqa: PLR2004 - `//`
        return letters
    if not visible and sign in {"", ":"} and slashes == 2:  # noqa: PLR2004
        return ""
    return None


def _is_relative_start(text: str, start: int, slashes: int) -> bool:
    before = text[start - 1 : start]
    return slashes == 2 and not (before.isalnum() or (before in {"_", ":", "/", "\\", "."} and before))  # noqa: PLR2004


def _skip_gap(text: str, at: int) -> int:
    """Step over one space between the slashes and a host that is unmistakably one."""
    gap = GAP.match(text, at)
    if gap is None:
        return at
    host = HOST.match(text, gap.end(), gap.end() + MAX_HOST)
    if host and is_fuzzy_host(plain_host(host[0]), has_path=text[host.end() : host.end() + 1] == "/"):
        return gap.end()
    return at


def _has_authority(text: str, at: int, *, fuzzy: bool, exact: bool) -> bool:
    """Whether a host can begin at `at`; a mangled or missing scheme needs one with a known suffix."""
    if IPV6.match(text, at):
        return not fuzzy
    host = HOST.match(text, at, at + MAX_HOST)
    if host is None:
        return False
    if text[host.end() : host.end() + 1] in {"@", ":"} and not fuzzy:
        return True
    name = plain_host(host[0]).rstrip("-")
    if not is_host(name):
        return False
    return exact or (not fuzzy and "." not in name) or "." in name or name.lower() == "localhost"


def plain_host(written: str) -> str:
    """Return a written host with masked dots and invisible characters made plain, for judging it."""
    return _visible(MASKED_DOT.sub(".", written))


def _with_unseen(text: str, start: int, floor: int) -> int:
    """Step back over invisible characters glued to the front: they belong to the damaged address."""
    while start > floor and UNSEEN.match(text, start - 1):
        start -= 1
    return start


def host_head(text: str, at: int, floor: int) -> tuple[Head | None, int]:
    """Return the head of the host around the dot or slash at `at`, and where its run of host characters ends.

    The run is looked at once: the caller skips every later trigger inside it.
    """
    back = HOST_BACK.search(text, max(floor, at - MAX_HOST), at)
    start = at if back is None else back.start()
    host = HOST.match(text, start, start + 2 * MAX_HOST)
    while host is None and start < at:
        start += 1
        host = HOST.match(text, start, start + 2 * MAX_HOST)
    if host is None:
        return None, at + 1
    end = host.end()
    if text[end : end + 1] == "@":
        return mail_head(text, end, floor), end
    if start > 0 and text[start - 1] in NOT_BEFORE_HOST:
        return None, end
    return _fuzzy(text, start, end, floor), end


def _fuzzy(text: str, start: int, end: int, floor: int) -> Head | None:
    start, end = host_without_glued(text, start, end)
    trimmed = plain_host(text[start:end]).rstrip("-")
    port = PORT.match(text, end)
    if port and int(port[1][:6]) > MAX_PORT:
        return None
    after = end if port is None else port.end()
    if text[after : after + 1] == "(":
        return None  # a call in code: `session.post(`
    has_path = text[after : after + 1] in {"/", "?", "#"} and text[after : after + 2].strip() != ""
    has_path = has_path and text[after : after + 1] == "/"
    if not is_fuzzy_host(trimmed, has_path=has_path) and not (
        names_a_site(text, start) and is_fuzzy_host(trimmed, has_path=has_path, is_named=True)
    ):
        return None
    scheme = re.search(r"([A-Za-z]{2,8})[:;]\s?\Z", text[max(floor, start - 10) : start])
    if scheme and is_like_web_scheme(scheme[1]):
        start -= len(scheme[0])
    return Head(_with_unseen(text, start, floor), after)


def mail_head(text: str, at: int, floor: int) -> Head | None:
    """Return the whole mail address around the `@` at `at`, with `mailto:` where it is written."""
    local = MAIL_LOCAL.search(text, max(floor, at - 64), at)
    domain = MAIL_DOMAIN.match(text, at + 1, at + 1 + MAX_HOST)
    if local is None:
        return None
    start = local.start() + len(local[0]) - len(local[0].lstrip(".'"))
    mailto = MAILTO.search(text, max(floor, start - 7), start)
    if domain is None:
        domain = re.compile(r"[^\W_]+").match(text, at + 1) if mailto else None
        if domain is None:
            return None
    elif not mailto and not is_fuzzy_host(domain[0], has_path=True):
        return None
    return Head(mailto.start() if mailto else start, domain.end(), domain.end())


ENCODED_LEFT = regex(rf"[A-Za-z{INVISIBLE}]{{2,9}}\Z")
ENCODED_SIGN = regex(r"(?:%(?:25){0,3}3[aA]|:)(?:%(?:25){0,3}2[fF]|/){1,3}")


def encoded_head(text: str, at: int, floor: int) -> Head | None:
    """Return the head of an address that was percent-encoded whole, its colon at `at`."""
    letters = ENCODED_LEFT.search(text, max(floor, at - WINDOW), at)
    sign = ENCODED_SIGN.match(text, at)
    if letters is None or sign is None or not is_like_web_scheme(_visible(letters[0])):
        return None
    if letters.start() > floor and text[letters.start() - 1] in NOT_BEFORE_HOST:
        return None
    return Head(_with_unseen(text, letters.start(), floor), sign.end())
