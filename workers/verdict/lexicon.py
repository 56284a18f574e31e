"""The words of missing pages, language by language: nouns, predicates and whole phrases."""

from dataclasses import dataclass

from workers.verdict.similarity import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The words of one language, folded: stems of nouns, predicates of being missing, whole phrases."""

    language: str
    nouns: tuple[str, ...]
    missing: tuple[str, ...]
    whole: tuple[str, ...]


def _entry(language: str, nouns: str, missing: str, whole: str = "") -> Entry:
    return Entry(language=language, nouns=_split(nouns), missing=_split(missing), whole=_split(whole))


def _split(words: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words.split("|") if word.strip())


LEXICON = (
    _entry(
        "en",
        "page|article|item|product|content|document|file|link|url|address|listing|topic|thread|post|story|video",
        "not found|not be found|could not find|couldn't find|can't find|cannot find|does not exist|doesn't exist|"
        "no longer exist|no longer available|has been removed|has been deleted|was removed|was deleted",
        "404 not found|error 404|404 error",
    ),
)
