"""What stands before and after an address and is none of it: codes, written line ends, footnotes, text."""

import pytest

from workers.model import Decision
from workers.repair.propose import propose

PAGE = "https://www.example.org/news/flood-plan"


@pytest.mark.parametrize(
    "tail",
    [
        "%20", "%0A", "%0D%0A", "%22", "%27", "%3C/a%3E", "%3Cbr%20/%3E", "%22%20target=%22_blank",
        "%E2%80%9D",
        "%C2%A0", "%EF%BF%BC", "%E2%80%8B", "%C2%BB.", "%22,", "%5D", "%60", "%20-",
    ],
)  # fmt: skip
def test_codes_that_no_address_ends_in_are_taken_off(tail: str) -> None:
    repair = propose(PAGE + tail)
    assert (repair.decision, repair.best.url) == (Decision.AUTO, PAGE)


@pytest.mark.parametrize(
    "url",
    [
        "https://en.wiki.example.org/wiki/%22Heroes%22",
        "https://a.example/2014/on-%E2%80%9Creal%E2%80%9D",
        "https://a.example/wiki/Quo_Vadis%3F",
        "https://a.example/lang/c%23",
        "https://a.example/wiki/%C2%AB_R%C3%A9publique_%C2%BB",
        "https://doi.example.org/10.1002/(SICI)1097(199905)45:2%3C140::AID%3E3.0.CO;2-3",
        "https://a.example/el/%CE%B1%CE%B8%CE%AE",
    ],
)
def test_codes_of_a_title_stay(url: str) -> None:
    assert propose(url).best.url == url


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://a.example/players%27", "https://a.example/players"),
        ("https://a.example/find?q=flood%20", "https://a.example/find?q=flood"),
    ],
)
def test_a_code_that_may_be_a_titles_own_asks_the_web(written: str, meant: str) -> None:
    repair = propose(written)
    assert (repair.decision, repair.best.url) == (Decision.NEEDS_LIVE, meant)


@pytest.mark.parametrize(
    "tail",
    [
        "\\n",
        "\\r\\n",
        "\\t",
        "\\",
        "\\\\",
        '\\"',
        "\\)",
        "\\n\\n",
        "\\u0022",
        "\\u201d",
        '\\",',
        "\\nNext line",
    ],
)
def test_line_ends_written_with_letters_are_taken_off(tail: str) -> None:
    repair = propose(PAGE + tail)
    assert (repair.decision, repair.best.url) == (Decision.AUTO, PAGE)


def test_backslashes_that_stand_for_slashes_are_still_read_so() -> None:
    assert propose("https:\\\\www.example.org\\news\\flood-plan").best.url == PAGE


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (f"{PAGE}.html[3]", f"{PAGE}.html"),
        (f"{PAGE}/[12]", f"{PAGE}/"),
        (f"{PAGE}\u00b9\u00b2", PAGE),
        (f"{PAGE}.pdf(4)", f"{PAGE}.pdf"),
        (f"{PAGE}^5", PAGE),
    ],
)
def test_marks_of_footnotes_are_taken_off(written: str, meant: str) -> None:
    repair = propose(written)
    assert (repair.decision, repair.best.url) == (Decision.AUTO, meant)


def test_figures_after_a_file_name_ask_the_web() -> None:
    repair = propose(f"{PAGE}.html12")
    assert (repair.decision, repair.best.url) == (Decision.NEEDS_LIVE, f"{PAGE}.html")


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/page.php5",
        "https://a.example/intro.html5",
        "https://a.example/wiki/Mercury_(1)",
        "https://a.example/list?id[0]=a&id[1]",
    ],
)
def test_figures_of_an_address_stay(url: str) -> None:
    assert propose(url).decision is Decision.KEEP


@pytest.mark.parametrize(
    "written",
    [
        f"[The plan]({PAGE})",
        f'[The plan]({PAGE} "title")',
        f"[{PAGE} The plan]",
        f"[[{PAGE}][The plan]]",
        f'href="{PAGE}" rel="x"',
        f'<a href="{PAGE}" target="_blank">',
        f'=HYPERLINK("{PAGE}","plan")',
        f"Source: {PAGE}",
        f"- {PAGE}",
        f"{PAGE}]({PAGE})",
        f"{PAGE}|title]]",
        f"{PAGE}` and",
        f"{PAGE}\u2014",
        f"{PAGE}\u2014and",
        "https://www.example.org/news/flo<wbr>od-plan",
    ],
)
def test_the_text_around_an_address_is_taken_off(written: str) -> None:
    repair = propose(written)
    assert (repair.decision, repair.best.url) == (Decision.AUTO, PAGE)


@pytest.mark.parametrize(
    "url",
    [
        "mailto:?body=https://www.example.org/a",
        "/redirect?u=https://www.example.org/a",
    ],
)
def test_an_address_inside_another_one_is_not_taken_for_text(url: str) -> None:
    assert propose(url).best.url == url


def test_the_power_of_a_unit_is_no_footnote() -> None:
    assert propose("https://a.example/area-100-m\u00b2").best.url == "https://a.example/area-100-m2"


def test_what_a_query_brackets_is_no_markup() -> None:
    url = "https://a.example/find?list[settings][by]=all"
    assert propose(url).decision is Decision.KEEP
