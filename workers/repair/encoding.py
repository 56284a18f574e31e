"""Undoing layers of writing that were left on an address: entities, escapes, percent signs, look-alikes.

Each function returns the changed address and what was found, or None where there is nothing to do.
"""

import html
import re
import unicodedata
from urllib.parse import unquote_to_bytes

from workers.regex import regex
from workers.repair.characters import ascii_form, code_points, is_dash, without_invisible

Step = tuple[str, str] | None

_AMPERSANDS = regex(r"&(?:amp;|#0{0,4}38;|#[xX]0{0,4}26;)+", re.IGNORECASE)
_ENTITY = regex(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPED_MARK = regex(r"\\([!-/:-@\[-`{-~])")
_ESCAPED_CODE = regex(r"\\u(?![dD][89A-Fa-f])([0-9a-fA-F]{4})")
_PERCENT_CODE = regex(r"%u(?![dD][89A-Fa-f])([0-9a-fA-F]{4})")
_BYTES = regex(r"(?:\\x[0-9a-fA-F]{2})+")
# A line end, tab or quote that is written with letters ('\\n', '\\"'), and a backslash alone at the end.
_WRITTEN_END = regex(
    r"(?:(?:\\+[nrtbfv]|\\+[\"'])+[\\\"')\].,;:]*|\\+)$|(?:\\r\\n|\\n)+(?=[A-Z\s<\"'\\(\[*-]|https?:)"
)
_TILDE = regex(r"\{?\\(?:string~|textasciitilde(?:\{\}|\s)?|~\{\})\}?")
_FIRST_SLASH = regex(r"[A-Za-z0-9]/|\.[A-Za-z]{2,}")
_WHOLLY_ENCODED = regex(r"[A-Za-z]{2,8}(?:(%(?:25){0,4}3[Aa])|:(?=%(?:25){0,4}2[Ff]))")
_HOST_THEN_ENCODED = regex(r"[A-Za-z]{2,8}:/{1,3}[\w.-]{1,255}%((?:25){0,4})2[Ff]")
_DEFANGED = regex(r"\s{0,2}[\[({]\s?(\.|dot|:|://|//|/)\s?[\])}]\s{0,2}", re.IGNORECASE)
_LEAST_SEPARATORS = 2
_TITLE_DASHES = "\u2013\u2014\u2015\u2212"
# Colons and slashes of mathematics and of other scripts, and full-width letters.
_ALIKE_HEAD = regex(
    "[A-Za-z\uff21-\uff5a]{2,8}[:\uff1a\u2236\ua789\ufe13\ufe55]\\s?[/\uff0f\u2215\u2044\u29f8]{1,3}"
)
_ALIKE_MARKS = str.maketrans("\u2236\ua789\u2215\u2044\u29f8", "::///")
_SPACED_HOST = regex(r"[A-Za-z]{2,8}://[\w-]+(?:\s?\.\s?[\w-]+)+(?=[/?#:]|$)")
_SPOKEN_HOST = regex(
    r"(?:[A-Za-z]{2,8}\S{1,5}//\S{0,2})?[\w-]+(?:\s+dot\s+[\w-]+)+(?=[/?#:]|$)", re.IGNORECASE
)
_SPOKEN_DOT = regex(r"\s+dot\s+", re.IGNORECASE)
_WINDOWS_STYLE = regex(r"[A-Za-z]{2,8}:\\\\[^/]*$")


def without_entities(url: str) -> Step:
    """Decode HTML character references that end in a semicolon."""
    if "&" not in url or ";" not in url:
        return None
    decoded = _ENTITY.sub(lambda found: html.unescape(found[0]), _AMPERSANDS.sub("&", url))
    return None if decoded == url else (decoded, "HTML character references were left on")


def without_hidden(url: str) -> Step:
    """Remove invisible characters: soft hyphens, zero-width characters, direction marks, controls."""
    kept, gone = without_invisible(url)
    return (kept, f"invisible characters removed: {code_points(gone)}") if gone else None


def without_backslashes(url: str) -> Step:
    """Undo Markdown, JSON and LaTeX escapes, and turn the backslashes that remain into slashes."""
    if "%u" in url:
        url = _PERCENT_CODE.sub(lambda found: chr(int(found[1], 16)), url)
        if "\\" not in url:
            return url, "characters were written as '%u' codes"
    if "\\" not in url:
        return None
    if _WINDOWS_STYLE.match(url):
        return url.replace("\\", "/"), "backslashes stood for slashes"
    written = _WRITTEN_END.search(url)
    if written and _FIRST_SLASH.search(url, 0, written.start()):
        return url[: written.start()], f"{written[0]!r} is a line end or quote written with letters"
    url = _BYTES.sub(_read_bytes, _TILDE.sub("~", url))
    decoded = _ESCAPED_CODE.sub(lambda found: chr(int(found[1], 16)), url)
    decoded = _ESCAPED_MARK.sub(r"\1", decoded)
    return decoded.replace("\\", "/"), "backslashes of an escape were left on"


def _read_bytes(found: re.Match[str]) -> str:
    read = bytes.fromhex(found[0].replace("\\x", ""))
    try:
        return read.decode()
    except UnicodeDecodeError:
        return read.decode("latin-1")


def without_alike_head(url: str) -> Step:
    """Write the mark between scheme and host with the colon and slashes that it is drawn like."""
    found = None if url.isascii() else _ALIKE_HEAD.match(url)
    if found is None:
        return None
    head = unicodedata.normalize("NFKC", found[0]).translate(_ALIKE_MARKS)
    return None if head == found[0] else (head + url[found.end() :], "the scheme is written with look-alikes")


def without_lookalikes(url: str) -> Step:
    """Replace dashes, ligatures and full-width or styled letters by the ASCII they stand for.

    Left alone in a part of the path that is written in another script, or where an underscored title
    (as in wikis) may hold a dash on purpose.
    """
    if url.isascii():
        return None
    parts = _split_keeping(url)
    mended = "".join(_plain_part(part) for part in parts)
    if mended == url:
        return None
    changed = "".join(char for char in url if is_dash(char) or ascii_form(char))
    return mended, f"characters that stand for ASCII ones: {code_points(changed)}"


def _split_keeping(url: str) -> list[str]:
    return re.split(r"([/?#&=])", url)


def _plain_part(part: str) -> str:
    if part.isascii() or _is_full_width(part):
        return part
    foreign = any(not char.isascii() and char.isalpha() and ascii_form(char) is None for char in part)
    if foreign:
        return _with_plain_separators(part)
    keep_dashes = "_" in part and "-" not in part and not _are_separators(part)
    return "".join(_plain_char(char, keep_dashes) for char in part)


def _is_full_width(part: str) -> bool:
    """Whether a part is written in full-width letters throughout, as Japanese titles are."""
    signs = [char for char in part if char.isalnum()]
    return len(signs) > 1 and all("FULLWIDTH" in unicodedata.name(char, "") for char in signs)


def _with_plain_separators(part: str) -> str:
    """Return a part in another script with hyphens for dashes where these part its words, as slugs do.

    One dash may belong to a title; two or more of one kind, and no other mark between words, do not.
    """
    if "-" in part or not _are_separators(part):
        return part
    return "".join("-" if is_dash(char) else char for char in part)


def _are_separators(part: str) -> bool:
    """Whether dashes of one kind part the words here: two or more, and more than there are underscores."""
    dashes = [char for char in part if is_dash(char)]
    return len(set(dashes)) == 1 and len(dashes) >= max(_LEAST_SEPARATORS, part.count("_") + 1)


def _plain_char(char: str, keep_dashes: bool) -> str:
    if char.isascii():
        return char
    if is_dash(char):
        return char if keep_dashes and char in _TITLE_DASHES else "-"
    return ascii_form(char) or char


def without_percent_layers(url: str) -> Step:
    """Decode an address that was percent-encoded as a whole, once or more often."""
    if "%" not in url:
        return None
    layers = _percent_layers(url)
    if not layers:
        return None
    decoded = url
    for _ in range(layers):
        decoded = _percent_decoded(decoded)
    return None if decoded == url else (decoded, "the whole address was percent-encoded")


def _percent_layers(url: str) -> int:
    found = _WHOLLY_ENCODED.match(url)
    if found:
        mark = found[1] or re.match(r"%(?:25)*", url[found.end() :])[0]  # type: ignore[index]
        return 1 + mark.count("25")
    found = _HOST_THEN_ENCODED.match(url)
    return 1 + found[1].count("25") if found else 0


def _percent_decoded(url: str) -> str:
    try:
        decoded = unquote_to_bytes(url).decode("utf-8")
    except UnicodeDecodeError:
        return url
    # A space was part of the address before it was encoded, so it goes back as one.
    return re.sub(r"\s", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), decoded)


def without_defanging(url: str) -> Step:
    """Put back dots and colons that were bracketed to make the address harmless."""
    spoken = _SPOKEN_HOST.match(url) if " dot " in url.lower() else None
    if spoken:
        return _SPOKEN_DOT.sub(".", spoken[0]) + url[spoken.end() :], "dots were written as words"
    spaced = _SPACED_HOST.match(url)
    if spaced and " . " in spaced[0]:
        return spaced[0].replace(" . ", ".") + url[spaced.end() :], "dots stood between spaces"
    if not any(bracket in url for bracket in "[({"):
        return None
    mended = _DEFANGED.sub(lambda found: "." if found[1].lower() == "dot" else found[1], url)
    return None if mended == url else (mended, "dots or colons stood in brackets")
