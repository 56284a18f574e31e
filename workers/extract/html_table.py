"""Which attributes of HTML carry addresses, and what a citation from each of them is.

Source: the HTML Standard's attribute index, SVG 2 for `xlink:href`, and the obsolete attributes that
old articles still have (`background`, `longdesc`, `codebase`).
"""

from collections.abc import Mapping

from workers.extract.html_values import ADDRESS_VALUE, RELATIVE_VALUE
from workers.model import Kind

HREF: Mapping[str, Kind] = {
    "a": Kind.LINK,
    "area": Kind.LINK,
    "link": Kind.METADATA,
    "use": Kind.RESOURCE,
    "image": Kind.IMAGE,
    "feimage": Kind.IMAGE,
}
SRC: Mapping[str, Kind] = {
    "img": Kind.IMAGE,
    "input": Kind.IMAGE,
    "amp-img": Kind.IMAGE,
    "script": Kind.RESOURCE,
}
# Attributes that mean the same on whatever element they stand.
ANYWHERE: Mapping[str, Kind] = {
    "srcset": Kind.IMAGE,
    "imagesrcset": Kind.IMAGE,
    "poster": Kind.IMAGE,
    "background": Kind.IMAGE,
    "lowsrc": Kind.IMAGE,
    "dynsrc": Kind.MEDIA,
    "cite": Kind.METADATA,
    "longdesc": Kind.METADATA,
    "ping": Kind.RESOURCE,
    "action": Kind.FORM,
    "formaction": Kind.FORM,
    "codebase": Kind.MEDIA,
    "style": Kind.RESOURCE,
    "xlink:href": Kind.LINK,
}
ONLY_ON: Mapping[tuple[str, str], Kind] = {
    ("object", "data"): Kind.MEDIA,
    ("html", "manifest"): Kind.RESOURCE,
    ("head", "profile"): Kind.METADATA,
}
SETS = frozenset({"srcset", "imagesrcset", "data-srcset", "data-lazy-srcset"})
LISTS = frozenset({"ping"})
IMAGE_WORDS = ("src", "image", "img", "thumb", "poster", "photo", "background")
# What a link element's rel says of its target, first match wins.
BY_REL: Mapping[str, Kind] = {
    "canonical": Kind.CANONICAL,
    "stylesheet": Kind.RESOURCE,
    "icon": Kind.RESOURCE,
    "apple-touch-icon": Kind.RESOURCE,
    "mask-icon": Kind.RESOURCE,
    "preload": Kind.RESOURCE,
    "modulepreload": Kind.RESOURCE,
    "prefetch": Kind.RESOURCE,
    "preconnect": Kind.RESOURCE,
    "dns-prefetch": Kind.RESOURCE,
    "manifest": Kind.RESOURCE,
    "alternate": Kind.ALTERNATE,
    "amphtml": Kind.ALTERNATE,
    "shortlink": Kind.ALTERNATE,
}
# Attributes that may carry addresses; of the others only those that begin with `data-` are looked at.
CARRIERS = frozenset({"href", "src", "content", "srcdoc", *ANYWHERE, *(name for _, name in ONLY_ON)})
# Elements whose start or end closes a run of text: a sentence does not reach over them.
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "link",
        "main",
        "menu",
        "meta",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "template",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
# Inline elements that a word may go on over, and over which an address may be divided.
INLINE = frozenset(
    [
        "b",
        "i",
        "em",
        "strong",
        "span",
        "font",
        "u",
        "mark",
        "small",
        "tt",
        "big",
        "s",
        "bdi",
        "bdo",
        "nobr",
        "ins",
    ]
)
# Their text is no prose: addresses in it are counted as skipped, not found.
CODE = frozenset({"code", "samp", "kbd", "xmp", "listing", "plaintext"})
RAW = frozenset({"script", "style", "textarea", "title", "noscript", "iframe", "noframes", "noembed", "xmp"})


def kind_of(tag: str, attribute: str) -> Kind | None:
    """Return what an address in `attribute` of `tag` is, None where the attribute carries none."""
    if attribute == "href":
        return HREF.get(tag, Kind.LINK) if tag != "base" else None
    if attribute == "src":
        return SRC.get(tag, Kind.MEDIA)
    if (kind := ANYWHERE.get(attribute)) is not None:
        return HREF.get(tag, Kind.RESOURCE) if attribute == "xlink:href" else kind
    return ONLY_ON.get((tag, attribute))


# Data attributes by which scripts load pictures and pages later: addresses even where they are relative.
LAZY = frozenset(
    [
        "data-src",
        "data-original",
        "data-lazy-src",
        "data-lazy",
        "data-image",
        "data-img",
        "data-poster",
        "data-background",
        "data-bg",
        "data-thumb",
        "data-href",
        "data-url",
        "data-link",
        "data-full-url",
    ]
)


def is_data_address(name: str, value: str) -> bool:
    """Whether a data attribute carries an address: an absolute one, or a relative one under a known name."""
    if name in SETS or ADDRESS_VALUE.match(value) is not None:
        return True
    return name in LAZY and (RELATIVE_VALUE.match(value) is not None or "url(" in value)


def kind_of_data(attribute: str) -> Kind:
    """Return what an address in a `data-*` attribute is, by the words of its name."""
    if attribute.endswith(("href", "url", "link")):
        return Kind.LINK
    return Kind.IMAGE if any(word in attribute for word in IMAGE_WORDS) else Kind.RESOURCE


def kind_of_rel(rel: tuple[str, ...]) -> Kind:
    """Return what the target of a `<link>` with these rel words is."""
    return next((kind for word, kind in BY_REL.items() if word in rel), Kind.METADATA)
