"""Variants of a page made for telephones: AMP pages and mobile hosts, back to the page itself."""

import re
from collections.abc import Iterator
from dataclasses import replace

from workers.regex import regex
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.slug import joined_url, split_url
from workers.url import is_public_name, registrable_domain

_AMP_PARAMETER = regex(
    r"amp(?:=(?:1|true|yes|y|on)?)?|(?:output_?type|view|format|mode|output)=amp(?:-\w+)?", re.IGNORECASE
)
_AMP_TAIL = regex(r"(?:/amp/?|/amp\.html?|\.amp(?=\.html?$|$))$|\.amp(?=\.html?$)", re.IGNORECASE)
_AMP_HEAD = regex(r"/amp(?=/.)", re.IGNORECASE)
_MOBILE_LABEL = regex(
    r"(?<=//)(?:([a-z]{2,3})\.)?(?:m|mobile|mobil|amp|wap|touch)\.(?=[^/?#:]*\.)", re.IGNORECASE
)
_PAGE_PATH = regex(r"/[^/.]+$")
_SLASH_COST = 2.5
_ODDS = 2.5  # the variant answers as a rule, so the web is asked before it is replaced


def desktop_pages(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the address of the page itself, for an AMP variant or a mobile host."""
    origin, path, query, fragment = split_url(url)
    if not origin:
        return
    plain_path = _AMP_HEAD.sub("", _AMP_TAIL.sub("", path), count=1)
    parameters = query.split("&") if query else []
    kept = [one for one in parameters if not _AMP_PARAMETER.fullmatch(one)]
    amp = plain_path != path or len(kept) != len(parameters)
    hosts = _desktop_origins(origin)
    if not amp and not hosts:
        return
    evidence = "an AMP variant of the page" if amp else "a host for telephones"
    for rank, host in enumerate(hosts or [origin]):
        edit = Edit(rule="amp_or_mobile", evidence=evidence, warrant=Warrant.VISIBLE, odds=_ODDS - 2 * rank)
        yield joined_url(host, plain_path, "&".join(kept), fragment), edit
        if plain_path != path and _PAGE_PATH.search(plain_path):
            # What stood after the page's own path may have been added to '/piece' or to '/piece/'.
            slashed = replace(edit, odds=edit.odds - _SLASH_COST)
            yield joined_url(host, f"{plain_path}/", "&".join(kept), fragment), slashed


def _desktop_origins(origin: str) -> list[str]:
    found = _MOBILE_LABEL.search(origin)
    if not found:
        return []
    scheme, host = origin[: found.start()], origin[found.end() :].lower()
    if found[1]:
        return [f"{scheme}{found[1]}.{host}"]
    if not is_public_name(host):
        return []
    bare = f"{scheme}{host}"
    return [f"{scheme}www.{host}", bare] if registrable_domain(host) == host else [bare]
