"""The beginning of an address: a scheme that is missing, mangled, doubled or in capitals."""

import re
from functools import lru_cache

from workers.regex import regex
from workers.repair.edits import Edit, Form, Warrant
from workers.repair.encoding import Step
from workers.url import is_public_name

_GOOD = regex(r"https?://(?=[^\s/\\:;])")
_PREFIX = regex(r"(?P<name>[A-Za-z]{0,8})(?P<mark>\s{0,2}[:;.,]{0,3}\s{0,2}[/\\]{0,4}[:;]?[/\\]{0,2}\s{0,2})")
_WWW_SCHEME = regex(r"www\.(?=https?:/)", re.IGNORECASE)
# A scheme with marks among its letters: 'http:s//', 'hxxp[s]://', 'h**ps://', 'https|//'.
_SCATTERED = regex(r"[hxtps*:;.,|\[\]()\s]{4,12}[/\\]{1,4}[:\])]{0,2}\s?", re.IGNORECASE)
_WITH_PORT = regex(r"http://[^/?#]*:\d+(?=[/?#]|$)")
_GLUED_TO_WWW = regex(r"(https?)(?=www\.)", re.IGNORECASE)
_LABEL = regex(r"[^\s./\\?#]{1,24}(?=https?:/)", re.IGNORECASE)
_HOST = regex(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\.?(?=[:/?#]|$)")
_HOST_START = regex(
    r"(?:[\w-]{1,63}\.)+[\w-]{2,63}|(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|localhost\b|\[[0-9a-fA-F:.]+\]|[^\s/]{1,255}@"
)
_AUTHORITY = regex(r"(?P<scheme>[A-Za-z]{4,5}://)(?P<host>[^/?#\s]*)")
_OTHER_LIST = (
    "ftp ftps sftp file data mailto tel sms fax git ssh svn news nntp irc ws wss ldap smb nfs "
    "rtsp rtmp magnet urn doi about blob geo sip sips xmpp gopher gemini ipfs dict javascript view mms"
)
# Schemes that are none of ours to mend.
OTHER_SCHEMES = frozenset(_OTHER_LIST.split())
_TAILS = frozenset(["p", "s", "ps", "tp", "tps", "ttp", "ttps"])
_MOST_WRONG_LETTERS = 2
_SHORTEST_MANGLED = 3
_MOVED = Edit(
    rule="https", evidence="publishers have moved from http to https", warrant=Warrant.GUESSED, odds=-6.0
)
_OLDER = Edit(
    rule="http", evidence="no scheme is written, and the site may be old", warrant=Warrant.GUESSED, odds=-3.0
)


def with_scheme_mended(url: str) -> Step:
    """Mend a mangled or doubled scheme, and drop a label that stands before the scheme."""
    good = _GOOD.match(url)
    if good:
        return _without_second(url, good.end())
    label = _LABEL.match(url)
    if label and not _mangled(url):
        return url[label.end() :], f"{label[0]!r} stood before the scheme"
    mended = _mangled(url)
    if mended is None:
        return None
    scheme, rest = mended
    return f"{scheme}://{rest}", f"{url[: len(url) - len(rest)]!r} stood for {scheme}://"


def with_scheme_added(url: str) -> Step:
    """Add https:// to an address that begins with `//` or with a host of a known public suffix."""
    rest = url.removeprefix("//")
    found = _HOST.match(rest)
    if not found or "@" in rest[: found.end() + 1]:
        return None
    host = found[0].lower()
    bare = rest[found.end() :] == "" and not host.startswith("www.") and rest is url
    if bare or not is_public_name(host):
        return None
    return f"https://{rest}", f"{host} is a host and no scheme is written"


def with_host_lowered(url: str) -> Step:
    """Write scheme and host in lower case; user name and password stay as they are."""
    found = _AUTHORITY.match(url)
    if not found:
        return None
    user, at, host = found["host"].rpartition("@")
    mended = f"{found['scheme'].lower()}{user}{at}{host.lower()}{url[found.end() :]}"
    return None if mended == url else (mended, "scheme and host are not told apart by case")


def _without_second(url: str, end: int) -> Step:
    www = _WWW_SCHEME.match(url, end)
    if www:
        return url[www.end() :], "a scheme stands behind another one and 'www.'"
    second = _mangled(url[end:])
    if second is None:
        return None
    scheme, rest = second
    return f"{scheme}://{rest}", "two schemes stood one after the other"


def _mangled(url: str) -> tuple[str, str] | None:
    """Return the scheme that was meant and the rest, or None where the beginning is no scheme."""
    glued = _GLUED_TO_WWW.match(url)
    if glued:
        return glued[1].lower(), url[glued.end() :]
    return _by_name_and_mark(url) or _scattered(url)


def _scattered(url: str) -> tuple[str, str] | None:
    found = _SCATTERED.match(url)
    if found is None or not _HOST_START.match(url, found.end()):
        return None
    letters = "".join(char for char in found[0].lower() if char.isalpha())
    scheme, distance = nearest_scheme(letters)
    enough = len(letters) >= _SHORTEST_MANGLED and distance <= _MOST_WRONG_LETTERS
    return (scheme, url[found.end() :]) if enough else None


def _by_name_and_mark(url: str) -> tuple[str, str] | None:
    found = _PREFIX.match(url)
    if not found or not (found["mark"].strip() or found["name"]):
        return None
    name, mark, rest = found["name"].lower(), "".join(found["mark"].split()), url[found.end() :]
    if name in OTHER_SCHEMES or not _HOST_START.match(rest):
        return None
    scheme, distance = nearest_scheme(name)
    return (scheme, rest) if distance <= _letters_allowed(name, mark) else None


def _letters_allowed(name: str, mark: str) -> int:
    slashes = mark.count("/") + mark.count("\\")
    stops = len(mark) - slashes
    if slashes > 1 and stops:
        if name in _TAILS or not name:
            return len("https")
        return _MOST_WRONG_LETTERS if len(name) >= _SHORTEST_MANGLED else 1
    if slashes and stops:
        return 1
    # 'http//host' and 'http:host': without the whole mark the name itself has to be right.
    return 0 if slashes > 1 or mark == ":" else -1


@lru_cache(maxsize=1024)
def nearest_scheme(name: str) -> tuple[str, int]:
    """Return whichever of http and https is nearer to a name, and how many letters differ.

    An adjacent pair that changed places counts as one letter.
    """
    if not name:
        return "https", len("https")
    ranked = sorted(
        (_distance(name, scheme), ("s" in name) != scheme.endswith("s"), scheme)
        for scheme in ("http", "https")
    )
    return ranked[0][2], ranked[0][0]


def _distance(left: str, right: str) -> int:
    """Return the optimal string alignment distance (Damerau-Levenshtein with adjacent swaps)."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def other_schemes(form: Form) -> list[Form]:
    """Return the form under the other of http and https, as something to ask the web about.

    Only where http is written, which may long have moved, or where no scheme was. A port that is written
    speaks one of the two: a handshake sent to a server that waits for a request only ends with the deadline.
    """
    if form.url.startswith("http://"):
        if _WITH_PORT.match(form.url):
            return []
        return [form.then(f"https{form.url[4:]}", _MOVED)]
    if any(edit.rule == "no_scheme" for edit in form.edits):
        return [form.then(f"http{form.url[5:]}", _OLDER)]
    return []
