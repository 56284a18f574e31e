# ruff: noqa: RUF001 - sentences in their own letters
"""Not-found sentences are found in many languages, and ordinary sentences are not."""

import pytest

from workers.verdict.lexicon import missing_entries
from workers.verdict.phrases import find_missing, find_missing_title


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Whoops! We can't seem to find the page you're looking for."),
        ("de", "Die angeforderte Seite konnte nicht gefunden werden"),
        ("fr", "La page demandée est introuvable"),
        ("es", "No encontramos la página que buscas"),
        ("it", "La pagina richiesta non è stata trovata"),
        ("pt", "Esta página não existe ou foi removida"),
        ("nl", "Helaas, deze pagina kunnen we niet vinden"),
        ("sv", "Sidan du letar efter finns inte"),
        ("no", "Siden du leter etter finnes ikke"),
        ("da", "Vi kan desværre ikke finde siden"),
        ("fi", "Sivua ei löydy"),
        ("is", "Síðan fannst ekki"),
        ("pl", "Nie ma takiej strony"),
        ("cs", "Požadovaná stránka nebyla nalezena"),
        ("sk", "Stránka sa nenašla"),
        ("hu", "Az oldal nem található"),
        ("ro", "Pagina nu a fost găsită"),
        ("bg", "Страницата не е намерена"),
        ("ru", "Запрашиваемая страница не найдена"),
        ("uk", "На жаль, сторінку не знайдено"),
        ("sr", "Stranica koju tražite ne postoji"),
        ("sl", "Strani ni mogoče najti"),
        ("el", "Δεν βρέθηκε η σελίδα"),
        ("tr", "Aradığınız sayfayı bulamadık"),
        ("ar", "لم يتم العثور على الصفحة"),
        ("he", "העמוד המבוקש אינו קיים"),
        ("fa", "صفحه مورد نظر پیدا نشد"),
        ("hi", "यह पृष्ठ मौजूद नहीं है"),
        ("bn", "পাতাটি খুঁজে পাওয়া যায়নি"),
        ("th", "ไม่พบหน้าเว็บที่คุณร้องขอ"),
        ("vi", "Không tìm thấy trang bạn yêu cầu"),
        ("id", "Halaman yang Anda cari tidak ditemukan"),
        ("ja", "指定されたページは存在しません"),
        ("ko", "삭제되었거나 존재하지 않는 게시물입니다"),
        ("zh", "抱歉,该文章已被删除"),
        ("et", "Lehte ei leitud"),
        ("lv", "Lapa nav atrasta"),
        ("lt", "Puslapis nerastas"),
        ("ca", "No s'ha trobat la pàgina"),
        ("sq", "Faqja nuk u gjet"),
        ("ka", "გვერდი ვერ მოიძებნა"),
        ("az", "Səhifə tapılmadı"),
    ],
)
def test_a_not_found_sentence_is_found(language, sentence):
    assert find_missing(sentence) is not None, language


def test_the_words_cover_at_least_twenty_five_languages():
    assert len(missing_entries()) >= 25


@pytest.mark.parametrize(
    "sentence",
    [
        "Search for missing hikers ends",
        "New species not found anywhere else in the world",
        "410,000 homes sold",
        "Evidence of water not found on distant moon, study says",
        "Deleted scenes from the film released",
        "How to write a history of what was removed",
        "Die Wahrheit existiert nicht, sagt der Philosoph",
        "404 Media raises money",
        "Kein Link zwischen Impfung und Krankheit",
        "消失的村庄",
        "行方不明の文書が見つかる",
    ],
)
def test_an_ordinary_sentence_is_not(sentence):
    assert find_missing(sentence) is None


@pytest.mark.parametrize("title", ["404", "Error 404", "404 - The Example", "The Example | Page not found"])
def test_a_title_of_an_error_page_is_found(title):
    assert find_missing_title(title) is not None


@pytest.mark.parametrize(
    "text", ["Page not found?", "Warum heißt es: Seite nicht gefunden？", "الصفحة غير موجودة؟"]
)
def test_a_question_about_a_missing_page_does_not_say_that_it_is(text):
    assert find_missing(text) is None


def test_a_statement_before_a_question_still_says_it():
    hit = find_missing("The page does not exist. Looking for something else?")
    assert hit is not None
    assert hit.sentence == "the page does not exist"


@pytest.mark.parametrize(
    "text",
    [
        "If a page is missing, tell us.",
        "Wenn die Seite nicht gefunden wurde, melden Sie es.",
        "Если страница не найдена, напишите нам.",
    ],
)
def test_a_condition_does_not_say_that_something_is_missing(text):
    assert find_missing(text) is None


def test_a_spanish_sentence_may_begin_with_its_pronoun():
    assert find_missing("Se ha eliminado esta página") is not None


@pytest.mark.parametrize("text", ["Çan bulunamadı", "Lonceng tidak ditemukan"])
def test_the_beginning_of_a_verb_does_not_point_at_the_page(text):
    hit = find_missing(text)
    assert hit is not None
    assert (hit.is_bare, hit.is_pointing) == (True, False)
