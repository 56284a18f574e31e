"""Link-format as archives write it, not only as the RFC has it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.archive.link_format import original_in, raw_form, read_links, time_in

BASE = "https://archive.example/timemap/link/http://a.example/"
AT = datetime(2010, 6, 4, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        (
            '<https://archive.example/20100604120000/http://a.example/>; rel="memento"; '
            'datetime="Fri, 04 Jun 2010 12:00:00 GMT"'
        ),
        (
            '<https://archive.example/20100604120000/http://a.example/>;rel="first memento";'
            "datetime='Fri, 04 Jun 2010 12:00:00 GMT',\n"
        ),
        (
            "<https://archive.example/20100604120000/http://a.example/>; rel=memento; "
            "datetime=Fri, 04 Jun 2010 12:00:00 GMT,"
        ),
        '<https://archive.example/20100604120000/http://a.example/> ; REL="Last Memento" ; collection="x"',
        '</20100604120000/http://a.example/>; rel="memento"; datetime="no date"',
    ],
    ids=["by the RFC", "single quotes", "no quotes", "no date but digits", "relative"],
)
def test_a_memento_is_read_however_it_is_written(text: str) -> None:
    (link,) = read_links(text, base=BASE)
    assert link.is_memento
    assert link.url == "https://archive.example/20100604120000/http://a.example/"
    assert link.at == AT


def test_commas_and_semicolons_inside_addresses_do_not_split() -> None:
    text = (
        '<http://a.example/x;y=1,2>;rel="original",\n<https://archive.example/timegate/http://a.example/x;y=1,2>'
        ';rel="timegate", <https://archive.example/20100604120000/http://a.example/x;y=1,2>;rel="memento"'
    )
    assert [(link.url, sorted(link.rel)) for link in read_links(text, base=BASE)] == [
        ("http://a.example/x;y=1,2", ["original"]),
        ("https://archive.example/timegate/http://a.example/x;y=1,2", ["timegate"]),
        ("https://archive.example/20100604120000/http://a.example/x;y=1,2", ["memento"]),
    ]


@pytest.mark.parametrize("text", ["", "<html><body>No captures</body></html>", "<", "<a", ";;;", "<>;rel=x"])
def test_what_is_no_link_format_has_no_mementos(text: str) -> None:
    assert not any(link.is_memento for link in read_links(text, base=BASE))


@given(st.text(alphabet="<>;,=\"' \nrelmonto/:1", max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    for link in read_links(text, base=BASE):
        assert link.url


def test_hostile_quotes_are_read_in_linear_time() -> None:
    assert len(list(read_links("<a>;b='" * 30_000, base=BASE))) == 15_000


def test_the_raw_form_is_asked_for_whatever_the_form_given() -> None:
    raw = "https://web.archive.org/web/20100604120000id_/http://a.example/20110101000000/x"
    for flag in ("", "id_", "if_", "im_"):
        given_form = f"https://web.archive.org/web/20100604120000{flag}/http://a.example/20110101000000/x"
        assert raw_form(given_form) == raw


def test_the_original_and_time_stand_in_the_address() -> None:
    uri_m = "https://web.archive.org/web/20100604120000id_/http:/a.example/x?y=1"
    assert original_in(uri_m) == "http://a.example/x?y=1"
    assert time_in(uri_m) == AT
    assert original_in("https://perma.cc/AB12-CD34") is None
