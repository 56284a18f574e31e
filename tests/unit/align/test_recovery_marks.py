"""The marks of recovery: pages made up from seeds, edited as editors do."""

from tests.made_pages import PAGE_URL, STAMP, Made, Recipe, Rewriting, make
from tests.made_words import KNOWN, UNSEEN
from workers.align.match import recover_links
from workers.align.page_text import read_page_text
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Decision, FoundOn, Recovery

PAGES = 50


def recovered(made: Made) -> list[Recovery]:
    """Return what is found for each placeholder of a made page, in order."""
    document = find_links(Source(name="copy.md", data=made.copy.encode()))
    stamp = None if made.rewriting is Rewriting.NONE else STAMP
    page = read_page_text(made.page.encode(), url=PAGE_URL, charset="utf-8", stamp=stamp)
    found = recover_links(document, page, found_on=FoundOn(kind="live", url=PAGE_URL))
    return [found[number] for number in sorted(found)]


def score(recipe: Recipe, seeds: range) -> tuple[int, int, int, list[str]]:
    """Return how many targets there were, were found and were found wrong, with notes on what was missed."""
    known = right = wrong = 0
    notes = []
    for seed in seeds:
        made = make(seed, recipe)
        for truth, found in zip(made.truth, recovered(made), strict=True):
            is_sure = found.decision is Decision.AUTO
            known += truth is not None
            right += is_sure and found.best == truth
            wrong += is_sure and found.best != truth
            if (found.best if is_sure else None) != truth:
                notes.append(f"{seed} {made.layout} {made.rewriting}: {truth} {found}")
    return known, right, wrong, notes


# Twice the edits, sentences that stand on the page twice, in languages that nothing was set by.
HARDER = Recipe(
    tongues=UNSEEN, words=0.15, moved=0.3, cut=0.15, removed=0.2, added=0.4,
    reworded_anchors=0.15, merged=0.5, doubled=0.5,
)  # fmt: skip


def test_pages_it_was_not_made_for_lose_few_targets_and_hardly_ever_give_a_wrong_one() -> None:
    known, right, wrong, notes = score(HARDER, range(20_000, 20_000 + PAGES))
    assert known > 5 * PAGES
    assert wrong / known <= 0.01, notes
    assert right / known >= 0.9, notes


def test_fifty_edited_pages_give_their_targets_back_and_no_wrong_one() -> None:
    known, right, wrong, notes = score(Recipe(tongues=KNOWN), range(PAGES))
    assert known > 5 * PAGES
    assert wrong == 0, notes
    assert right / known >= 0.95, notes
