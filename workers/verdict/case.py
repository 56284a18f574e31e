"""Everything the soft 404 rules ask of one page, gathered once."""

from dataclasses import dataclass

from workers.model import Observation
from workers.url import lookup_key
from workers.verdict.address import Address, read_address
from workers.verdict.context import Context
from workers.verdict.missing import body_hit, finds_nothing, heading_hit, landing_url
from workers.verdict.page import Page
from workers.verdict.phrases import Hit, find_missing_title
from workers.verdict.topic import shown_topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One page with what was asked, where it landed, what it says is missing and what it shows.

    `heading`, `title` and `body` are not-found sentences; `finds_nothing` is what it says of a search that
    nobody asked for; `substance` counts the words of paragraphs that say something else; `topic` holds the
    words of slug or anchor that title or heading repeat.
    """

    observation: Observation
    page: Page
    context: Context
    asked: Address
    landed: Address
    landed_url: str
    heading: Hit | None
    title: Hit | None
    body: Hit | None
    finds_nothing: str | None
    substance: int
    topic: str | None

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The not-found sentences of heading, title and text."""
        return tuple(hit for hit in (self.heading, self.title, self.body) if hit)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the link landed at another resource than the one asked for."""
        asked = self.observation.url
        return self.landed_url != asked and lookup_key(self.landed_url) != lookup_key(asked)

    @property
    def is_named_by_page(self) -> bool:
        """Whether the page gives its own address, by canonical or og:url, and it is the one asked for."""
        named = [address for address in (self.page.canonical, self.page.og_url) if address]
        asked = lookup_key(self.observation.url)
        return bool(named) and all(lookup_key(address) == asked for address in named)


def gather(observation: Observation, page: Page, context: Context) -> Case:
    """Return the case of one observation and its page."""
    landed_url = landing_url(observation, page)
    asked = read_address(observation.url)
    return Case(
        observation=observation,
        page=page,
        context=context,
        asked=asked,
        landed=read_address(landed_url),
        landed_url=landed_url,
        heading=heading_hit(page),
        title=find_missing_title(page.title),
        body=body_hit(page),
        finds_nothing=finds_nothing(page, asked),
        substance=page.substance,
        topic=shown_topic(page, asked, context),
    )
