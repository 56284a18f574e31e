"""Slugs of other scripts: romanised, percent-encoded, with vowel signs; what nobody knows is asked."""

# ruff: noqa: RUF001  # the letters of these scripts are the subject

from urllib.parse import quote

import pytest

from workers.model import Decision
from workers.repair.folding import slug_forms
from workers.repair.propose import propose
from workers.repair.surroundings import Surroundings

SITE = "https://a.example/"


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("Учёные", {"uchenye", "uchyonye"}),
        ("щит", {"shchit", "schit", "shhit", "stit"}),
        ("Київ", {"kyiv", "kiiv"}),
        ("България", {"balgariya", "balgaria"}),
        ("γέφυρα", {"gefyra", "gefira"}),
        ("υπουργός", {"ypourgos", "ipourgos"}),
    ],
)
def test_a_word_has_the_latin_forms_that_publishers_use(word: str, forms: set[str]) -> None:
    assert forms <= set(slug_forms(word))


@pytest.mark.parametrize(
    ("damaged", "meant", "headline"),
    [
        (
            "uchenye-nashli-drev-nee-poselenie",
            "uchenye-nashli-drevnee-poselenie",
            "Учёные нашли древнее поселение",
        ),
        ("za-dorogu\niz-za-snega", "za-dorogu-iz-za-snega", "За дорогу из-за снега"),
        (quote("власти") + "\n" + quote("города"), quote("власти-города"), "Власти города"),
        (quote("власти-горо") + "-\n" + quote("да"), quote("власти-города"), "Власти города"),
        (quote("власти-го-рода"), quote("власти-города"), "Власти города"),
        (quote("सरकार") + "\n" + quote("निवासी"), quote("सरकार-निवासी", safe="-"), "सरकार निवासी"),
    ],
)
def test_the_headline_bears_witness_across_scripts_and_codes(damaged: str, meant: str, headline: str) -> None:
    repair = propose(SITE + damaged, Surroundings(headline=headline))
    assert repair.best.url == SITE + meant
    assert repair.decision in {Decision.AUTO, Decision.NEEDS_LIVE}


@pytest.mark.parametrize(
    "damaged", [quote("власти") + "\n" + quote("города"), "власти\nгорода", "власти-\nгорода"]
)
def test_without_a_headline_nobody_knows_and_the_web_is_asked(damaged: str) -> None:
    repair = propose(SITE + damaged)
    assert repair.decision is Decision.NEEDS_LIVE
    assert len(repair.candidates) > 2


def test_a_break_inside_the_bytes_of_a_letter_is_inside_its_word() -> None:
    whole = quote("город")
    repair = propose(f"{SITE}{whole[:9]}-\n{whole[9:]}")
    assert repair.best.url == SITE + whole


def test_a_language_that_no_list_knows_is_not_judged_with_certainty() -> None:
    damaged = f"{SITE}bundestag-beschliesst-ve-\r\nrschaerfung-des-mietrechts-id33441922.html"
    assert propose(damaged).decision is Decision.NEEDS_LIVE
