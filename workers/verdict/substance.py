"""How much a page says besides that something is missing."""

from collections.abc import Iterable

from workers.verdict.blocks import Block, count_words
from workers.verdict.phrases import find_missing

_PARAGRAPH_WORDS = 18  # shorter blocks are hints, labels and buttons
_LONG_REST_WORDS = 40  # what stands beside the sentence in one block is help until then
ENOUGH_WORDS = 500  # no rule asks for more


def count_substance(blocks: Iterable[Block]) -> int:
    """Return how many words stand in paragraphs of the content that say something of their own.

    Counting ends at 500: from there on no rule tells pages apart.
    """
    words = 0
    for block in blocks:
        if block.is_content and not block.level and not block.is_linked and block.words >= _PARAGRAPH_WORDS:
            words += _other_words(block)
            if words >= ENOUGH_WORDS:
                break
    return words


def _other_words(block: Block) -> int:
    hit = find_missing(block.text)
    if hit is None:
        return block.words
    rest = block.words - count_words(hit.sentence)
    return rest if rest >= _LONG_REST_WORDS else 0
