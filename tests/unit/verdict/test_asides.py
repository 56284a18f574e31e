"""What is quoted or added in brackets is told and not said."""

import pytest

from workers.verdict.phrases import find_missing
from workers.verdict.telling import tell_apart


@pytest.mark.parametrize(
    "text",
    [
        "The old site greeted visitors with 'Page not found' for a year",
        "Users see “page not found” after they log in",
        "Die Meldung „Seite nicht gefunden“ erschien im Rathaus",
        "Le serveur affiche « page introuvable » depuis lundi",
        "Сайт показывал «страница не найдена» всю неделю",
        "画面に「ページが見つかりません」と出た話を聞いた",
        "Harbour, Diocese (this link is broken), Weather",
    ],
)
def test_a_sentence_that_somebody_quotes_is_not_said(text):
    assert find_missing(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "“Page not found”",
        "Sorry, “the page you asked for” could not be found",
        "[Recording not available]",
        "Die Seite ist nicht (mehr) verfügbar",
        "Page not found (404)",
        "Can't find that page",
    ],
)
def test_a_page_that_says_so_itself_is_heard(text):
    assert find_missing(text) is not None


def test_sentences_of_loss_and_advice_are_told_from_the_rest():
    told = tell_apart("A grey mill. The page was not found. If you typed it, try again. Built in 1802.")
    assert (told.words, told.words_before) == (6, 3)
    assert told.besides == "a grey mill built in 1802"
    assert told.said == "the page was not found"


def test_a_text_without_loss_is_all_besides():
    told = tell_apart("A grey mill by the weir.")
    assert (told.words, told.words_before, told.said) == (6, 6, "")
