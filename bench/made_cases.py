"""Made-up publishers, headlines and addresses in several languages, each link damaged or left sound.

Seeded: the same number gives the same cases. Nothing in them is taken from a measuring set.
"""

import random
import re
from collections.abc import Callable
from urllib.parse import quote

from bench.damage import MAKERS
from bench.repair_world import Played
from workers.repair.folding import slug_forms

_WORDS = {
    "en": "minister defends harbour budget amid protests over bridge repairs officials report record "
    "rainfall farmers demand answers after council delays school reopening reportedly become today without",
    "de": "Minister verteidigt Haushalt trotz Protesten gegen Brücke Behörden melden Rekordregen Landwirte "
    "fordern Antworten nachdem Stadtrat Schulöffnung verschiebt Verhandlungen Übergang überraschend",
    "fr": "ministre défend budget malgré manifestations contre pont autorités signalent pluies records "
    "agriculteurs réclament réponses après conseil reporte rentrée scolaire négociations château",
    "es": "ministro defiende presupuesto pese protestas contra puente autoridades informan lluvias récord "
    "agricultores exigen respuestas después ayuntamiento retrasa apertura escuela negociaciones mañana",
    "pl": "minister broni budżetu mimo protestów przeciw mostom urzędnicy zgłaszają rekordowe opady rolnicy "
    "żądają odpowiedzi samorząd opóźnia otwarcie szkoły negocjacje jutro",
    "tr": "bakan bütçeyi savundu köprü protestolar\u0131na rağmen yetkililer rekor yağ\u0131ş "
    "bildirdi çiftçiler yan\u0131t istiyor belediye okul aç\u0131l\u0131ş\u0131n\u0131 "
    "erteledi görüşmeler sürüyor",
    "ru": "министр защищает бюджет несмотря протесты против моста власти сообщают рекордные дожди фермеры "
    "требуют ответа совет откладывает открытие школы переговоры завтра",
    "el": "υπουργός υπερασπίζεται προϋπολογισμό παρά διαμαρτυρίες γέφυρα αρχές αναφέρουν βροχές αγρότες "
    "ζητούν απαντήσεις δήμος καθυστερεί άνοιγμα σχολείου διαπραγματεύσεις αύριο",
}
_TOP = {"en": "com", "de": "de", "fr": "fr", "es": "es", "pl": "pl", "tr": "com.tr", "ru": "ru", "el": "gr"}
_NAMES = (
    "morgen",
    "courier",
    "harbour",
    "daily",
    "northern",
    "valley",
    "coastal",
    "evening",
    "central",
    "beacon",
)
_SHAPES = (
    "https://www.{host}/{year}/{month:02}/{day:02}/{slug}-a{id}",
    "https://{host}/news/{slug}/",
    "http://www.{host}/{year}/{month:02}/{slug}.html",
    "https://www.{host}/article/{id}/{slug}",
    "https://{host}/{section}/{slug}-{id}",
    "https://news.{host}/{section}/{slug}",
)
_NON_LATIN = frozenset({"ru", "el"})
_ANCHORED = "The paper reported it under the headline [{title}]({url}) earlier this week."
_BARE = "A spokesperson pointed to an earlier statement ({url}) and declined to add to it."
_OWN = "# {title}\n\nOriginal url: {url}\n"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_HYPHENATED = re.compile(r"(?<=-)[^\W\d_]{7,}(?=-)")


def made_cases(count: int, *, seed: int) -> list[Played]:
    """Return `count` links over all kinds of damage, a quarter of them sound."""
    chance = random.Random(seed)
    kinds = list(_KINDS.items())
    cases: list[Played] = []
    while len(cases) < count:
        kind, make = ("clean", None) if len(cases) % 4 == 0 else kinds[len(cases) % len(kinds)]
        url, title = _address(chance)
        damaged = make(url, chance) if make else url
        # A text with control characters is no text to an article's reader.
        if damaged and (damaged != url) == (make is not None) and not _CONTROL.search(damaged):
            cases.append(_played(f"made-{len(cases):04}", kind, (url, title, damaged), chance))
    return cases


def _played(name: str, kind: str, made: tuple[str, str, str], chance: random.Random) -> Played:
    url, title, damaged = made
    form = chance.choice((_ANCHORED, _OWN, _OWN, _BARE))
    # What ends at white space, or is told by what stands around it, cannot be read out of running text.
    if form is _BARE and (kind in _SPANS or re.search(r"[\s()\[\]]", damaged)):
        form = _OWN
    written = f"<{damaged}>" if form is _OWN and re.search(r"\s", damaged) else damaged
    return Played(
        name=name,
        kind=kind,
        damaged=damaged,
        right=_right(url, kind),
        title="" if form is _BARE else title,
        text=form.format(title=title, url=written),
    )


def _right(url: str, kind: str) -> tuple[str, ...]:
    """Return the address that answers and others that name the same page."""
    right = [url, url.rstrip("/")]
    if kind in _SCHEMELESS:
        right += [each.replace("https://", "http://") for each in right]
    if kind == "amp or mobile":
        right += [each.replace("://www.", "://") for each in right]
    return tuple(dict.fromkeys(right))


def _address(chance: random.Random) -> tuple[str, str]:
    """Return an address of a publisher and the headline of its page."""
    language = chance.choice(list(_WORDS))
    words = chance.sample(_WORDS[language].split(), k=chance.randint(5, 9))
    title = " ".join(words)
    title = title[0].upper() + title[1:]
    host = f"{chance.choice(_NAMES)}{chance.choice(_NAMES)}{chance.randrange(90)}.{_TOP[language]}"
    slug = _slug(title, keeps_script=language in _NON_LATIN)
    url = chance.choice(_SHAPES).format(
        host=host,
        slug=slug,
        year=chance.randint(2009, 2025),
        month=chance.randint(1, 12),
        day=chance.randint(1, 28),
        id=chance.randint(10_000, 9_999_999),
        section=chance.choice(("politics", "world", "local", "business")),
    )
    return url, title


def _slug(title: str, *, keeps_script: bool) -> str:
    lower = title.lower()
    if keeps_script:
        return quote("-".join(re.findall(r"\w+", lower)), safe="-")
    return "-".join(re.findall(r"[a-z0-9]+", slug_forms(lower)[0]))


def _hyphen_in_word(url: str, chance: random.Random) -> str | None:
    words = list(_HYPHENATED.finditer(url))
    if not words or "%" in url:
        return None
    word = chance.choice(words)
    at = chance.randrange(word.start() + 2, word.end() - 2)
    return f"{url[:at]}-{url[at:]}"


def _hyphen_at_line_end(url: str, chance: random.Random) -> str | None:
    damaged = _hyphen_in_word(url, chance)
    if damaged is None:
        return None
    at = next(index for index, (a, b) in enumerate(zip(damaged, url, strict=False)) if a != b)
    return f"{damaged[: at + 1]}\n{damaged[at + 1 :]}"


def _hyphen_lost(url: str, chance: random.Random) -> str | None:
    between = [found.start() for found in re.finditer(r"(?<=[a-z]{4})-(?=[a-z]{4})", url)]
    if len(between) < 2 or "%" in url:  # one is left to show that words are parted so
        return None
    at = chance.choice(between[1:])
    return url[:at] + url[at + 1 :]


def _path_case(url: str, _: random.Random) -> str | None:
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return None if "%" in path else f"{scheme}://{host}{slash}{path.upper()}"


def _http_for_https(url: str, _: random.Random) -> str | None:
    return f"http://{url[8:]}" if url.startswith("https://") else None


def _no_scheme(url: str, _: random.Random) -> str | None:
    rest = url.partition("://")[2]
    return rest if rest.startswith("www.") else None


_KINDS: dict[str, Callable[[str, random.Random], str | None]] = {
    **{kind: make for kind, make in MAKERS.items() if kind not in {"cut short", "entity"}},
    "hyphen in word": _hyphen_in_word,
    "hyphen at line end": _hyphen_at_line_end,
    "hyphen lost": _hyphen_lost,
    "path case": _path_case,
    "http for https": _http_for_https,
    "no scheme": _no_scheme,
}
_SPANS = frozenset({"quotes", "tail", "space", "escape", "backslash", "percent", "double scheme"})
_SCHEMELESS = frozenset({"no scheme", "scheme", "space"})
