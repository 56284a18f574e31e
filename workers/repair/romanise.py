"""How slugs write Cyrillic and Greek words in Latin letters: by the systems that publishers use.

A publisher keeps to one system, so each gives one form. Sources: ICAO Doc 9303, BGN/PCGN, GOST 7.79-2000 B,
ISO 9:1995 without its marks, the Ukrainian (2010) and Bulgarian (2009) laws, ELOT 743, and what the plug-ins
of web publishing do.
"""

# ruff: noqa: RUF001  # the letters of these scripts are the subject

from functools import lru_cache

_CYRILLIC = dict(
    zip(
        "абвгдезиклмнопрстуфъьіѓќѐѝ",
        (*"abvgdeziklmnoprstuf", "", "", *"igkei"),
        strict=True,
    )
)
_SERBIAN = {"ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz", "ѕ": "dz", "ў": "u", "ґ": "g"}
_VARYING = "жйхцчшщыэюяёєї"
_SYSTEMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("zh y kh ts ch sh shch y e yu ya e ye yi", {}),
    ("zh y kh ts ch sh shch y e yu ya yo ye i", {}),
    ("zh i kh ts ch sh shch y e iu ia e ie i", {}),
    ("zh j h c ch sh shh y e yu ya yo ye yi", {}),
    ("zh j h c ch sh sch y e ju ja jo je ji", {}),
    ("zh j kh c ch sh shch y e yu ya e e i", {}),
    ("zh y h ts ch sh sch y e yu ya e e i", {}),
    ("j i h c ch sh sch i e iu ia e ie i", {}),
    ("z j h c c s s y e u a e e i", {}),
    ("zh i kh ts ch sh shch y e iu ia e ie i", {"г": "h", "и": "y"}),
    ("zh y kh ts ch sh shch y e yu ya e ye yi", {"г": "h", "и": "y"}),
    ("zh y h ts ch sh sht y e yu ya e ye i", {"ъ": "a"}),
    ("z j h c c s st y e u a e e i", {"ъ": "a"}),
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        (*"avgdezi", "th", *"iklmnxoprsstyf", "ch", "ps", "o"),
        strict=True,
    )
)
_GREEK_SYSTEMS: tuple[tuple[tuple[tuple[str, str], ...], dict[str, str]], ...] = (
    ((("ου", "ou"), ("αυ", "av"), ("ευ", "ev"), ("γγ", "ng"), ("γκ", "gk"), ("γχ", "nch")), {}),
    ((("ου", "ou"), ("αυ", "af"), ("ευ", "ef"), ("μπ", "b"), ("ντ", "nt"), ("γκ", "gk")), {"χ": "ch"}),
    ((("ου", "ou"), ("αυ", "au"), ("ευ", "eu"), ("μπ", "mp")), {"χ": "x", "ξ": "ks", "υ": "y"}),
    ((("ου", "ou"),), {"χ": "h", "υ": "i", "β": "v"}),
    ((("ου", "ou"),), {"η": "h", "ω": "w", "υ": "u", "χ": "x", "θ": "th", "β": "b"}),
    ((("ου", "u"), ("μπ", "b"), ("ντ", "d"), ("γκ", "g")), {"χ": "ch", "υ": "i", "β": "v"}),
)


def _tables() -> tuple[dict[int, str], ...]:
    return tuple(
        str.maketrans(_CYRILLIC | _SERBIAN | dict(zip(_VARYING, letters.split(), strict=True)) | others)
        for letters, others in _SYSTEMS
    )


_CYRILLIC_TABLES = _tables()


@lru_cache(maxsize=4096)
def romanised(word: str) -> tuple[str, ...]:
    """Return the Latin forms of a lower-case Cyrillic or Greek word without accents; none for other words."""
    if any("\u0370" <= char <= "\u03ff" for char in word):
        made = (_greek(word, pairs, letters) for pairs, letters in _GREEK_SYSTEMS)
    elif any("\u0400" <= char <= "\u04ff" for char in word):
        made = (word.translate(table) for table in _CYRILLIC_TABLES)
    else:
        return ()
    return tuple(dict.fromkeys(form for form in made if form.isascii() and form))


def _greek(word: str, pairs: tuple[tuple[str, str], ...], letters: dict[str, str]) -> str:
    for pair, written in pairs:
        word = word.replace(pair, written)
    return word.translate(str.maketrans(_GREEK | letters))
