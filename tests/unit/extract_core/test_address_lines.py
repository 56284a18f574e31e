"""Lists of addresses are read by lines, and give what reading them as running text gives."""

from hypothesis import example, given
from hypothesis import strategies as st

from workers.extract import address_lines, text
from workers.extract.address_lines import LEAST, AddressLines, ListedLinks
from workers.extract.finding import NO_BASE
from workers.extract.source import Source
from workers.model import FoundLink, Kind

PLAIN = [
    "https://example.org/a",
    "http://127.0.0.1:8080/2024/03/a-long-name_of-a-piece",
    "https://sub.example.co.uk/a.b/c?x=1&y=2",
    "https://doi.org/10.1000/182",
    "https://arxiv.org/abs/2101.00001",
    "https://example.org/",
]
ODD = [
    "",
    "   ",
    "Source:",
    "Original url:",
    "A sentence about rivers, and 10.1000/182 in it.",
    "https://example.org/a-",
    "https://example.org/a.",
    "https://example.org/a?x=",
    "https://example.org:443/a",
    "https://Example.org/a",
    "https://example.org/a b",
    "https://example.org",
    "www.example.org/a",
    "> https://example.org/quoted",
    "<https://example.org/angled>",
    "ISBN 978-3-16-148410-0",
    "2. https://example.org/numbered",
    "and/or math.GT/0309136",
    "mailto:desk@example.org",
    "continued/path",
    "[a](https://example.org/inline)",
    "\u2028https://example.org/a",
]
RUNS = st.tuples(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=4), st.integers(1, 9), st.booleans())
BLOCKS = st.one_of(
    st.sampled_from(ODD).map(lambda line: [line]),
    RUNS.map(lambda run: [each for line in run[0] * run[1] for each in ([line, ""] if run[2] else [line])]),
)
TEXTS = st.tuples(st.lists(BLOCKS, max_size=8), st.sampled_from(["\n", "\n", "\n", "\r\n"])).map(
    lambda drawn: drawn[1].join(line for block in drawn[0] for line in block)
)
LIST = "".join(f"https://example.org/{number}\n" for number in range(40))


def as_running_text(source: str) -> list[FoundLink]:
    """Return what the reader of running text finds, lists or not."""
    found = text.own_address(source, text.find_in_text(source))
    places = text.SourceMap(source)
    return [text.placed(each, places, NO_BASE) for each in found]


@given(TEXTS.filter(str.strip))
@example("Source:\n" + LIST)
@example(LIST + "https://example.org/cut-\nhere it goes on")
@example("https://example.org/x\n" * 20 + "and [a\n" + LIST + "](https://example.org/in)")
def test_lists_are_read_as_running_text_is(source: str) -> None:
    document = text.read(Source(name="list", text=source))
    assert list(document.links) == as_running_text(source)


def test_a_list_keeps_places_and_no_citations() -> None:
    document = text.read(
        Source(name="list", text=f"My links\n\n{LIST}\nEnd. See https://example.org/end too.")
    )
    assert isinstance(document.links, ListedLinks)
    assert len(document.links) == 41
    assert document.links[9] == FoundLink(
        raw="https://example.org/9",
        target="https://example.org/9",
        kind=Kind.BARE,
        resolved="https://example.org/9",
        context="https://example.org/9",
        start=208,
        end=229,
        line=12,
        column=1,
    )
    assert [link.line for link in document.links[:4]] == [3, 4, 5, 6]
    assert document.links == tuple(document.links)
    assert hash(document.links) == hash(tuple(document.links))
    assert document.links != tuple(document.links)[1:]


def test_a_few_lines_are_no_list() -> None:
    few = "https://example.org/a\n" * (LEAST + 1)
    assert len(AddressLines(few)) == 0
    assert len(AddressLines(few + "https://example.org/a\n")) == LEAST
    assert address_lines.AddressLines(few).parts == [(0, len(few))]
