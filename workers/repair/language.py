"""Which language a headline is written in, by the function words that it holds."""

import re
from collections.abc import Iterable

from workers.regex import regex

# Closed-class words: articles, prepositions, pronouns, conjunctions. Words shared by several languages
# are listed under each, and so count for none of them alone.
_FUNCTION_WORDS = {
    "en": "the of and to in for on with is are was by at from as it his her that after "
    "over how why what who "
    "you your not be has have will says an i we they this new",
    "de": "der die das und den von im mit ist für auf ein eine zu dem des nicht sich auch "
    "wird bei nach wie als aus am "
    "um zum zur vor so es fur sind über",
    "fr": "le la les et des du un une dans pour sur par est au aux avec qui que en ne pas "
    "plus son sa ses ce à l d",
    "es": "el la los las y del en un una por con para se que es su al lo como más sus mas de",
    "it": "il lo la gli di e del della dei che per con un una è in da non si nel alla le sono dal i",
    "pt": "o a os as e do da dos das em no na um uma por com para que não ao se mais é nao pelo de",
    "nl": "de het een van en in op te voor met is dat niet aan door naar zijn bij ook uit om over na",
    "sv": "och att det som en ett på för med är av till den inte om har från i så",
    "pl": "w i na z do się nie jest że o po dla od za jak przez sie",
    "da": "og i det at en den til er som på de med af for ikke et fra har der",
    "nb": "og i det at en den til er som på de med av for ikke et fra har",
    "fi": "ja on ei se että oli kun mutta tai myös ovat kuin",
    "cs": "a v na se je že s z do o za pro po od jako ze",
    "ro": "și în de la cu pe din a nu o că pentru care sau si in ce",
    "hu": "a az és hogy nem is egy meg volt el csak vagy de már ki",
    "tr": "ve bir bu da de için ile ne çok olarak daha icin",
    "id": "yang dan di ini itu dengan untuk dari tidak pada ke akan adalah",
}
_LANGUAGES_OF: dict[str, tuple[str, ...]] = {}
for _language, _words in _FUNCTION_WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF[_word] = (*_LANGUAGES_OF.get(_word, ()), _language)

_LEAST_LEAD = 1.0
_CITING_LIST = "accessed retrieved archived viewed visited published updated cited last see source said says"
_CITING = frozenset(_CITING_LIST.split())

# Country domains whose news is mostly in one language (IANA root zone, ISO 3166).
_COUNTRIES = {
    "de": "de at ch", "fr": "fr", "es": "es mx ar cl co", "it": "it", "pt": "pt br", "nl": "nl",
    "sv": "se", "pl": "pl", "da": "dk", "nb": "no", "fi": "fi", "cs": "cz", "ro": "ro",
    "hu": "hu", "tr": "tr", "id": "id",
}  # fmt: skip
_LANGUAGE_OF_DOMAIN = {
    domain: language for language, domains in _COUNTRIES.items() for domain in domains.split()
}
_TOP_DOMAIN = regex(r"https?://[^/?#]*\.([a-z]{2})(?=[:/?#]|$)", re.IGNORECASE)
_PATH_WORD = regex(r"(?<![a-z])[a-z]{1,12}(?![a-z])")


def is_function_word(word: str, language: str) -> bool:
    """Whether a word is an article, preposition, pronoun or conjunction of English or of `language`."""
    spoken_in = _LANGUAGES_OF.get(word.lower(), ())
    return "en" in spoken_in or language in spoken_in


def is_citing_word(word: str) -> bool:
    """Whether a lower-case word is one that references put behind an address: 'accessed', 'retrieved'."""
    return word in _CITING


def detect(words: Iterable[str], hint: str = "") -> str:
    """Return the two-letter language of lower-case words; English where nothing else leads clearly.

    `hint` is a language that counts as one function word, or ''.
    """
    votes: dict[str, float] = {hint: _LEAST_LEAD} if hint else {}
    for word in words:
        for language in _LANGUAGES_OF.get(word, ()):
            votes[language] = votes.get(language, 0.0) + 1.0 / len(_LANGUAGES_OF[word])
    if not votes:
        return "en"
    best = max(votes, key=lambda language: votes[language])
    return best if votes[best] >= votes.get("en", 0.0) + _LEAST_LEAD else "en"


def detect_from_url(url: str) -> str:
    """Return the language of an address's own words, its country's domain counting as one of them."""
    found = _TOP_DOMAIN.match(url)
    hint = _LANGUAGE_OF_DOMAIN.get(found[1].lower(), "") if found else ""
    start = found.end() if found else url.find("/", 8)
    return detect(_PATH_WORD.findall(url[max(start, 0) :].lower()), hint)
