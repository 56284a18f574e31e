"""Whether a live page shows that a repair candidate is the address the author meant."""

from collections.abc import Sequence

from workers.model import Observation
from workers.url import lookup_key
from workers.verdict.address import read_address
from workers.verdict.page import Page
from workers.verdict.similarity import fold

_OK = 200


def confirms(
    page: Page | None, observation: Observation, *, url: str, headline: str | None, anchors: Sequence[str]
) -> tuple[bool, tuple[str, ...]]:
    """Return whether the page answered for candidate `url` proves it, with the evidence for or against.

    `headline` is the citing article's, `anchors` the texts the link stands under.
    """
    if observation.status != _OK or page is None or not page.is_html:
        return False, (f"answered {observation.status}",)
    evidence: list[str] = []
    named = [address for address in (page.canonical, page.og_url) if address]
    same = any(lookup_key(address) == lookup_key(url) for address in named)
    if same:
        evidence.append("the page names this address as its own")
    titles = [fold(text) for text in (page.main_heading, page.og_title, page.title) if text]
    for wanted in (headline, *anchors):
        if wanted and len(wanted.split()) > 2 and any(_agrees(fold(wanted), title) for title in titles):
            evidence.append(f"its title is: {wanted}")
            return True, tuple(evidence)
    words = read_address(url).words
    in_title = {word for word in words if any(word in title for title in titles)}
    return bool(same and words and len(in_title) * 2 > len(words)), tuple(evidence)


def _agrees(wanted: str, title: str) -> bool:
    words = set(wanted.split())
    return len(words & set(title.split())) >= 0.7 * len(words)
