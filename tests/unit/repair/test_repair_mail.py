"""What a mail left on an address: soft line breaks, equals signs in codes, marks of quotation."""

import pytest

from workers.model import Decision
from workers.repair.propose import propose

PAGE = "https://www.example.org/news/flood-plan"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://www.example.org/news/flo=\nod-plan", PAGE),
        ("https://www.example.org/news/flood-=\r\nplan", PAGE),
        ("https://www.exam= \nple.org/news/flood-plan", PAGE),
        ("https://www.example.org/news/flood-plan=20", f"{PAGE}"),
        ("https://www.example.org/news/flood-plan.html=0D=0A", f"{PAGE}.html"),
        ("https://www.example.org/news/caf=C3=A9", "https://www.example.org/news/caf%C3%A9"),
        ("https://a.example/view?id=3D7&page=3D2", "https://a.example/view?id=7&page=2"),
        ("https://a.example/view?id=3D7&na=\nme=3Dx", "https://a.example/view?id=7&name=x"),
        ("https://www.example.org/news/\n> flood-plan", PAGE),
        ("https://www.example.org/news/flo\n | od-plan", PAGE),
        ("https://www.example.org/news/flood=\n-plan", PAGE),
    ],
)
def test_the_writing_of_a_mail_is_undone(written: str, meant: str) -> None:
    assert propose(written).best.url == meant


def test_a_soft_line_break_in_a_path_is_certain_and_says_why() -> None:
    repair = propose("https://www.example.org/news/flood-=\nplan")
    assert repair.decision is Decision.AUTO
    assert repair.best.evidence == ("a mail's soft line break (quoted-printable)",)


def test_a_key_at_a_line_end_keeps_its_equals_sign_and_asks_the_web() -> None:
    repair = propose("https://a.example/view?id=\n55")
    assert (repair.decision, repair.best.url) == (Decision.NEEDS_LIVE, "https://a.example/view?id=55")
    assert "https://a.example/view?id55" in [each.url for each in repair.candidates]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://a.example/view?id=3D55", "https://a.example/view?id=55"),
        ("https://a.example/view/page=20", "https://a.example/view/page"),
    ],
)
def test_one_code_that_may_be_a_value_is_never_undone_unasked(written: str, meant: str) -> None:
    repair = propose(written)
    assert repair.decision is Decision.NEEDS_LIVE
    assert {written, meant} <= {each.url for each in repair.candidates}


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/view?mode=3D",
        "https://a.example/blob?data=SGVsbG8gd29ybGQ=",
        "https://a.example/list?filter=",
        "https://a.example/view?a=1&b=2",
    ],
)
def test_equals_signs_of_a_query_stay(url: str) -> None:
    assert propose(url).decision is Decision.KEEP
