"""Sentences that say a page is missing, in many languages, and where they stand in a text.

A sentence counts when it holds a noun for a page or item and a predicate for being missing, in one
language; or is little more than such a predicate; or holds one of the whole phrases.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from workers.regex import regex
from workers.verdict.asides import without_asides
from workers.verdict.lexicon import Entry, missing_entries, phrase_lists
from workers.verdict.sieve import Sieve
from workers.verdict.similarity import fold

_SENTENCE = regex(r"[^.!?\uff01\uff1f\u3002\u061f\u0964\u0589\n|]+")
_TITLE_BREAK = regex(r"\s+[-\u2013\u2014\u00b7\u00bb\u00ab|:\u2022<>\\/]+\s+|\s*[|\u00bb\u00ab]\s*|:\s+")
_NUMBER = regex(
    r"^(?:[\W_]|http|error|erreur|fehler|errore|erro|fel|fejl|feil|oops|status|code|ошибка){0,8}(?:404|410)"
    r"(?=$|\s*[-\u2013\u2014:!(]\s*\D|\s+(?:error|not|page|file|gone)\b)"
)
# Scripts without spaces, and those whose particles are written together with the word.
_JOINED = regex(
    r"[\u0590-\u06ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_WORD_START = regex(r"(?<![^\W_])[^\W_]")
_PREFIX_CHARS = 2
_Index = Mapping[str, tuple[tuple[str, int], ...]]
_QUESTION_MARKS = "?\uff1f\u061f"
_EDGES = " -\u2013\u2014:\u00b7\u00bb\u00ab\"'()[]\u2026,"
_MIN_SENTENCE_CHARS, _MAX_SENTENCE_CHARS = 3, 240
_MAX_TEXT_CHARS = 4000
_BARE_COVERAGE, _BARE_FOR_GOOD = 0.6, 0.45
# Their words are no stems: signing is no signin.
_WHOLE_WORD_LISTS = frozenset({"login"})
_MAX_POINTING_CHARS = 70
_HEADLINE_WORDS = 5
_WIDE = regex(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# An item out of stock still has its page; what is `no longer` there has none.
_OUT_OF_STOCK = regex(
    r"availab|verfugbar|disponib|доступ|beschikbaar|tillganglig|tilgjengelig|tilgaengelig|dostepn|dostupn|saatavilla"
)
_FOR_GOOD = regex(
    r"no longer|anymore|nicht mehr|plus|ya no|piu|mais|niet meer|langer|lenger|laengere|juz|jiz|bol|ei enaa"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One sentence that says something is missing: its words, the language, and how much of it says so.

    `coverage` is 0…1: the share of the sentence's letters from its first to its last matching word;
    `predicate` the words that say so, '' where a number alone does.
    `is_passing` says that it may only be out of stock or off for now, `is_bare` that it names nothing,
    `is_pointing` that it names what is missing by `this` and a word that is no kind of page.
    """

    sentence: str
    language: str
    coverage: float
    predicate: str = ""
    is_passing: bool = False
    is_bare: bool = False
    is_pointing: bool = False


@lru_cache(maxsize=4096)
def find_missing(text: str) -> Hit | None:
    """Return the first sentence of `text` that says a page or item is missing, or None."""
    said = without_asides(fold(text[:_MAX_TEXT_CHARS]))
    if not may_hold_missing(said):
        return None
    hits = (hit for _, hit in sentences(said))
    return next((hit for hit in hits if hit), None)


def sentences(folded: str) -> Iterator[tuple[str, Hit | None]]:
    """Yield each sentence of a folded text with what it says is missing."""
    for match in _SENTENCE.finditer(folded):
        sentence = match[0].strip(_EDGES)
        # Who asks whether something is missing does not say so, nor does who says what to do if it is.
        is_question = match.end() < len(folded) and folded[match.end()] in _QUESTION_MARKS
        is_telling = _MIN_SENTENCE_CHARS <= len(sentence) <= _MAX_SENTENCE_CHARS
        is_said = is_telling and not is_question and not is_advice(sentence)
        yield sentence, _hit(sentence) if is_said else None


def is_advice(sentence: str) -> bool:
    """Whether a folded sentence says what to do in some case, as help on an error page does."""
    return sentence.partition(" ")[0] in phrase_lists()["conditions"]


def may_hold_missing(text: str) -> bool:
    """Whether `find_missing` may find something in `text`; quick, and a False is certain."""
    return "404" in text or "410" in text or _missing_sieve().may_hold(text)


def find_missing_title(title: str) -> Hit | None:
    """Return the part of a title, cut at its dashes and bars, that says a page is missing, or None."""
    for part in _TITLE_BREAK.split(title):
        hit = find_missing(part)
        if hit:
            return hit
    return find_missing(title)


def title_besides(title: str) -> str:
    """Return the parts of a title that say nothing of loss, or only by the way, as a headline does."""
    parts = [part for part in _TITLE_BREAK.split(title) if part]
    return " ".join(part for part in parts if _is_headline(part, find_missing(part)))


def _is_headline(part: str, hit: Hit | None) -> bool:
    return hit is None or (hit.coverage < _BARE_COVERAGE and len(part.split()) >= _HEADLINE_WORDS)


def holds(name: str, text: str) -> str | None:
    """Return the longest phrase of the list `name` that stands in `text`, on word borders, or None."""
    return next(iter(all_held(name, text)), None)


def all_held(name: str, text: str) -> tuple[str, ...]:
    """Return every phrase of the list `name` that stands in `text`, longest first."""
    folded = fold(text[:_MAX_TEXT_CHARS])
    if not list_sieve(name).may_hold(folded):
        return ()
    phrases = phrase_lists()[name]
    found = [phrases[number] for number in sorted(_begun(_list_index(name), folded))]
    if name in _WHOLE_WORD_LISTS:
        found = [phrase for phrase in found if _ends(phrase, folded)]
    return tuple(found)


def may_hold(name: str, text: str) -> bool:
    """Whether a phrase of the list `name` may stand in `text`; quick, and a False is certain."""
    return list_sieve(name).may_hold(text)


def _ends(phrase: str, text: str) -> bool:
    """Whether `phrase` ends with a word somewhere in `text`; only asked of scripts with spaces."""
    return not phrase.isascii() or re.search(rf"{re.escape(phrase)}(?!\w)", text) is not None


def _hit(sentence: str) -> Hit | None:
    if _NUMBER.match(sentence):
        return Hit(sentence=sentence, language="", coverage=1.0)
    entries = missing_entries()
    numbers = sorted(_begun(_missing_index(), sentence))
    return next((hit for number in numbers if (hit := _hit_in(entries[number], sentence))), None)


def _begun(index: _Index, text: str) -> set[int]:
    """Return the numbers of the phrases in `index` that begin with a word of `text`.

    One look-up a word (a letter, in scripts that join words) in place of a search for each of two
    thousand phrases.
    """
    starts = (
        range(len(text)) if _JOINED.search(text) else (match.start() for match in _WORD_START.finditer(text))
    )
    found: set[int] = set()
    for start in starts:
        for phrase, number in index.get(text[start : start + _PREFIX_CHARS], ()):
            if text.startswith(phrase, start):
                found.add(number)
    return found


@cache
def _missing_index() -> _Index:
    entries = enumerate(missing_entries())
    return _indexed((phrase, n) for n, entry in entries for phrase in (*entry.missing, *entry.whole))


@cache
def _list_index(name: str) -> _Index:
    return _indexed((phrase, number) for number, phrase in enumerate(phrase_lists()[name]))


def missing_phrases() -> Iterator[str]:
    """Yield all words and phrases that say a page is missing."""
    return (phrase for entry in missing_entries() for phrase in (*entry.missing, *entry.whole))


@cache
def _missing_sieve() -> Sieve:
    return Sieve(missing_phrases())


@cache
def list_sieve(name: str) -> Sieve:
    """Return the sieve of the list `name`."""
    return Sieve(phrase_lists()[name])


def _indexed(phrases: Iterable[tuple[str, int]]) -> _Index:
    index: dict[str, list[tuple[str, int]]] = {}
    for phrase, number in phrases:
        index.setdefault(phrase[:_PREFIX_CHARS], []).append((phrase, number))
    return MappingProxyType({prefix: tuple(found) for prefix, found in index.items()})


def _hit_in(entry: Entry, sentence: str) -> Hit | None:
    size = len(sentence)
    for phrase in entry.whole:
        if _stands(phrase, sentence, joins=False):
            share = len(phrase) / size
            return Hit(sentence=sentence, language=entry.language, coverage=share, predicate=phrase)
    predicate = next((word for word in entry.missing if _stands(word, sentence, joins=entry.joins)), None)
    if predicate is None:
        return None
    noun = next((word for word in entry.nouns if _stands(word, sentence, joins=entry.joins)), None)
    pointing = _pointing_word(sentence) if noun is None else None
    noun = noun or pointing
    coverage = (len(predicate) if noun is None else _span(sentence, noun, predicate)) / size
    is_for_good = _FOR_GOOD.search(predicate) is not None
    if noun is None and coverage < (_BARE_FOR_GOOD if is_for_good else _BARE_COVERAGE):
        return None
    passing = bool(_OUT_OF_STOCK.search(predicate)) and not _FOR_GOOD.search(sentence)
    return Hit(
        sentence=sentence,
        language=entry.language,
        coverage=coverage,
        predicate=predicate,
        is_passing=passing,
        is_bare=noun is None,
        is_pointing=pointing is not None,
    )


def _pointing_word(sentence: str) -> str | None:
    """Return the `this` a short sentence begins with: 'this boat is no longer available' needs no noun."""
    if len(sentence) > _MAX_POINTING_CHARS:
        return None
    start = " ".join(sentence.split()[:3])
    words = ((word, word if _WIDE.match(word) else f"{word} ") for word in phrase_lists()["this"])
    return next((word for word, whole in words if _stands(whole, f"{start} ", joins=False)), None)


def _stands(word: str, text: str, *, joins: bool) -> bool:
    """Whether `word` stands in `text` at the beginning of a word (anywhere, in scripts without spaces)."""
    at = text.find(word)
    if joins or at < 1 or not word[0].isalnum() or _WIDE.match(word):
        return at >= 0
    while at > 0 and text[at - 1].isalnum():
        at = text.find(word, at + 1)
    return at >= 0


def _span(sentence: str, first: str, second: str) -> int:
    a, b = sentence.index(first), sentence.index(second)
    return max(a + len(first), b + len(second)) - min(a, b)
