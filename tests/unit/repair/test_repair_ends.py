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
        f"\\url{{{PAGE}}}.",
        f"\\href{{{PAGE}}}{{plan}}",
        f"=={PAGE}==",
        f"{PAGE} />",
        f"{PAGE})*",
        f"{PAGE} (PDF)",
        f"{PAGE}(accessed",
        f"{PAGE}[Accessed 4 May]",
        f"{PAGE}Published 3 May 2020",
        f"{PAGE} Archived",
        f"{PAGE}\ufffc",
        f"{PAGE}[plan of it]",
        f".. _plan: {PAGE}",
        f"{PAGE}\\xe2\\x80\\x9d",
        f"{PAGE}%u201D",
        f"{PAGE}%20(PDF)",
        f"{PAGE} @council",
        f"{PAGE} via @council",
        f"{PAGE} #flood",
        f"{PAGE}\t2021-04-05",
        f"{PAGE} \u2014 accessed today",
        f"{PAGE} pic.example.org/abc",
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


@pytest.mark.parametrize("mark", ["\U0001f642", "\u27a1", "_", "__"])
def test_a_symbol_or_an_emphasis_at_the_end_asks_the_web(mark: str) -> None:
    repair = propose(PAGE + mark)
    assert (repair.decision, repair.best.url) == (Decision.NEEDS_LIVE, PAGE)


@pytest.mark.parametrize(
    "url", ["https://a.example/watch?v=Zx8kP2q-Lw_", "https://a.example/x_y_", "https://a.example/4-x_"]
)
def test_underscores_of_identifiers_stay(url: str) -> None:
    assert propose(url).decision is Decision.KEEP


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://a.example/news/why%E2%80%93the-deal", "https://a.example/news/why-the-deal"),
        ("https://a.example/view.php%3Fid%3D5%26p%3D2", "https://a.example/view.php?id=5&p=2"),
        ("https://a.example/news%2F2021%2Fflood-plan", "https://a.example/news/2021/flood-plan"),
        ("https://a.example/view?at=55.67%252C12.56", "https://a.example/view?at=55.67%2C12.56"),
    ],
)
def test_marks_in_percent_codes_that_a_site_may_keep_ask_the_web(written: str, meant: str) -> None:
    repair = propose(written)
    assert (repair.decision, repair.best.url) == (Decision.NEEDS_LIVE, meant)


def test_a_capital_word_behind_a_break_in_the_middle_is_not_read_into_the_address() -> None:
    repair = propose("https://a.example/news/flo=\nod-plan.html.Last accessed")
    assert repair.best.url == "https://a.example/news/flood-plan.html"


@pytest.mark.parametrize(
    "beginning",
    [
        "https:\u2215\u2215",
        "https\uff1a\uff0f\uff0f",
        "\uff48\uff54\uff54\uff50\uff53://",
        "https://https",
        "http://www.https://",
    ],
)
def test_a_beginning_with_look_alikes_or_twice_is_mended(beginning: str) -> None:
    assert propose(f"{beginning}www.example.org/x").best.url == "https://www.example.org/x"


def test_a_tilde_of_tex_is_a_tilde() -> None:
    for tilde in ("\\~{}", "{\\textasciitilde}", "\\textasciitilde "):
        assert propose(f"https://a.example/{tilde}jd/x").best.url == "https://a.example/~jd/x"


def test_dots_in_brackets_stand_for_a_part_left_out() -> None:
    assert propose(f"{PAGE}[\u2026]").decision is Decision.ABSTAIN


@pytest.mark.parametrize("owner", ["'s", "\u2019s"])
def test_a_possessive_at_the_end_asks_the_web(owner: str) -> None:
    repair = propose(PAGE + owner)
    assert (repair.decision, repair.best.url) == (Decision.NEEDS_LIVE, PAGE)


@pytest.mark.parametrize("url", ["https://a.example/'quoted'", "https://a.example/data.json?callback=?"])
def test_marks_that_an_address_opens_or_needs_stay(url: str) -> None:
    assert propose(url).decision is Decision.KEEP


@pytest.mark.parametrize("gap", ["\t", "\u2028", "\n"])
def test_a_path_goes_on_behind_its_slash_whatever_parts_it(gap: str) -> None:
    assert (
        propose(f"https://a.example/{gap}@jd/the-old-mill").best.url == "https://a.example/@jd/the-old-mill"
    )
