"""The one public entry of extraction: a source in, its citations and article facts out."""

from workers.extract.detect import detect_format
from workers.extract.readers import READERS
from workers.extract.source import Source
from workers.model import Document, Format


def find_links(source: Source, *, format: Format | None = None) -> Document:  # noqa: A002 - the contract's word
    """Return what `source` cites and says of itself, citations in the order of the source.

    `format` forces a reader; without it the content decides, then the media type, then the name.

    Raises:
        UnreadableDocument: it cannot be read as that format; the message names the source.
    """
    return READERS[format or detect_format(source)](source)
