"""Which addresses deserve a sibling question, and the sibling that cannot exist.

The sibling differs in slug and in id at once: on hosts that route by id any slug answers, on others any id.
"""

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from workers.model import ALIVE, Observation
from workers.url import parse
from workers.verdict.address import Address, Shape, is_opaque, read_address
from workers.verdict.context import Context
from workers.verdict.lexicon import marks
from workers.verdict.missing import finds_nothing, looks_missing
from workers.verdict.outcome import decide
from workers.verdict.page import Page
from workers.verdict.similarity import fold
from workers.verdict.words import words_of

_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxz"
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jsp|jspx|cgi|do|cfm|pl|dll|exe|action)$", re.IGNORECASE)
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_RUN = re.compile(r"\d+|[^\W\d_]+")
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|ref|source|lang|hl|locale|page|print|share)$", re.IGNORECASE
)
_OK = 200
_TELLING_SLUG = 2
_FEW_WORDS = 80
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
    path, search = parsed.pathname, parsed.search
    last = path.rpartition("/")[2]
    pairs = [pair.partition("=") for pair in search[1:].split("&")] if len(search) > 1 else []
    picks = [pair for pair in pairs if pair[2] and not _TRACKING.match(pair[0])]
    if picks and (_SCRIPT.search(last) or not last):
        return f"{parsed.origin}{path}?" + "&".join(_other_pair(pair, chance) for pair in pairs)
    return f"{parsed.origin}{_other_path(path, chance)}"


def needs_probe(observation: Observation, page: Page | None) -> bool:
    """Whether a sibling's answer could change the verdict: on good answers with a weak sign of an error."""
    if not is_suspect(observation, page):
        return False
    return decide(observation, page=page, context=Context()).outcome in ALIVE


def is_suspect(observation: Observation, page: Page | None) -> bool:
    """Whether a good answer shows a weak sign of an error, so that a sibling is to be asked."""
    if observation.status != _OK or page is None or page.is_shell:
        return False
    asked, landed = read_address(observation.url), read_address(observation.final_url)
    if asked.shape is Shape.ROOT:
        return False
    # Of a body that was cut short, few words tell nothing.
    is_thin = observation.body_complete and page.main_words < _FEW_WORDS
    # A place that carries on the slug asked for is not where a sibling is sent.
    is_higher = landed.depth < asked.depth and landed.segments[-1:] != asked.segments[-1:]
    is_other_kind = asked.file_type is not None and page.is_html
    is_off = is_higher or landed.names_error or is_thin or is_other_kind
    if is_off or looks_missing(page) or finds_nothing(page, asked):
        return True
    return _names_another(page, asked) or _is_off_topic(page, asked) or _names_only_its_site(page, asked)


def _is_off_topic(page: Page, asked: Address) -> bool:
    """Whether title and headings have no word of a telling slug; other letters than its own tell nothing."""
    heads = f"{page.title} {page.main_heading} {page.og_title}"
    return len(asked.words) >= _TELLING_SLUG and heads.isascii() and not asked.words & words_of(heads)


def _names_only_its_site(page: Page, asked: Address) -> bool:
    """Whether title and heading name the site and nothing on it, and no address is called the page's own."""
    if page.canonical or page.og_url:
        return False
    own = fold(f"{page.site_name} {asked.host}")
    heads = words_of(f"{page.title} {page.main_heading}") - set(marks("generic_path_words"))
    return bool(heads) and all(word in own for word in heads)


def _names_another(page: Page, asked: Address) -> bool:
    """Whether the page calls the front page its own address, as hosts do that show it for any path."""
    return bool(asked.segments) and any(
        read_address(address).shape is Shape.ROOT for address in (page.canonical, page.og_url) if address
    )


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
    parts = path.strip("/").split("/")
    *folders, last = [unquote(part) for part in parts]
    folders = [_other_part(part, chance) if _is_item_id(part) else part for part in folders]
    extension = _EXTENSION.search(last)
    stem = last[: extension.start()] if extension else last
    other = f"{_other_part(stem, chance)}{extension[0] if extension else ''}"
    return "/" + "/".join(quote(part, safe="-_.~!$&'()*+,;=:@") for part in [*folders, other]) + tail


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
