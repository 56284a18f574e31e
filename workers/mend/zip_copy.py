"""A ZIP container with some members replaced: every other byte of it stays as it is.

Members keep their order, names, times, attributes and compression method. Source: APPNOTE.TXT 6.3.10,
sections 4.3.7 (local header), 4.3.12 (central directory) and 4.3.16 (its end).
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from workers.errors import CannotMend

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
LOCAL_MARK, CENTRAL_MARK, END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
STORED, DEFLATED = 0, 8
HAS_DESCRIPTOR, ENCRYPTED, UTF8_NAME = 0x8, 0x1, 0x800
LIMIT = 0xFFFFFFFF  # above it, or at it, the 64-bit extension speaks
MAX_COMMENT = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """One record of the central directory, as it stands there."""

    name: str
    fields: tuple[int, ...]
    tail: bytes
    offset: int

    @property
    def flags(self) -> int:
        return self.fields[2]

    @property
    def method(self) -> int:
        return self.fields[3]


def with_members(source_name: str, data: bytes, members: Mapping[str, bytes]) -> bytes:
    """Return the container `data` with the content of `members` (all there already) replaced.

    Raises:
        CannotMend: it uses what cannot be written back: the 64-bit form, encryption, another method.
    """
    end_at, records = _directory(source_name, data)
    last = min(END.unpack_from(data, end_at)[6], end_at)
    by_place = sorted(records, key=lambda record: record.offset)
    stops = [record.offset for record in by_place[1:]] + [last]
    out = bytearray(data[: by_place[0].offset] if by_place else b"")
    moved: dict[str, tuple[int, tuple[int, int, int] | None]] = {}
    for record, stop in zip(by_place, stops, strict=True):
        at = len(out)
        if record.name not in members:
            out += data[record.offset : stop]
            moved[record.name] = (at, None)
        else:
            sizes, member = _member(source_name, data, record, members[record.name])
            out += member
            moved[record.name] = (at, sizes)
    directory_at = len(out)
    for record in records:
        out += _central(record, *moved[record.name])
    size = len(out) - directory_at
    out += data[end_at : end_at + 12] + struct.pack("<2I", size, directory_at) + data[end_at + 20 :]
    return bytes(out)


def _directory(source_name: str, data: bytes) -> tuple[int, list[_Record]]:
    """Return where the end record stands, and the central directory in its order."""
    end_at = data.rfind(END_MARK, max(0, len(data) - END.size - MAX_COMMENT))
    if end_at < 0 or end_at + END.size > len(data):
        raise CannotMend(f"{source_name}: its ZIP directory has no end record")
    count, size, at = END.unpack_from(data, end_at)[4:7]
    if LIMIT in (size, at) or count == 0xFFFF:  # noqa: PLR2004 - as LIMIT, of a shorter field
        raise CannotMend(f"{source_name}: is a 64-bit ZIP container, which is not written back")
    records, names = [], set()
    for _ in range(count):
        record, at = _record(source_name, data, at)
        if record.name in names:
            raise CannotMend(f"{source_name}: holds the member {record.name} twice")
        names.add(record.name)
        records.append(record)
    if at != end_at:
        raise CannotMend(f"{source_name}: its ZIP directory is followed by what is not understood")
    return end_at, records


def _record(source_name: str, data: bytes, at: int) -> tuple[_Record, int]:
    """Return the record at `at`, and where the next one begins."""
    try:
        mark, *fields = CENTRAL.unpack_from(data, at)
    except struct.error:
        mark, fields = b"", []
    if mark != CENTRAL_MARK:
        raise CannotMend(f"{source_name}: its ZIP directory is damaged")
    name_length, extra_length, comment_length = fields[9:12]
    offset = fields[15]
    if LIMIT in (fields[7], fields[8], offset):
        raise CannotMend(f"{source_name}: is a 64-bit ZIP container, which is not written back")
    begin = at + CENTRAL.size
    end = begin + name_length + extra_length + comment_length
    name = data[begin : begin + name_length].decode("utf-8" if fields[2] & UTF8_NAME else "cp437", "replace")
    return _Record(name=name, fields=tuple(fields), tail=data[begin:end], offset=offset), end


def _member(
    source_name: str, data: bytes, record: _Record, content: bytes
) -> tuple[tuple[int, int, int], bytes]:
    """Return (CRC, packed size, size) of new content, and its member with the old header's other fields."""
    if record.flags & ENCRYPTED or record.method not in (STORED, DEFLATED):
        raise CannotMend(f"{source_name}: the member {record.name} is packed in a way that is not written")
    mark, *fields = LOCAL.unpack_from(data, record.offset)
    if mark != LOCAL_MARK:
        raise CannotMend(f"{source_name}: the member {record.name} is not where the directory says")
    packed = content
    if record.method == DEFLATED:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
    sizes = (zlib.crc32(content), len(packed), len(content))
    name_and_extra = record.offset + LOCAL.size
    names = data[name_and_extra : name_and_extra + fields[8] + fields[9]]
    fields[1] &= ~HAS_DESCRIPTOR
    fields[5:8] = sizes
    return sizes, LOCAL.pack(mark, *fields) + names + packed


def _central(record: _Record, offset: int, sizes: tuple[int, int, int] | None) -> bytes:
    """Return the record for a member that stands at `offset` now."""
    fields = list(record.fields)
    fields[15] = offset
    if sizes is not None:
        fields[2] &= ~HAS_DESCRIPTOR
        fields[6:9] = sizes
    return CENTRAL.pack(CENTRAL_MARK, *fields) + record.tail
