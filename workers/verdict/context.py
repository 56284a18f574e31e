"""What is known around one observation: its article, its sibling on the host and the host's other links."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.model import Observation
from workers.verdict.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What another address of the link's host was answered with.

    As `Context.probe` it is one that cannot exist, made by `probe.probe_url` in the directory of the link, as
    `Context.front` the front page. `page` is None where the answer brought no text.
    """

    observation: Observation
    page: Page | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFacts:
    """What other links of the same host showed.

    `final_urls` counts, by lookup key of the final URL, how many different links were sent there;
    `text_digests` counts links by the digest of their main text (`similarity.text_digest`);
    `median_main_words` is None while fewer than a few pages are known.
    """

    final_urls: Mapping[str, int] = field(default_factory=dict)
    text_digests: Mapping[str, int] = field(default_factory=dict)
    median_main_words: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the article and the siblings know about a link; empty where nothing is known.

    `headline` is that of the citing article and `anchors` the texts the link stands under. `probe` and
    `front` are None where nobody asked for them.
    `accepted_statuses` are read as ok whatever they are, by the policy for this link.
    `is_unchanged` says that the answer is a 304 to a request with the validators of the last good answer.
    """

    anchors: tuple[str, ...] = ()
    headline: str | None = None
    probe: Probe | None = None
    front: Probe | None = None
    host: HostFacts = field(default_factory=HostFacts)
    accepted_statuses: frozenset[int] = frozenset()
    is_unchanged: bool = False
