# ruff: noqa: RUF001 - Russian in its own letters
"""A page's text, head and charset are read right, and hostile markup costs no more than its bytes."""

import time

import pytest

from workers.verdict.page import read_page
from workers.verdict.similarity import similarity, sketch, sketch_similarity, text_digest

URL = "https://a.example/dir/page"


def read(body, *, media_type="text/html", charset=None):
    return read_page(
        body if isinstance(body, bytes) else body.encode(), media_type=media_type, charset=charset, url=URL
    )


def test_menus_footers_asides_and_hidden_parts_are_no_content():
    page = read(
        "<nav>Menu words</nav><header><h1>The piece</h1><p>Slogan</p></header><aside>Aside words</aside>"
        "<div class=sidebar>More</div><p hidden>Secret</p><p>What it says.</p><footer>All rights</footer>"
    )
    assert page.main_text == "The piece\nWhat it says."


def test_a_list_of_teasers_is_no_content():
    cards = "".join(
        f"<div><h3><a href=/{n}>Teaser {n}</a></h3><p>What teaser {n} is about.</p></div>" for n in range(3)
    )
    assert read(f"<h1>The piece</h1><p>Its text.</p>{cards}").main_text == "The piece\nIts text."


def test_the_only_linked_heading_is_no_teaser():
    page = read('<h2><a href="/self">The piece</a></h2><p>Its text.</p>')
    assert page.main_text == "The piece\nIts text."
    assert page.main_heading == "The piece"


def test_a_layout_name_hides_nothing():
    assert (
        read('<body class="has-sidebar no-ads"><div class="with-menu"><p>Text.</p></div>').main_text
        == "Text."
    )


def test_a_page_all_in_a_menu_still_has_its_text():
    assert read("<div class=menu><p>All there is.</p></div>").main_text == "All there is."


def test_the_head_is_read_with_absolute_addresses():
    page = read(
        '<html lang=de><title> A  title </title><link rel=canonical href="/c">'
        '<meta property=og:url content="/o">'
        '<meta property=og:title content="OG"><meta name=robots content="noindex, follow">'
        '<meta http-equiv=refresh content="3; url=/next"><input type=password>'
    )
    assert (page.title, page.og_title, page.language) == ("A title", "OG", "de")
    assert (page.canonical, page.og_url) == ("https://a.example/c", "https://a.example/o")
    assert (page.refresh_url, page.refresh_delay_s) == ("https://a.example/next", 3)
    assert page.is_noindex
    assert page.password_fields == 1


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("\ufeffГазета о море".encode(), None),
        ("Газета о море".encode("utf-16"), None),
        ("<p>Газета о море".encode("cp1251"), "windows-1251"),
        ('<meta charset="koi8-r"><p>Газета о море'.encode("koi8-r"), None),
        (b'<?xml version="1.0" encoding="windows-1251"?><p>' + "Газета о море".encode("cp1251"), None),
        (("<p>Газета о море и кораблях, рыбаках и портах. " * 5).encode("cp1251"), None),
        (("<p>Газета о море и кораблях, рыбаках и портах. " * 5).encode("cp1251"), "utf-8"),
    ],
)
def test_the_charset_is_found_by_mark_header_meta_or_detection(body, charset):
    assert "Газета о море" in read(body, charset=charset).main_text


def test_a_japanese_page_that_says_utf_8_is_read():
    body = ("<title>東京</title>" + "<p>東京の天気は晴れです。" * 50).encode("shift_jis")
    assert read(body, charset="utf-8").title == "東京"


def test_a_letter_cut_at_the_end_does_not_change_the_charset():
    assert read("<p>море".encode()[:-1], charset="utf-8").charset == "utf-8"


@pytest.mark.parametrize("body", [b"%PDF-1.7 not found", b"\x89PNG\r\n", b"PK\x03\x04"])
def test_a_file_that_is_called_html_is_no_page(body):
    page = read(body)
    assert not page.is_html
    assert page.main_text == ""


def test_a_shell_waits_for_its_scripts_and_a_blank_page_for_nothing():
    assert read('<div id=root></div><script src="/a.js"></script>').is_shell
    assert read("<html><body></body></html>").is_blank
    assert not read("<body><img src=a.png>").is_blank


def test_plain_text_is_read_by_lines():
    page = read("One line.\nAnother.", media_type="text/plain")
    assert (page.is_html, page.main_text) == (False, "One line.\nAnother.")


@pytest.mark.parametrize(
    "part",
    [
        "<div>",
        "<b><i><p>",
        "<a href=x>",
        "<table><tr><td>",
        "<h1>",
        "<meta charset",
        "location='",
        "x-y-",
        "<p>&#",
        "<!--",
    ],
)
def test_hostile_markup_is_linear(part):
    def cost(size: int) -> float:
        body = (part * (size // len(part))).encode()
        best = []
        for _ in range(3):
            began = time.process_time()
            text = read(body).main_text
            similarity(text, text[1:])
            best.append(time.process_time() - began)
        return min(best)

    cost(1000)
    # Four times the text: four times the work where it is linear, sixteen where it is quadratic.
    assert cost(200_000) < 9 * cost(50_000) + 0.1


def test_digits_and_echoed_addresses_do_not_tell_texts_apart():
    one = "Nothing lies at /a/b-c-d on 3 May 2019, request 8812."
    other = "Nothing lies at /x/y on 14 May 2021, request 17."
    assert similarity(one, other) == 1.0
    assert text_digest(one) == text_digest(other)


def test_texts_of_different_pieces_are_not_alike():
    one = "The eastern pier will close for two months while engineers replace the timber piles."
    other = "Council members weigh a tax on empty flats, and tenants ask for a say in it."
    assert similarity(one, other) < 0.2
    assert sketch_similarity(sketch(one), sketch(one)) == 1.0
    assert sketch_similarity(sketch(one), sketch(other)) < 0.75
    assert sketch_similarity(sketch(one), "") is None
