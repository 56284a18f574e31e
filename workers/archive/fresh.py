"""A page captured as it answers now, because somebody asked for it."""

from dataclasses import dataclass
from typing import Final

from workers.errors import CaptureFailed
from workers.model import Memento, Observation
from workers.protocols import Archive, Fetcher, FetchRequest
from workers.url import is_fetchable, without_fragment

CAPTURED: Final = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What came of it: the capture of the address as asked, or None with the reason.

    Of a capture `reason` says what is missing in it, None where it is whole. `observation` is None where
    nothing could be asked.
    """

    memento: Memento | None
    reason: str | None = None
    observation: Observation | None = None


async def capture_now(url: str, *, fetcher: Fetcher, archive: Archive) -> Fresh:
    """Fetch `url`, redirects followed, and capture every hop where it ends at a page (2xx).

    Whether the page is the one that was meant is not judged here: who asks for a capture gets it. A
    failing page is not kept, for it would be taken for the resource.
    """
    if not is_fetchable(url):
        return Fresh(memento=None, reason="not an http or https address")
    observation = await fetcher.observe(FetchRequest(url=without_fragment(url), record=True))
    if observation.status not in CAPTURED or not observation.exchanges:
        return Fresh(memento=None, reason=told(observation), observation=observation)
    try:
        memento = await archive.capture(observation.exchanges)
    except CaptureFailed as error:
        return Fresh(memento=None, reason=f"not captured: {error}", observation=observation)
    reason = "local captures are off" if memento is None else _cut(observation)
    return Fresh(memento=memento, reason=reason, observation=observation)


def _cut(observation: Observation) -> str | None:
    """Return what was left out of a page, None where nothing was."""
    last = observation.exchanges[-1]
    if last.truncated is None:
        return None
    return f"the body was cut after {len(last.body)} bytes ({last.truncated})"


def told(observation: Observation) -> str:
    """Return why an observation is no page, for a person."""
    if observation.status is not None:
        return f"it answers with status {observation.status}"
    return observation.failure_reason or str(observation.failure or "it does not answer")
