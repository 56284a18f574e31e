# ruff: noqa: RUF001 - characters that look alike are the subject here
"""Whether a bare address goes on behind whitespace: the break tests, from the strongest frame to plain prose.

A frame is what encloses an address and nothing else (`<…>`, the round brackets of `[text](…)`, quotes);
inside one, an address that was broken is taken whole. In prose the next word must have the shape of a
continuation. Two addresses are never joined, and nothing is joined over a blank line.
"""

import re
from dataclasses import dataclass

from workers.extract.heads import INVISIBLE
from workers.extract.hosts import has_known_suffix, is_fuzzy_host
from workers.extract.tails import HYPHENS, tail_end
from workers.regex import regex

MAX_BREAKS = 6
MAX_FRAME = 2_000
MAX_INDENT = 48
LEAST_LINE = 25
SPACE = regex(r"\s+")
# A line end of a quoted e-mail or block quote: its marks are no part of the address.
QUOTED_BREAK = regex(r"[^\S\r\n]*\r?\n(?:[^\S\r\n]?>){1,9}[^\S\r\n]*")
QUOTED_LINE = regex(r"[^\S\r\n]{0,3}>")
QUOTED_ADDRESS = regex(r"['(\"]https?://", re.IGNORECASE)
LIST_MARK = regex(r"(?:\d{1,3}|[A-Za-z])[.)]")
ATTRIBUTE = regex(r"[\w-]{1,40}=\Z")
BLANK_LINE = regex(r"\n[^\S\n]*\n|\r\n?[^\S\n\r]*\r")
# A second address, which ends the first one.
NEW_HEAD = regex(
    rf"[\W_]{{0,3}}(?:[A-Za-z][A-Za-z0-9{INVISIBLE}]{{1,11}}\s?(?::/|[;.,]?//)|www\d?\.\w|https?%|//\w|[\w.+-]+@\w|10\.\d{{4,9}}/"
    r"|(?:doi|isbn|e?issn|pmid|arxiv|hdl|ark|urn|tel)\s?:)",
    re.IGNORECASE,
)
PROSE_WORD = regex(r"[^\W\d_]+[’']?[^\W\d_]*[.,;:!?)\]”’\"']*\Z")
NUMERIC = regex(r"[\d/.:,–-]+\Z")
LEADING_HOST = regex(r"[^\W_][\w-]*(?:\.[^\W_][\w-]*)+")
LOWER_START = regex(r"[a-z0-9%?&=#_/~]")
SEPARATORS = frozenset("/.-_=&?%#+")
PAGE_SUFFIXES = frozenset(
    [
        "htm",
        "html",
        "shtml",
        "xhtml",
        "php",
        "asp",
        "aspx",
        "jsp",
        "cms",
        "pdf",
        "xml",
        "json",
        "txt",
        "jpg",
        "jpeg",
        "png",
        "gif",
    ]
)
FILE_SUFFIXES = PAGE_SUFFIXES | frozenset(
    ["tgz", "gz", "zip", "bz2", "xz", "tar", "csv", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "mp3", "mp4"]
)
PAGE_END = regex(rf"/[^/?#]*\.(?:{'|'.join(sorted(FILE_SUFFIXES))})\Z", re.IGNORECASE)
CLOSING_MARKS = ".,;:!?)]”’\"'"
END_OF_LINE = regex(r"[^\S\r\n]*(?:\r?\n|\Z)")


@dataclass(frozen=True, slots=True)
class Whole:
    """An address with its breaks: the end of it, and the offsets where each run of whitespace begins."""

    end: int
    breaks: tuple[int, ...] = ()


def whole_end(text: str, start: int, after: int, limit: int) -> Whole:
    """Return where the address that starts at `start` ends, joined over the breaks that belong to it.

    `after` is where its authority was recognised up to; `limit` is never passed.
    """
    frame = _strong_frame(text, start, limit)
    end = tail_end(text, after, limit)
    breaks: list[int] = []
    while len(breaks) < MAX_BREAKS:
        onward = _onward(text, start, end, frame or limit, framed=frame is not None)
        if onward is None:
            break
        breaks.append(end)
        end = tail_end(text, onward, frame or limit)
    return Whole(end, tuple(breaks))


def _strong_frame(text: str, start: int, limit: int) -> int | None:
    """Return where the bracket that encloses the address and nothing else closes, None without one."""
    if text[start - 1 : start] == "<":
        close = text.find(">", start, min(start + MAX_FRAME, limit))
    elif text[start - 2 : start] == "](":
        close = _round_close(text, start, min(start + MAX_FRAME, limit))
    else:
        return None
    if close < 0 or BLANK_LINE.search(text, start, close) or text.find("<", start, close) >= 0:
        return None
    return close


def _round_close(text: str, at: int, limit: int) -> int:
    depth = 0
    for match in re.compile(r"[()]").finditer(text, at, limit):
        depth += 1 if match[0] == "(" else -1
        if depth < 0:
            return match.start()
    return -1


def _onward(text: str, start: int, end: int, limit: int, *, framed: bool) -> int | None:
    """Return where the address goes on behind the whitespace at `end`, None where it ends there."""
    space = _break_at(text, end, limit)
    at = end if space is None else space.end()
    piece = text[at : tail_end(text, at, min(limit, at + MAX_FRAME))]
    if space is None or not piece or NEW_HEAD.match(text, at, limit) or _holds_another(text, end, at, piece):
        return None
    if framed:
        return None if text[at] in "\"'(" else at
    newline = "\n" in space[0] or "\r" in space[0]
    if piece[0] == "-":
        return None if newline or piece.startswith("--") else _after_lone_hyphen(text, at, limit, piece)
    before = text[max(start, end - MAX_FRAME) : end]
    if piece[0] == "." and not newline:
        return at if _completes_host(before, piece) else None
    starts_well = LOWER_START.match(piece) is not None or _may_start_upper(before, piece)
    alone = END_OF_LINE.match(text, at + len(piece)) is not None
    if starts_well and not _is_next_address(before, text, at, limit):
        return at if goes_on(before, piece, newline=newline, alone=alone) else None
    return None


def _holds_another(text: str, end: int, at: int, piece: str) -> bool:
    """Whether `piece`, at `at` behind the break at `end`, is an attribute or holds an address of its own."""
    if "://" in piece and (text[end - 1] not in "?&=/" or QUOTED_ADDRESS.search(piece)):
        return True  # no query that takes an address
    behind = text[at + len(piece) : at + len(piece) + 1]
    return behind in {'"', "'"} and ATTRIBUTE.match(piece) is not None


def _break_at(text: str, end: int, limit: int) -> re.Match[str] | None:
    """Return the whitespace at `end` if an address may go on behind it: short, without a blank line."""
    space = _quoted_break(text, end, limit) or SPACE.match(text, end, limit)
    if space is None or space.end() >= limit or len(space[0]) > MAX_INDENT or BLANK_LINE.search(space[0]):
        return None
    return space


def _quoted_break(text: str, end: int, limit: int) -> re.Match[str] | None:
    """Return the line end at `end` with the quotation marks of the next line, if this line has them too."""
    quoted = QUOTED_BREAK.match(text, end, limit)
    if quoted is None:
        return None
    line = text.rfind("\n", max(0, end - MAX_FRAME), end) + 1
    return quoted if QUOTED_LINE.match(text, line, end) else None


def _is_next_address(before: str, text: str, at: int, limit: int) -> bool:
    """Whether a host begins at `at`, and the address before has its own already."""
    host = LEADING_HOST.match(text, at, limit)
    if host is None or not (_path_of(before) or _is_whole_host(before)):
        return False
    return is_fuzzy_host(host[0], has_path=text[host.end() : host.end() + 1] == "/")


def _completes_host(before: str, piece: str) -> bool:
    """Whether `piece`, which begins with a dot, is what the host before a space lacks: `https://a .com/x`."""
    host = before.rpartition("//")[2]
    rest = re.split(r"[/?#:]", piece)[0]
    if "/" in host or "//" not in before or has_known_suffix(host):
        return False
    return rest[1:2].islower() and has_known_suffix(host + rest)


def _is_whole_host(before: str) -> bool:
    """Whether an address without a path ends in a host that needs no more."""
    host = before.rpartition("//")[2]
    return host[-1:].isalnum() and has_known_suffix(host)


def _path_of(before: str) -> str:
    """Return the path of an address with its slash, '' where it ends inside its host."""
    rest = before.partition("//")[2] or before
    return rest[rest.find("/") :] if "/" in rest else ""


def _may_start_upper(before: str, piece: str) -> bool:
    """Whether a capital may begin the next piece: the address writes capitals, or the piece is a slug."""
    if before[-1] in "/-_=" and is_path_shaped(piece, hyphens=2):
        return True
    return re.search(r"[/-][a-z]*[A-Z][a-z]", before) is not None


def _after_lone_hyphen(text: str, at: int, limit: int, piece: str) -> int | None:
    """Return where the address goes on at ` -word` or ` - word` when the word has the shape of a path."""
    if piece.strip("-"):
        return at if is_path_shaped(piece.lstrip("-"), hyphens=1) else None
    space = SPACE.match(text, at + len(piece), limit)
    if space is None or "\n" in space[0]:
        return None
    follow = text[space.end() : tail_end(text, space.end(), limit)]
    return space.end() if is_path_shaped(follow, hyphens=1) and LOWER_START.match(follow) else None


def goes_on(before: str, piece: str, *, newline: bool, alone: bool) -> bool:
    """Whether `piece`, behind whitespace, continues the address that ends in `before`.

    `newline`: the whitespace holds a line end; `alone`: nothing follows the piece on its line.
    """
    last = before[-1:]
    has_path = _path_of(before) != ""
    is_whole_host = not has_path and "//" not in before and last not in SEPARATORS
    if _is_another_line(piece, newline=newline) or (is_whole_host and piece[0] != "/"):
        return False
    prose = PROSE_WORD.match(piece) is not None
    if last in HYPHENS:
        return has_path and (piece[0].islower() or piece[0].isdigit() or is_path_shaped(piece, hyphens=1))
    if last in SEPARATORS:
        return _behind_separator(before, piece, newline=newline, alone=alone)
    if last in ",:;!?)]}*~\\" or (piece[0].isalnum() and PAGE_END.search(before)):
        return False
    if prose:
        # A word alone on its line ends an address that filled the line before it.
        line = before.rpartition("\n")[2]
        return newline and alone and has_path and len(line) >= LEAST_LINE and "-" in before.rpartition("/")[2]
    return is_path_shaped(piece, hyphens=1 if _ends_in_slug(before) else 2) and not NUMERIC.match(piece)


def _is_another_line(piece: str, *, newline: bool) -> bool:
    """Whether `piece` begins something of its own: a reference, an option, a label, a rule."""
    if piece[0] == "[" or piece.startswith("==") or (newline and LIST_MARK.fullmatch(piece)):
        return True
    return newline and piece[-1] == ":" and "/" not in piece


def _behind_separator(before: str, piece: str, *, newline: bool, alone: bool) -> bool:
    word = piece.rstrip(CLOSING_MARKS)
    if before[-1] == ".":
        if not before[-2:-1].isalnum():
            return False
        if not _path_of(before) or PROSE_WORD.match(piece):
            return _completes_name(before, word)
    if PROSE_WORD.match(piece):
        return newline and alone and len(word) == len(piece)
    if NUMERIC.match(piece):
        return before[-1] == "/" and before.count("/") > 3 and len(word) > 3 and alone  # noqa: PLR2004
    hyphens = 1
    if not newline and piece[-1] != "-":  # a piece that ends in one goes on itself
        hyphens = 4 if _path_of(before) == "/" else 2 if before[-1] in "./" else 1
    return is_path_shaped(piece, hyphens=hyphens) or before[-1] in "=&%_"


def _completes_name(before: str, word: str) -> bool:
    """Whether `word` is what the address lacks behind its last dot: a file suffix, or the end of its host."""
    path = _path_of(before)
    if path:
        return word in PAGE_SUFFIXES and "." not in path.rpartition("/")[2][:-1]
    host = re.split(r"//|[\[\]]", before)[-1].strip(".")
    rest = re.split(r"[/?#:]", word)[0]
    whole = has_known_suffix(f"{host}.{rest}")
    return word[0].islower() and whole and (word != rest or not has_known_suffix(host))


def _ends_in_slug(before: str) -> bool:
    """Whether the last segment is words with hyphens that may go on: no slash or extension closes it."""
    segment = before.rpartition("/")[2]
    return segment.count("-") >= 1 and re.search(r"\.[a-z]{2,5}\Z", segment) is None


def is_path_shaped(piece: str, *, hyphens: int) -> bool:
    """Whether `piece` looks like the middle of an address: slashes, enough hyphens, a file suffix."""
    core = piece.rstrip(CLOSING_MARKS)
    if not re.search(r"[^\W_]", core):
        return False
    if "/" in core:
        return len(core) > 3 and not re.fullmatch(r"[a-zA-Z]{1,4}/[a-zA-Z]{1,4}", core)  # noqa: PLR2004
    if re.search(r"[=_%&]|[^\W\d]\.(?:[a-z]{2,5})\Z", core):
        return True
    if re.search(r"[A-Za-z]\d|\d[A-Za-z]", core) and "-" in core:
        return True
    return core.count("-") >= hyphens
