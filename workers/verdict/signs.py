"""What a page says of itself outside its text: head elements, scripts, hosts, forms and embedded things."""

import re
from dataclasses import dataclass, field
from itertools import islice

from turbohtml import Document, Element

from workers.regex import regex
from workers.url import host_of, join

_TAGS = (
    "html body meta link script iframe frame form input button select textarea time img video "  # noqa: SIM905
    "audio object embed canvas svg noscript div main section".split()
)
_EMBEDS = frozenset({"img", "video", "audio", "object", "embed", "canvas", "svg", "iframe", "frame"})
_MAX_SCRIPT_CHARS = 32_768
_MAX_ELEMENTS = 6000
_MAX_HOSTS = 200
_SHORTEST_NAME = 4
_SCRIPT_REDIRECT = regex(
    r"""\blocation(?:\.href)?\s{0,4}=\s{0,4}["']([^"'\s]{1,500})["']"""
    r"""|\blocation\.(?:replace|assign)\(\s{0,4}["']([^"'\s]{1,500})["']"""
)
_REFRESH = regex(
    r"""^\s*(\d{1,4})(?:\.\d*)?\s*(?:[;,]\s*(?:url\s*=\s*)?["']?([^"']*)["']?\s*)?$""", re.IGNORECASE
)
# Frameworks write the status they would have sent into the page's data.
_STATUS_IN_DATA = regex(
    r""""status_?code"\s{0,3}:\s{0,3}"?(404|410)\b|"page"\s{0,3}:\s{0,3}"/(404)\"""", re.IGNORECASE
)
_STATUS_METAS = frozenset({"prerender-status-code", "render:status_code", "status"})
_NOT_FREE = regex(r""""isAccessibleForFree"\s*:\s*"?false""", re.IGNORECASE)
_ERROR_NAME = regex(
    r"(?:^|[\s_-])(?:noarticletext|error-?_?404|page-?_?404|404|is-404|not-?_?found|page-?_?not-?_?found|error-?_?page)(?=$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(slots=True, kw_only=True)
class Signs:
    """The facts gathered in one pass over a page's elements; addresses are absolute."""

    canonical: str | None = None
    og: dict[str, str] = field(default_factory=dict)
    language: str | None = None
    description: str = ""
    generator: str = ""
    refresh_url: str | None = None
    refresh_delay_s: int | None = None
    script_target: str | None = None
    password_fields: int = 0
    controls: int = 0
    hosts: set[str] = field(default_factory=set)
    scripts: int = 0
    script_text: str = ""
    noscript_text: str = ""
    embeds: int = 0
    is_noindex: bool = False
    is_dated: bool = False
    names_error: bool = False
    holds_back: bool = False
    has_ad_block_key: bool = False
    status_hint: int | None = None


def read_signs(document: Document, url: str) -> Signs:
    """Return what the elements of `document`, fetched from `url`, say besides its text."""
    signs = Signs()
    base = document.base_url(url) or url
    inline: list[str] = []
    for element in islice(document.iter_elements(_TAGS), _MAX_ELEMENTS):
        _read(element, signs, base, inline)
    if inline:
        signs.script_text = "\n".join(inline)[:_MAX_SCRIPT_CHARS]
        _read_scripts(signs, base)
    return signs


def _read(element: Element, signs: Signs, base: str, inline: list[str]) -> None:
    match element.tag:
        case "meta":
            _read_meta(element, signs, base)
        case "script":
            _read_script(element, signs, base, inline)
        case "html" | "body":
            _read_root(element, signs)
        case "div" | "main" | "section":
            signs.names_error = signs.names_error or (bool(element.attrs) and _names_error(element))
        case tag if tag in _EMBEDS:
            signs.embeds += 1
            _add_host(signs, element.attr("src"), base)
            if element.tag == "iframe":
                inline.append((element.attr("src") or "")[:300])
        case _:
            _read_rest(element, signs, base)


def _read_rest(element: Element, signs: Signs, base: str) -> None:
    match element.tag:
        case "link":
            if signs.canonical is None and "canonical" in (element.attr("rel") or "").lower().split():
                signs.canonical = join(element.attr("href") or "", base)
        case "form":
            _add_host(signs, element.attr("action"), base)
        case "input":
            kind = (element.attr("type") or "").lower()
            signs.password_fields += kind == "password"
            signs.controls += kind != "hidden"
        case "button" | "select" | "textarea":
            signs.controls += 1
        case "time":
            signs.is_dated = True
        case "noscript":
            signs.noscript_text += element.text[:500]
        case _:
            pass


def _read_root(element: Element, signs: Signs) -> None:
    if element.tag == "html":
        signs.language = (element.attr("lang") or "").lower() or None
    attrs = element.attrs
    if attrs:
        # Both spellings are in use at parking companies' landers.
        signs.has_ad_block_key = signs.has_ad_block_key or "data-adblockkey" in attrs
        signs.names_error = signs.names_error or _names_error(element)


def _names_error(element: Element) -> bool:
    names = f"{element.attr('class') or ''} {element.attr('id') or ''}"
    return len(names) >= _SHORTEST_NAME and _ERROR_NAME.search(names[:400]) is not None


def _read_meta(element: Element, signs: Signs, base: str) -> None:
    content = (element.attr("content") or "").strip()
    name = (element.attr("name") or element.attr("property") or "").lower()
    if (element.attr("http-equiv") or "").lower() == "refresh":
        _read_refresh(content, signs, base)
    elif name.startswith(("og:", "article:")):
        signs.og.setdefault(name, content[:2000])
    elif name == "robots":
        signs.is_noindex = "noindex" in content.lower()
    elif name == "description":
        signs.description = content[:1000]
    elif name == "generator":
        signs.generator = content[:200]
    elif name in _STATUS_METAS and content[:3] in {"404", "410"}:
        signs.status_hint = int(content[:3])


def _read_refresh(content: str, signs: Signs, base: str) -> None:
    match = _REFRESH.match(content[:1000])
    if match and match[2] and signs.refresh_url is None:
        signs.refresh_url = join(match[2].strip(), base)
        signs.refresh_delay_s = int(match[1])


def _read_script(element: Element, signs: Signs, base: str, inline: list[str]) -> None:
    source = element.attr("src")
    signs.scripts += 1
    if source:
        _add_host(signs, source, base)
        inline.append(source[:300])
        return
    text = element.text
    inline.append(text[:8192])
    if "isAccessibleForFree" in text and _NOT_FREE.search(text):
        signs.holds_back = True


def _read_scripts(signs: Signs, base: str) -> None:
    hint = _STATUS_IN_DATA.search(signs.script_text)
    if hint and signs.status_hint is None:
        signs.status_hint = int(hint[1] or hint[2])
    target = _SCRIPT_REDIRECT.search(signs.script_text)
    if target:
        signs.script_target = join(target[1] or target[2], base)


def _add_host(signs: Signs, address: str | None, base: str) -> None:
    if address and ("//" in address[:8]) and len(signs.hosts) < _MAX_HOSTS:
        absolute = join(address[:2000], base)
        if absolute:
            signs.hosts.add(host_of(absolute))
