"""Word likelihoods: what is known, in which language, and when it is loaded."""

import subprocess
import sys

import pytest

from workers.repair.folding import slug_forms
from workers.repair.language import detect, is_function_word
from workers.repair.words import LANGUAGES, lexicon


def test_a_common_word_is_likelier_than_a_rare_one():
    english = lexicon("en")
    assert english.log10("the") == pytest.approx(-1.27)
    assert english.log10("the") > english.log10("amid") > english.log10("amidships")
    assert english.log10("ukraineamid") is None


def test_a_word_counts_as_its_likeliest_language_has_it():
    assert lexicon("en").log10("bürgermeister") is None
    assert lexicon("de").log10("bürgermeister") > -6
    assert lexicon("de").log10("amid") == lexicon("en").log10("amid")


def test_a_language_without_a_list_falls_back_to_english():
    assert lexicon("xx").log10("amid") == lexicon("en").log10("amid")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_has_words(language):
    assert lexicon(language).log10("a") is not None


@pytest.mark.parametrize(
    ("headline", "language"),
    [
        ("the council approves a bridge", "en"),
        ("der rat stimmt für die brücke und den tunnel", "de"),
        ("le conseil approuve un pont sur la rivière", "fr"),
        ("el consejo aprueba los puentes del río por unanimidad", "es"),
        ("de raad stemt voor een brug over het water", "nl"),
        ("titanfall 792p xbox", "en"),
        ("", "en"),
    ],
)
def test_function_words_tell_the_language(headline, language):
    assert detect(headline.split()) == language


def test_a_function_word_belongs_to_its_language():
    assert is_function_word("and", "fr")
    assert is_function_word("und", "de")
    assert not is_function_word("und", "en")


def test_word_lists_are_loaded_only_when_words_are_judged():
    program = (
        "import sys; from workers.repair import words; from workers.repair.propose import propose;"
        "propose('hxxps://a[.]example/'); size = words._table.cache_info().currsize;"
        "propose('https://a.example/fin-ally'); "
        "print(size, words._table.cache_info().currsize, 'wordfreq' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1", "False"]


def test_words_are_known_as_slugs_write_them() -> None:
    german, polish = lexicon("de"), lexicon("pl")
    assert german.log10("behorden") == german.log10("behoerden") == german.log10("behörden")
    assert polish.log10("budzetu") is not None


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("Übergang", ("ubergang", "uebergang", "übergang")),
        ("zgłaszają", ("zglaszaja", "zgłaszają")),
        ("a\u00e7\u0131l\u0131\u015f", ("acilis", "a\u00e7\u0131l\u0131\u015f")),
        ("Ærø", ("aero", "aeroe", "ærø")),
        ("Straße", ("strasse", "straße")),
        ("министр", ("министр", "ministr", "mynystr")),
        ("plain", ("plain",)),
    ],
)
def test_a_word_has_the_forms_that_slugs_give_it(word: str, forms: tuple[str, ...]) -> None:
    assert slug_forms(word) == forms
