"""Which words of running text are host names: the last label decides, with more evidence where it is weak.

`main.py` and `ends.The` have the shape of hosts. Source: the Public Suffix List for what exists,
RFC 1123 for the shape of a label.
"""

import re
from functools import lru_cache

from workers.extract.dotted_words import is_code_name
from workers.url import is_public_name

MAX_HOST = 253
MAX_LABEL = 63
MAX_PORT = 65_535
MIN_TITLE = 3  # `D.O.Ca` is an abbreviation, `LeanIn.Org` a name
# Suffixes that exist in the name system and end file names of every desk: `main.py`, `a.sh`, `video.mov`.
FILE_SUFFIXES = frozenset(
    [
        "ac",
        "ad",
        "am",
        "bz",
        "cc",
        "do",
        "hs",
        "la",
        "mc",
        "md",
        "mk",
        "ml",
        "mm",
        "mo",
        "mov",
        "pl",
        "pm",
        "ps",
        "py",
        "rs",
        "sc",
        "sh",
        "so",
        "st",
        "tf",
        "tm",
        "vi",
        "zip",
    ]
)
OLD_SUFFIXES = frozenset({"com", "org", "net", "edu", "gov", "info"})
OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
IPV4 = re.compile(rf"{OCTET}(?:\.{OCTET}){{3}}")


@lru_cache(maxsize=8192)
def has_known_suffix(host: str) -> bool:
    """Whether the name system has a public suffix that `host` lies under; a bare suffix does not."""
    try:
        return is_public_name(host.lower() if host.isascii() else host.lower().encode("idna").decode())
    except UnicodeError:
        return False


def is_ipv4(host: str) -> bool:
    """Whether `host` is four decimal octets."""
    return IPV4.fullmatch(host) is not None


def is_host(host: str) -> bool:
    """Whether `host` is well formed: labels of letters, digits and inner hyphens, none empty or too long."""
    if len(host) > MAX_HOST:
        return False
    return all(0 < len(label) <= MAX_LABEL and _is_label(label) for label in host.rstrip(".").split("."))


def _is_label(label: str) -> bool:
    return label[0] not in "-_" and label[-1] not in "-_"


def is_fuzzy_host(host: str, *, has_path: bool, is_named: bool = False) -> bool:
    """Whether `host`, standing in text without a scheme, is meant as one.

    `www.` or a path (`has_path`) allows every known suffix; alone it must be strong: no file suffix, no
    sentence whose space after the full stop was lost (`ends.The`), and no name in code (`item.name`) unless
    the words before it name a site (`is_named`).
    """
    if not is_host(host) or "." not in host:
        return False
    if is_ipv4(host):
        return has_path
    if host[:4].lower() == "www." and host.count(".") > 1:
        return True
    if not has_known_suffix(host):
        return False
    return has_path or (_is_strong(host) and (is_named or not is_code_name(host)))


def _is_strong(host: str) -> bool:
    first, _, last = host.rpartition(".")
    if last.lower() in FILE_SUFFIXES:
        return False
    name = first.rpartition(".")[2]
    if last[:1].isupper() and not host.isupper():
        return name[:1].isupper() and len(name) >= MIN_TITLE and last.lower() in OLD_SUFFIXES
    return not first.isdigit()
