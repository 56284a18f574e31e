"""The sibling of an address that cannot exist, and what it speaks for.

The sibling differs in slug and in id at once: on hosts that route by id any slug answers, on others any id.
"""

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from workers.regex import regex
from workers.url import parse
from workers.verdict.address import is_opaque

_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxz"
_EXTENSION = regex(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_SCRIPT = regex(r"\.(?:php\d?|aspx?|jsp|jspx|cgi|do|cfm|pl|dll|exe|action)$", re.IGNORECASE)
_YEAR = regex(r"^(?:19|20)\d\d$")
_RUN = regex(r"\d+|[^\W\d_]+")
_TRACKING = regex(r"^(?:utm_\w+|fbclid|gclid|ref|source|lang|hl|locale|page|print|share)$", re.IGNORECASE)
_MIN_ID_DIGITS = 4
# A number of few digits may well exist; one of more digits than the host counts does not.
_LEAST_DIGITS, _EXTRA_DIGITS, _MOST_DIGITS = 8, 3, 15


def probe_url(url: str, *, seed: str) -> str:
    """Return an address beside `url` that cannot exist: same directory, another slug and another id.

    The same `url` and `seed` give the same sibling. Where a script picks the item by its query, the
    values of the query change and the path stays. A string that is no URL comes back as it is.
    """
    parsed = parse(url)
    if parsed is None:
        return url
    chance = _chance(f"{seed}|{url}")
    pairs = _picking_pairs(parsed.pathname, parsed.search)
    if pairs:
        return f"{parsed.origin}{parsed.pathname}?" + "&".join(_other_pair(pair, chance) for pair in pairs)
    return f"{parsed.origin}{_other_path(parsed.pathname, chance)}"


def directory_of(url: str) -> str:
    """Return what a sibling of `url` speaks for: scheme, host and directory, ending or picking fields.

    What picks one item in the directory's path is left out, for the sibling has another there too.
    """
    parsed = parse(url)
    if parsed is None:
        return url
    pairs = _picking_pairs(parsed.pathname, parsed.search)
    if pairs:
        return f"{parsed.origin}{parsed.pathname}?{'&'.join(name for name, _, _ in pairs)}"
    folders, last = _parts_of(parsed.pathname)
    ids = _item_ids(parsed.pathname)
    kept = ("*" if at in ids else part for at, part in enumerate(folders))
    ending = _EXTENSION.search(last)
    return "/".join((parsed.origin, *kept, ending[0] if ending else ""))


def _picking_pairs(path: str, search: str) -> list[tuple[str, str, str]]:
    """Return the fields of a query by which a script picks what to show, [] where the path does."""
    pairs = [pair.partition("=") for pair in search[1:].split("&")] if len(search) > 1 else []
    last = path.rpartition("/")[2]
    is_picked = any(value and not _TRACKING.match(name) for name, _, value in pairs)
    return pairs if is_picked and (_SCRIPT.search(last) or not last) else []


def _chance(seed: str) -> Iterator[int]:
    counter = 0
    while True:
        yield from hashlib.sha256(f"{seed}|{counter}".encode()).digest()
        counter += 1


def _other_pair(pair: tuple[str, str, str], chance: Iterator[int]) -> str:
    name, sign, value = pair
    if not value or _TRACKING.match(name):
        return name + sign + value
    return f"{name}={quote(_other_part(unquote(value), chance), safe='-_.')}"


def _other_path(path: str, chance: Iterator[int]) -> str:
    tail = "/" if path.endswith("/") and len(path) > 1 else ""
    folders, last = _parts_of(path)
    ids = _item_ids(path)
    folders = [_other_part(part, chance) if at in ids else part for at, part in enumerate(folders)]
    extension = _EXTENSION.search(last)
    stem = last[: extension.start()] if extension else last
    other = f"{_other_part(stem, chance)}{extension[0] if extension else ''}"
    return "/" + "/".join(quote(part, safe="-_.~!$&'()*+,;=:@") for part in [*folders, other]) + tail


def _parts_of(path: str) -> tuple[list[str], str]:
    """Return the folders of a path and its last part, decoded."""
    *folders, last = [unquote(part) for part in path.strip("/").split("/")]
    return folders, last


def _item_ids(path: str) -> frozenset[int]:
    """Return which folders of a path, by number, pick one item, so that a sibling needs others.

    A short number does where a slug follows it and no other number stands before it, as years, months and
    days stand in a row.
    """
    folders, slug = _parts_of(path)
    ids = {at for at, part in enumerate(folders) if _is_item_id(part)}
    if len(folders) > 1 and folders[-1].isdigit() and not _YEAR.match(folders[-1]):
        is_dated = _has_digit(folders[-2]) or slug[:1].isdigit()
        ids |= set() if is_dated else {len(folders) - 1}
    return frozenset(ids)


def _has_digit(part: str) -> bool:
    return any(map(str.isdigit, part))


def _is_item_id(part: str) -> bool:
    digits = part.isdigit() and len(part) >= _MIN_ID_DIGITS and not _YEAR.match(part)
    return digits or is_opaque(part.lower())


def _other_part(part: str, chance: Iterator[int]) -> str:
    if part.isdigit():
        return _other_digits(part, chance)
    other = _RUN.sub(lambda run: _other_run(run[0], chance), part)
    if not any(run.isdigit() for run in _RUN.findall(other)):
        # A slug alone may be looked up loosely; a word and a number together are found by no one.
        other = f"{other or _other_word(9, chance)}-{_other_digits('00000', chance)}"
    return other


def _other_run(run: str, chance: Iterator[int]) -> str:
    return _other_digits(run, chance) if run.isdigit() else _other_word(len(run), chance)


def _other_digits(run: str, chance: Iterator[int]) -> str:
    length = min(max(len(run) + _EXTRA_DIGITS, _LEAST_DIGITS), _MOST_DIGITS)
    return "9" + "".join(str(next(chance) % 10) for _ in range(length - 1))


def _other_word(length: int, chance: Iterator[int]) -> str:
    letters = (_VOWELS if index % 3 == 1 else _CONSONANTS for index in range(max(3, min(length, 12))))
    return "".join(alphabet[next(chance) % len(alphabet)] for alphabet in letters)
