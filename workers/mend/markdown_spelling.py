"""How an address is written as the target of a Markdown link (CommonMark, 6.3 and 4.7)."""

import re

ENTITY_LIKE = re.compile(r"&(?=#?\w{1,32};)")
BRACKETS = re.compile(r"[()]")


def destination(address: str, *, entities: bool, is_angled: bool) -> str:
    """Return `address` with what a target reads as its own signs escaped.

    `entities`: references such as `&lt;` are decoded there; `is_angled`: it stands in angle brackets.
    """
    written = address.replace("\\", "\\\\")
    if entities:
        written = ENTITY_LIKE.sub("&amp;", written)
    if is_angled:
        return written.replace("<", r"\<").replace(">", r"\>")
    return written if _is_balanced(address) else BRACKETS.sub(r"\\\g<0>", written)


def _is_balanced(address: str) -> bool:
    depth = 0
    for bracket in BRACKETS.findall(address):
        depth += 1 if bracket == "(" else -1
        if depth < 0:
            return False
    return depth == 0
