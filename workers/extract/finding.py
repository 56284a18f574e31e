# ruff: noqa: RUF001 - characters that look alike are the subject here
"""How a written target becomes a finding: what it resolves to and what is wrong with it.

Every reader makes its `FoundLink` values here, so that one written form has the same defects in every
format. Nothing is repaired: `resolved` is the address as written, made absolute.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workers.extract.hosts import is_fuzzy_host
from workers.extract.identifiers import identifier_of
from workers.extract.source_map import SourceMap
from workers.model import Defect, FoundLink, Identifier, Kind
from workers.regex import regex
from workers.url import FETCHABLE_SCHEMES, join, parse

SCHEME = regex(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")
WEB_SCHEME = regex(r"https?://", re.IGNORECASE)
# What the standard serialises unchanged, so that the parser need not be asked: the common case.
PLAIN_URL = regex(
    r"https?://[a-z][a-z0-9-]*+(?:\.[a-z][a-z0-9-]*+)++/"
    r"[A-Za-z0-9_~/-]*+(?:\.[A-Za-z0-9_~-][A-Za-z0-9_~/-]*+)*+(?:\?[A-Za-z0-9_=&.-]*+)?"
)
PLAIN_URLS = regex(rf"(?:{PLAIN_URL.pattern}\n)*+")
ANY_SPACE = regex(r"\s+")
ZERO_WIDTH = regex("[\u200b-\u200f\u2060-\u206f\ufeff\u180e\u034f\u061c\u202a-\u202e\x01-\x08\x0e-\x1b\x7f]")
ENTITY = regex(r"&(?:amp|lt|gt|quot|apos|nbsp|hellip|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
ELLIPSIS = regex("…|‥|⋯|&hellip;|\\[(?:…|\\.\\.\\.)\\]|\\.\\.\\.$", re.IGNORECASE)
DEFANGED = regex(r"\[(?:\.|dot|:|://)\]|\(dot\)|\{dot\}|^hxx", re.IGNORECASE)
ESCAPED_WHOLE = regex(r"[a-z]{2,8}%(?:25)*3a(?:%(?:25)*2f|/)", re.IGNORECASE)
DASHES = regex("[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
LIGATURES = regex("[\ufb00-\ufb06]")
MARKUP_ESCAPE = regex(r"\\[!-/:-@\[-`{-~]")
QUOTES = "\"'`«»‹›„“”‟‘’‚‛〝〞「」『』"
TRAILING = ".,;:!?)]}>*|。、，；：！？）】〉》」』"


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What relative addresses are joined to, and where that was said (`given`, `base element`)."""

    url: str | None = None
    source: str | None = None


NO_BASE = Base()


def given_base(url: str | None) -> Base:
    """Return the base of a document whose address is known from outside."""
    return Base(url=url, source="given") if url else NO_BASE


def base_of(written: str | None, given: str | None) -> Base:
    """Return what the addresses of a page are joined to: its base element, itself joined to its address."""
    if written is not None and (joined := join(written, given)) is not None:
        return Base(url=joined, source="base element")
    return given_base(given)


def resolve_all(targets: Sequence[str], base: Base) -> list[str]:
    """Return the absolute addresses of those `targets` that can be fetched."""
    lines = "\n".join(targets) + "\n"
    if PLAIN_URLS.fullmatch(lines) and lines.count("\n") == len(targets):
        return list(targets)
    return [address for target in targets if (address := resolve(target, base)[0]) is not None]


def resolve(
    target: str, base: Base = NO_BASE, *, is_bare: bool = False
) -> tuple[str | None, tuple[Defect, ...]]:
    """Return the absolute address that `target` stands for as written, and its defects.

    None where there is nothing to fetch: an empty or fragment-only target, a script, a scheme other
    than http and https, a relative address without a base, or no URL at all. `is_bare`: it stands in
    running text, where nothing is relative and a host may begin it.
    """
    if PLAIN_URL.fullmatch(target):
        return target, ()
    written = target.strip()
    if not written:
        return None, (Defect.EMPTY,)
    if written.startswith("#"):
        return None, (Defect.FRAGMENT_ONLY,)
    scheme = SCHEME.match(written)
    if scheme and _is_host_and_port(written):
        scheme = None
    if scheme and scheme[1].lower() not in FETCHABLE_SCHEMES:
        return _other_scheme(written, scheme[1].lower())
    return _web_address(written, base, has_scheme=scheme is not None, is_bare=is_bare)


def _web_address(
    written: str, base: Base, *, has_scheme: bool, is_bare: bool
) -> tuple[str | None, tuple[Defect, ...]]:
    defects = shape_defects(written)
    if not has_scheme and not (base.url is not None and not is_bare and written.startswith("//")):
        absolute = _host_without_scheme(written, may_be_relative=not is_bare and base.url is not None)
        if absolute is not None:
            return absolute, (Defect.NO_SCHEME, *defects)
    if has_scheme and not WEB_SCHEME.match(written):
        defects = (Defect.BAD_SCHEME, *defects)
    joined_to = None if is_bare else base.url
    resolved = join(written, joined_to)
    if resolved is None and (has_scheme or joined_to):
        return None, (*defects, Defect.NOT_A_URL)
    if resolved is not None and not WEB_SCHEME.match(resolved):
        # A script whose scheme the browser reads over a line end, or a base that is no web address.
        is_script = resolved.startswith(("javascript:", "vbscript:"))
        return None, (Defect.SCRIPT,) if is_script else (Defect.UNSUPPORTED_SCHEME, *defects)
    return resolved, (*defects, *_url_defects(resolved))


def shape_defects(written: str) -> tuple[Defect, ...]:
    """Return the defects that show in the written form of a web address, scheme aside."""
    checks = (
        (Defect.LINE_BREAK, "\n" in written or "\r" in written),
        (Defect.HYPHEN_AT_BREAK, re.search(r"-[^\S\n\r]*[\r\n]", written)),
        (Defect.SOFT_HYPHEN, "\xad" in written),
        (Defect.ZERO_WIDTH, ZERO_WIDTH.search(written)),
        (Defect.INNER_SPACE, re.search(r"\S[^\S\r\n]+\S", written)),
        (Defect.TRAILING_PUNCTUATION, written[-1:] and written[-1] in TRAILING and not _is_balanced(written)),
        (Defect.QUOTED, written[0] in QUOTES or written[-1] in QUOTES or "&quot;" in written),
        (Defect.ENTITY_LEFT, ENTITY.search(written)),
        (Defect.ESCAPED, MARKUP_ESCAPE.search(written)),
        (Defect.PERCENT_ENCODED, ESCAPED_WHOLE.match(written)),
        (Defect.DOUBLE_SCHEME, re.match(r"(?:https?:?/*){2}", written, re.IGNORECASE)),
        (Defect.DEFANGED, DEFANGED.search(written)),
        (Defect.ELLIPSIS, ELLIPSIS.search(written)),
        (Defect.UNICODE_DASH, DASHES.search(written)),
        (Defect.LIGATURE, LIGATURES.search(written)),
    )
    return tuple(defect for defect, holds in checks if holds)


def _is_balanced(written: str) -> bool:
    closing = {")": "(", "]": "[", "}": "{", ">": "<"}
    opening = closing.get(written[-1])
    return opening is not None and written.count(opening) >= written.count(written[-1])


def _is_host_and_port(written: str) -> bool:
    """Whether the colon of `example.com:8080/x` ends a host rather than a scheme."""
    return re.match(r"[\w-]+(?:\.[\w-]+)+:\d{1,5}(?:[/?#]|$)|localhost:\d", written) is not None


def _other_scheme(written: str, scheme: str) -> tuple[None, tuple[Defect, ...]]:
    if scheme in {"javascript", "vbscript"}:
        return None, (Defect.SCRIPT,)
    if is_like_web_scheme(scheme):
        return None, (Defect.BAD_SCHEME, *shape_defects(written))
    return None, (Defect.UNSUPPORTED_SCHEME,)


def is_like_web_scheme(letters: str) -> bool:
    """Whether `letters` are a slip of `http` or `https`: dropped, doubled, swapped or masked letters."""
    word = letters.lower()
    if not 2 <= len(word) <= 8 or word in {"http", "https"}:  # noqa: PLR2004 - lengths of slips
        return word in {"http", "https"}
    if set(word) <= set("htxps"):
        return "p" in word and ("t" in word or "x" in word)
    return any(_one_letter_differs(word, scheme) for scheme in ("http", "https"))


def _one_letter_differs(word: str, scheme: str) -> bool:
    return len(word) == len(scheme) and sum(a != b for a, b in zip(word, scheme, strict=True)) == 1


def _host_without_scheme(written: str, *, may_be_relative: bool) -> str | None:
    """Return the http address of `//host…`, `www.host…` or `host.tld…`, None for other relative forms.

    `may_be_relative`: only hosts that can hardly be the name of a file or folder count.
    """
    if written.startswith("//"):
        return join("https:" + written)
    if HOST_FIRST.match(written) or _is_host_and_port(written):
        return join("http://" + written)
    host = None if may_be_relative else LEADING_HOST.match(written)
    if host is not None and is_fuzzy_host(host[1], has_path=bool(host[2])):
        return join("http://" + written)
    return None


HOST_FIRST = regex(
    r"www\d?\.[^\s/]+\.|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|int|info)(?:[:/?#]|$)", re.IGNORECASE
)
LEADING_HOST = regex(r"((?:[\w\u2190-\u2bff-]+\.)+[\w-]+)(?::\d{1,5})?(?:(/)|[?#]|$)")


def _url_defects(resolved: str | None) -> tuple[Defect, ...]:
    if resolved is None or ("@" not in resolved and "xn--" not in resolved):
        return ()
    parsed = parse(resolved)
    if parsed is not None and (parsed.username or parsed.password):
        return (Defect.CREDENTIALS,)
    return ()


@dataclass(slots=True, kw_only=True)
class Found:
    """What a reader knows of one citation before it is placed; offsets into the decoded source.

    Not frozen, as it lives only inside a reader and a frozen one takes twice as long to make.

    `seen_at` is where a reader of the article meets the link (its opening bracket); None: at `start`.
    `is_bare`: it stands in running text, where no address is relative.
    """

    start: int
    end: int
    kind: Kind
    target: str
    anchor: str = ""
    context: str = ""
    rel: tuple[str, ...] = ()
    defects: tuple[Defect, ...] = ()
    readings: tuple[str, ...] = ()
    identifier: Identifier | None = None
    seen_at: int | None = None
    is_bare: bool = False

    def resolved(self, base: Base) -> str | None:
        """Return what it resolves to, None where there is nothing to fetch."""
        return self.resolve(base)[0]

    def resolve(self, base: Base) -> tuple[str | None, tuple[Defect, ...]]:
        """Return what it resolves to, a broken address by its first reading, and its defects."""
        if self.identifier is not None:
            return self.identifier.resolver, ()
        if Defect.UNDEFINED_REFERENCE in self.defects or Defect.BARE_TITLE in self.defects:
            return None, ()
        resolved, defects = resolve(self.target, base, is_bare=self.is_bare)
        if self.readings:
            resolved = resolve(self.readings[0], base, is_bare=self.is_bare)[0]
        return resolved, defects

    def of_kind(self, kind: Kind) -> "Found":
        """Return the same finding as another kind of citation."""
        return replace(self, kind=kind)


def placed(found: Found, source_map: SourceMap, base: Base = NO_BASE) -> FoundLink:
    """Return the finding of `found` in its text.

    `start` and `end` span the target as written (`raw`); `line` and `column` say where the link
    begins in the article: at the `[` of `[text](target)`, the `<` of `<target>`, else at `start`.
    """
    resolved, defects = found.resolve(base)
    identifier = found.identifier or (identifier_of(resolved) if resolved else None)
    line, column = source_map.position(found.start if found.seen_at is None else found.seen_at)
    raw = source_map.text[found.start : found.end]
    return FoundLink(
        raw=found.target if raw == found.target else raw,  # one text, kept once: lists of addresses are long
        target=found.target,
        kind=found.kind,
        resolved=found.target if resolved == found.target else resolved,
        base=base.url,
        base_source=base.source,
        anchor=found.anchor,
        context=found.context,
        start=found.start,
        end=found.end,
        line=line,
        column=column,
        rel=found.rel,
        defects=tuple(dict.fromkeys((*found.defects, *defects))),
        identifier=identifier,
        readings=found.readings,
    )
