"""A tiny PDF writer for tests: pages of text lines at given places, link annotations, a metadata dictionary.

Only what the tests need: one Type 1 font, WinAnsi strings (codes 1 to 3 are ligatures), uncompressed
streams, a correct cross-reference table. Odd files (loops, no end, encryption) are made by changing what
it gives.
"""

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text with its baseline start, in points from the lower left corner of the page."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A link annotation: its rectangle (left, bottom, right, top) and the body of its action dictionary."""

    rect: tuple[float, float, float, float]
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page."""

    lines: tuple[Line, ...] = ()
    annotations: tuple[Annotation, ...] = ()


def uri(address: str) -> str:
    """Return the body of a URI action."""
    escaped = address.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"/S /URI /URI ({escaped})"


def paragraph(*texts: str, x: float = 72, y: float = 700, leading: float = 14) -> tuple[Line, ...]:
    """Return lines set one under the other."""
    return tuple(Line(text=text, x=x, y=y - leading * row) for row, text in enumerate(texts))


@dataclass(slots=True)
class PdfFile:
    """Objects numbered from 1 in the order they are added; object 1 is the catalog, 2 the page tree."""

    objects: dict[int, bytes] = field(default_factory=dict)

    def add(self, body: str | bytes, number: int | None = None) -> int:
        """Add an object and return its number."""
        number = number or max(self.objects, default=0) + 1
        self.objects[number] = body.encode("cp1252") if isinstance(body, str) else body
        return number

    def stream(self, content: bytes) -> int:
        """Add a stream object and return its number."""
        return self.add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))

    def serialise(self, trailer: str = "") -> bytes:
        """Return the file with a correct cross-reference table."""
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        offsets = {}
        for number in sorted(self.objects):
            offsets[number] = len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, self.objects[number])
        start = len(out)
        size = max(self.objects) + 1
        out += b"xref\n0 %d\n0000000000 65535 f \n" % size
        for number in range(1, size):
            out += b"%010d 00000 n \n" % offsets[number]
        out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
            size,
            trailer.encode("latin-1"),
            start,
        )
        return bytes(out)


def _content(page: Page) -> bytes:
    shown = []
    for line in page.lines:
        text = line.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        shown.append(f"BT /F1 {line.size} Tf {line.x} {line.y} Td ({text}) Tj ET")
    return "\n".join(shown).encode("cp1252")


def build_pdf(*pages: Page, info: str = "", catalog: str = "") -> bytes:
    """Return a PDF of `pages`; `info` is the body of the metadata dictionary, `catalog` more of the root."""
    file = PdfFile()
    file.add(f"<< /Type /Catalog /Pages 2 0 R {catalog} >>")
    file.add("", 2)
    encoding = "<< /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl /ff] >>"
    font = file.add(f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding {encoding} >>")
    kids = []
    for page in pages:
        content = file.stream(_content(page))
        annotations = [
            file.add(
                "<< /Type /Annot /Subtype /Link /Border [0 0 0] "
                f"/Rect [{' '.join(map(str, a.rect))}] /A << {a.action} >> >>"
            )
            for a in page.annotations
        ]
        kids.append(
            file.add(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
                f"/Resources << /Font << /F1 {font} 0 R >> >> /Contents {content} 0 R "
                f"/Annots [{' '.join(f'{a} 0 R' for a in annotations)}] >>"
            )
        )
    file.add(f"<< /Type /Pages /Kids [{' '.join(f'{k} 0 R' for k in kids)}] /Count {len(kids)} >>", 2)
    trailer = f"/Info {file.add(f'<< {info} >>')} 0 R" if info else ""
    return file.serialise(trailer)


PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
FILE_ID = bytes(range(16))


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def build_locked_pdf(text: str, *, user_password: bytes = b"") -> bytes:
    """Return a PDF of one line, encrypted as ISO 32000-1, 7.6.3 says (revision 2, 40 bits).

    With an empty user password anyone may read it; only changes are locked.
    """
    permissions = -64
    padded = (user_password + PAD)[:32]
    owner = _rc4(hashlib.md5((b"owner" + PAD)[:32]).digest()[:5], padded)  # noqa: S324 - the format's own
    seed = padded + owner + (permissions % 2**32).to_bytes(4, "little") + FILE_ID
    key = hashlib.md5(seed).digest()[:5]  # noqa: S324
    content = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode("cp1252")
    object_key = hashlib.md5(key + (5).to_bytes(3, "little") + b"\0\0").digest()[:10]  # noqa: S324
    file = PdfFile()
    file.add("<< /Type /Catalog /Pages 2 0 R >>")
    file.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    file.add(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R "
        "/Resources << /Font << /F1 4 0 R >> >> >>"
    )
    file.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    file.stream(_rc4(object_key, content))
    return file.serialise(
        f"/ID [<{FILE_ID.hex()}> <{FILE_ID.hex()}>] /Encrypt << /Filter /Standard /V 1 /R 2 "
        f"/P {permissions} /O <{owner.hex()}> /U <{_rc4(key, PAD).hex()}> >>"
    )
