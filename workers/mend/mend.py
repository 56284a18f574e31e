"""The one public entry: a document and accepted changes in, the document written anew out.

Whatever is written is read again by the format's own reader: each changed citation must lead to its new
address, every other one must be where and what it was. What does not pass is refused, and said.
"""

from collections.abc import Callable, Sequence

from workers.errors import CannotMend
from workers.extract.source import Source
from workers.mend.change import Change, Mended
from workers.mend.docx import mend_docx
from workers.mend.spelling import WRITERS
from workers.mend.text import mend_text
from workers.model import Document, Format

Read = Callable[[Source, Format], Document]


def mend(source: Source, document: Document, changes: Sequence[Change], *, read: Read) -> Mended:
    """Return `source` with `changes` made as far as they can be; `document` is what was read from it.

    `read` reads a source as a format, as the document was read.

    Raises:
        CannotMend: the format cannot be written, or not from these bytes.
    """
    if not changes:
        return Mended(data=source.data if source.text is None else source.text.encode())
    if document.format is Format.DOCX:
        return mend_docx(source, document, changes, read=read)
    if document.format in WRITERS and document.text is not None:
        return mend_text(source, document, changes, read=read)
    raise unwritable(document.source, document.format)


def can_mend(format: Format) -> bool:  # noqa: A002 - the contract's word
    """Whether documents of a format can be written anew."""
    return format is Format.DOCX or format in WRITERS


def unwritable(name: str, format: Format) -> CannotMend:  # noqa: A002
    """Return the refusal of a document whose format is only read."""
    return CannotMend(f"{name}: a document of format {format} cannot be written, only read")
