"""Scholarly identifiers: found in text and links, checked, and given one normal form."""

import pytest

from workers.extract.check_digits import is_mod_11_2, isbn_13, issn
from workers.extract.find import find_links
from workers.extract.identifiers import find_identifiers, identifier_of
from workers.extract.source import Source
from workers.model import Defect, Format


@pytest.mark.parametrize(
    ("text", "scheme", "value", "normal", "resolver"),
    [
        ("doi:10.1000/182.", "doi", "10.1000/182", "10.1000/182", "https://doi.org/10.1000/182"),
        ("(DOI 10.1038/Nature12373)", "doi", "10.1038/Nature12373", "10.1038/nature12373", None),
        (
            "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O, and",
            "doi",
            "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O",
            "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o",
            "https://doi.org/10.1002/(sici)1097-4571(199806)49:8%3C693::aid-asi4%3E3.0.co;2-o",
        ),
        ("<i>10.1234/ab</i>", "doi", "10.1234/ab", "10.1234/ab", None),
        ("arXiv:2101.00001v2", "arxiv", "2101.00001v2", "2101.00001v2", "https://arxiv.org/abs/2101.00001v2"),
        ("see hep-th/9901001.", "arxiv", "hep-th/9901001", "hep-th/9901001", None),
        ("arXiv:math.GT/0309136", "arxiv", "math.GT/0309136", "math.GT/0309136", None),
        ("PMID: 12345678", "pmid", "12345678", "12345678", "https://pubmed.ncbi.nlm.nih.gov/12345678"),
        ("PMCID: pmc1234567", "pmcid", "pmc1234567", "PMC1234567", None),
        ("hdl:2027/uc1.b3", "handle", "2027/uc1.b3", "2027/uc1.b3", "https://hdl.handle.net/2027/uc1.b3"),
        (
            "ark:12148/bpt6k-58",
            "ark",
            "ark:12148/bpt6k-58",
            "ark:/12148/bpt6k58",
            "https://n2t.net/ark:/12148/bpt6k58",
        ),
        ("ISBN 978-3-16-148410-0", "isbn", "978-3-16-148410-0", "9783161484100", None),
        ("ISBN-10: 0-306-40615-2", "isbn", "0-306-40615-2", "9780306406157", None),
        (
            "ISSN 2049-3630",
            "issn",
            "2049-3630",
            "2049-3630",
            "https://portal.issn.org/resource/ISSN/2049-3630",
        ),
        ("urn:nbn:de:101:1-2011.", "urn:nbn", "urn:nbn:de:101:1-2011", "urn:nbn:de:101:1-2011", None),
        ("0000-0002-1694-233X", "orcid", "0000-0002-1694-233X", "0000-0002-1694-233X", None),
    ],
)
def test_an_identifier_has_value_normal_form_and_resolver(
    text: str, scheme: str, value: str, normal: str, resolver: str | None
) -> None:
    (mention,) = find_identifiers(text)
    found = mention.identifier
    assert (found.scheme, found.value, found.normal) == (scheme, value, normal)
    assert resolver is None or found.resolver == resolver


@pytest.mark.parametrize(
    "text",
    [
        "1990-1995 and 12345678 and 2101.00001",
        "version 10.5.1/beta, 10.12/x",
        "0000-0002-1825-0098",
        "call 1234-5678, ratio 3/1234567",
        "x/hep-th/9901001",
    ],
)
def test_numbers_that_only_look_like_identifiers_are_left_alone(text: str) -> None:
    assert find_identifiers(text) == []


@pytest.mark.parametrize("text", ["ISBN 0-306-40615-3", "ISSN 0378-5954", "ISBN 978-3-16-148410-1"])
def test_a_labelled_number_with_a_wrong_check_digit_is_a_defect(text: str) -> None:
    (mention,) = find_identifiers(text)
    assert mention.defects == (Defect.BAD_CHECK_DIGIT,)
    assert mention.identifier.resolver is None


@pytest.mark.parametrize(
    ("address", "scheme", "normal"),
    [
        ("https://doi.org/10.1000/ABC?x=1", "doi", "10.1000/abc"),
        ("http://dx.doi.org/10.1002/%28SICI%291", "doi", "10.1002/(sici)1"),
        ("https://onlinelibrary.example.com/doi/full/10.1002/a.b", "doi", "10.1002/a.b"),
        ("https://arxiv.org/abs/hep-th/9901001", "arxiv", "hep-th/9901001"),
        ("https://arxiv.org/pdf/2101.00001v3.pdf", "arxiv", "2101.00001v3"),
        ("https://pubmed.ncbi.nlm.nih.gov/12345/", "pmid", "12345"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC123456/", "pmcid", "PMC123456"),
        ("https://hdl.handle.net/2027/uc1.b3", "handle", "2027/uc1.b3"),
        ("https://n2t.net/ark:/12148/bpt6k5834013m", "ark", "ark:/12148/bpt6k5834013m"),
        ("https://orcid.org/0000-0002-1825-0097", "orcid", "0000-0002-1825-0097"),
        ("https://nbn-resolving.org/urn:nbn:de:101:1-2011", "urn:nbn", "urn:nbn:de:101:1-2011"),
    ],
)
def test_a_link_tells_the_identifier_it_resolves(address: str, scheme: str, normal: str) -> None:
    found = identifier_of(address)
    assert found is not None
    assert (found.scheme, found.normal) == (scheme, normal)


def test_an_ordinary_address_is_no_identifier() -> None:
    assert identifier_of("https://example.com/doi/about") is None


def test_an_identifier_inside_a_link_is_not_found_twice() -> None:
    document = find_links(
        Source(name="a", text="https://doi.org/10.1000/182 and [x](https://x.org/doi:10.1000/183)"),
        format=Format.TEXT,
    )
    assert [str(link.kind) for link in document.links] == ["bare", "link"]


def test_check_digits_follow_their_standards() -> None:
    assert isbn_13("080442957X") == "9780804429573"
    assert isbn_13("0804429579") is None
    assert issn("2434-561X") == "2434-561X"
    assert is_mod_11_2("0000-0001-5109-3700")
    assert not is_mod_11_2("0000-0001-5109-3701")


@pytest.mark.parametrize(
    ("text", "scheme", "normal"),
    [
        ("arXiv 2101.00002", "arxiv", "2101.00002"),
        ("pmid=1234", "pmid", "1234"),
        ("PubMed ID: 1234567", "pmid", "1234567"),
        ("PMCID = PMC1234567", "pmcid", "PMC1234567"),
        ("ISBN13 9780306406157", "isbn", "9780306406157"),
        ("ISBNs 0-306-40615-2", "isbn", "9780306406157"),
        ("eISBN: 9783161484100", "isbn", "9783161484100"),
        ("ISBN (print) 978-3-16-148410-0", "isbn", "9783161484100"),
        ("ISBN 0\u2013306\u201340615\u20132", "isbn", "9780306406157"),
        ("978-0-306-40615-7", "isbn", "9780306406157"),
        ("urn:isbn:0451450523", "isbn", "9780451450524"),
        ("ISSN: 20493630", "issn", "2049-3630"),
        ("ISSN (online) 2049-3630", "issn", "2049-3630"),
        (
            "DOI 10.1002/(SICI)1096-8644(199601)99:1<1::AID-A1>3.0.CO;2-1",
            "doi",
            "10.1002/(sici)1096-8644(199601)99:1<1::aid-a1>3.0.co;2-1",
        ),
        ("10.1234/abc<sub>2</sub>", "doi", "10.1234/abc"),
    ],
)
def test_labels_and_separators_vary(text: str, scheme: str, normal: str) -> None:
    (mention,) = find_identifiers(text)
    assert (mention.identifier.scheme, mention.identifier.normal) == (scheme, normal)


def test_thirteen_digits_without_a_label_need_hyphens_and_a_right_check_digit() -> None:
    assert find_identifiers("978-0-306-40615-8 and 9780306406157 and 978-0306-40615") == []


def test_a_labelled_orcid_with_a_wrong_check_digit_is_a_defect() -> None:
    (mention,) = find_identifiers("ORCID: 0000-0002-1825-0098")
    assert mention.defects == (Defect.BAD_CHECK_DIGIT,)


@pytest.mark.parametrize(
    ("address", "scheme", "normal"),
    [
        ("https://doi.org/doi:10.1000/777", "doi", "10.1000/777"),
        ("https://europepmc.org/article/MED/12345678", "pmid", "12345678"),
        ("https://europepmc.org/articles/PMC3531190", "pmcid", "PMC3531190"),
        (
            "https://nbn-resolving.org/resolver?identifier=urn:nbn:de:bvb:19-1&x=2",
            "urn:nbn",
            "urn:nbn:de:bvb:19-1",
        ),
        ("https://openlibrary.org/isbn/9780140328721", "isbn", "9780140328721"),
    ],
)
def test_resolvers_write_identifiers_in_many_ways(address: str, scheme: str, normal: str) -> None:
    found = identifier_of(address)
    assert found is not None
    assert (found.scheme, found.normal) == (scheme, normal)
