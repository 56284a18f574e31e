"""What a mail left on an address: quoted-printable writing ('=3D', '=20', '=C3=A9'), marks of quotation.

Source: RFC 2045, 6.7, and RFC 3676, 4.5. An equals sign before two hexadecimal digits is also how a query
says `id=20`, so only what no query would say is taken for certain; the rest is proposed.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from workers.regex import regex
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.encoding import Step

_EQUALS = regex(r"=3D")
_ANY_EQUALS = regex(r"=(?![ \t]*[\r\n])")
_BEYOND_ASCII = regex(r"(?:=[89A-F][0-9A-F]){2,}")
_LAST = regex(r"(?:=[0-9A-F]{2})+$")
# What ends a line or an address in running text, and no value: 'CR LF', a no-break space, '.', '>'.
_NO_VALUE = regex(r"(?:=0[9AD]|=C2=A0|=E[23]=80=[8-9A-B][0-9A-F]|=2[CE]|=3[BCE]|=[57]D)+$")
_AFTER_WHOLE = regex(r"(?:/|\.[A-Za-z]{2,5})$")
_SOFT_END = regex(r"=[ \t]*[\r\n]\s*$")
_QUOTE_MARKS = regex(r"[\r\n][ \t]*(?:[>|][ \t]?)+")
_EVIDENCE = "quoted-printable writing of a mail was left on"
_ONE_SIGN, _A_NUMBER = 2.5, 1.0
_LEAST_SIGNS = 2


def without_quoted_printable(url: str) -> Step:
    """Decode the quoted-printable writing that an address can only have from a mail."""
    if "=" not in url:
        return None
    mended = _SOFT_END.sub("", url) if "?" not in url else url
    mended = _BEYOND_ASCII.sub(_percent_written, mended)
    if is_written_so(mended):
        mended = mended.replace("=3D", "=")
    mended = _without_codes_at_end(mended)
    return None if mended == url else (mended, _EVIDENCE)


def without_quote_marks(url: str) -> Step:
    """Remove the marks that a mail puts before the lines of what it quotes; the break stays."""
    if ">" not in url and "|" not in url:
        return None
    mended = _QUOTE_MARKS.sub("\n", url)
    return None if mended == url else (mended, "a mail's mark of quotation stands at the line's beginning")


def is_written_so(url: str) -> bool:
    """Whether each of two or more equals signs of an address is written `=3D`."""
    signs = len(_EQUALS.findall(url))
    return signs >= _LEAST_SIGNS and signs == len(_ANY_EQUALS.findall(url))


def doubtful_codes(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the address decoded where a value may be written so itself: `?id=3D55`, `/page=20`."""
    if "=" not in url:
        return
    if len(_EQUALS.findall(url)) == 1 and not url.endswith("=3D") and "?" in url:
        yield url.replace("=3D", "="), _edit("'=3D' stands for an equals sign in a mail", _ONE_SIGN)
    found = _LAST.search(url)
    if found and ("?" not in url or "=" in url[: found.start()].rpartition("&")[2]):
        yield url[: found.start()], _edit(f"{found[0]!r} at the end is a mark in a mail", _A_NUMBER)


def _percent_written(found: re.Match[str]) -> str:
    codes = found[0].replace("=", "%")
    try:
        unquote_to_bytes(codes).decode()
    except UnicodeDecodeError:
        return found[0]
    return codes


def _without_codes_at_end(url: str) -> str:
    found = _LAST.search(url)
    if found is None:
        return url
    before = url[: found.start()]
    if "?" not in url and (_NO_VALUE.search(url) or _AFTER_WHOLE.search(before)):
        return before
    return url


def _edit(evidence: str, odds: float) -> Edit:
    return Edit(rule="quoted_printable", evidence=evidence, warrant=Warrant.VISIBLE, odds=odds)
