"""Addresses wrapped in another one: redirectors, link guards, AMP caches, archive and proxy prefixes.

Recognised by shape, whatever the host: a parameter or a part of the path that holds a whole address,
plain, percent-encoded, in base64 or in the notation of link guards.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from workers.regex import regex
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.proxied_hosts import proxied
from workers.repair.slug import split_url
from workers.repair.wrapped_values import CACHE_KEY, HTTP_IN_BASE64, TARGET, cached, decoded, guarded
from workers.url import is_public_name, registrable_domain

_TARGET_HOST = regex(r"https?:/{1,2}(?:[^/?#@]*@)?([\w.-]+)", re.IGNORECASE)
_IN_PATH = regex(r"/(?=https?(?::/|:%2F|%3A|%253A))", re.IGNORECASE)
_PATH_VALUE = regex(r"/[A-Za-z]{1,12}=(https?%3A[^/]+)", re.IGNORECASE)
_CACHED = regex(r"/(?:amp|[cv])/(s/)?(?=([\w-]+(?:\.[\w-]+)+)(?:/|$))", re.IGNORECASE)
_TIMESTAMP = regex(r"/\d{4,14}(?:[a-z]{2}_)?$|/\d{4}\.\d{2}\.\d{2}-\d{6}$|/o$")
_WHOLE = regex(r"https?:/{2}[^/\s?#@]{1,255}\.[^/\s?#@]", re.IGNORECASE)
_WORDS = regex(r"[a-z]+")

# Words that say what an address in a parameter is for. They are English in every framework.
_LEADS_LIST = (
    "url u uri q z l to t k r goto go out href link target dest desturl destination "
    "redirect redir redirecturl rurl "
    "targeturl linkurl murl ued uddg ru urls page site website away exit"
)
_CONTEXT_LIST = (
    "ref referer referrer refurl eurl from src source origin back backurl return "
    "returnto returnurl returl next "
    "continue callback service image img media picture thumb thumbnail icon logo feed rss canonical via"
)
_DOOR_LIST = (
    "redirect redir redirector url urls away out exit leave leaving link links "
    "linkfilter click clicks go goto jump "
    "track safelink safelinks external interstitial bounce forward confirm cread adclick aclk"
)
_USES_LIST = (
    "share sharer sharearticle intent submit validator validate check "
    "oauth auth cite embed oembed "
    "resize image images compose mail watch search submitlink bookmark pin create"
)
_LEADS = frozenset(_LEADS_LIST.split())
_CONTEXTS = frozenset(_CONTEXT_LIST.split())
_DOORS = frozenset(_DOOR_LIST.split())
_USES = frozenset(_USES_LIST.split())

_BASE, _LEAD, _DOOR, _POOR_PATH = 1.0, 2.5, 2.0, 1.5
_CONTEXT, _USE, _RICH_PATH, _SAME_SITE = -8.0, -7.0, -4.0, -4.0
_WRAPPED_IN_PATH, _CACHE, _ARCHIVED = 4.0, 4.5, -3.0
# A translation may be what the author cites, as a capture may; behind a library's proxy nobody reads.
_TRANSLATED, _PROXIED, _IN_BASE64 = -0.7, 3.0, 4.0
_REST_OF_QUERY, _SIGNATURE = 0.5, 0.5
_SIGNED = regex(r"(?<=[\w/]):(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{6,64}$")
_WHOLE_BEGINS = 60  # code points
_SHORTEST_BASE64 = 24
_RICH_HYPHENS = 2


def unwrapped(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the addresses that stand wrapped inside this one."""
    origin, path, query, fragment = split_url(url)
    if not origin:
        return
    between = guarded(url) if "/__http" in url else None
    if between:
        yield between, _edit("a link guard holds a whole address between underscores", _WRAPPED_IN_PATH)
        return
    for target, is_told in proxied(origin, path, query, fragment):
        yield target, _edit("the host speaks for another one", _TRANSLATED if is_told else _PROXIED)
    if "." in path:
        yield from _from_cache(path, query, fragment)
    if "http" in path.lower():
        yield from _from_path(path, query, fragment)
    yield from _from_base64(path)
    yield from _from_parameters(origin, path, query, fragment)


def _from_parameters(origin: str, path: str, query: str, fragment: str) -> Iterator[Proposal]:
    if _WHOLE.match(query):
        # '?https://…' without a name: the query is the address, whatever stands in it.
        yield query + fragment, _edit("the query is a whole address", _WRAPPED_IN_PATH)
    elif query[:4] == "http" and _WHOLE.match(unquote(query[:_WHOLE_BEGINS])):
        yield unquote(query), _edit("the query is a whole address", _WRAPPED_IN_PATH)
    elif "=" in query:
        goes_on = "cache:" in query and "+&" in fragment
        yield from _from_query(origin, path, query + fragment if goes_on else query)
    if "=http" in fragment.lower():
        yield from _from_query(origin, path, fragment[1:])


def _from_base64(path: str) -> Iterator[Proposal]:
    if not HTTP_IN_BASE64.search(path):
        return
    for segment in path.split("/"):
        target = decoded(segment) if len(segment) >= _SHORTEST_BASE64 else None
        if target:
            yield target, _edit("a part of the path holds a whole address in base64", _IN_BASE64)


def _from_query(origin: str, path: str, query: str) -> Iterator[Proposal]:
    start = 0
    for parameter in query.split("&"):
        name, _, value = parameter.partition("=")
        rest = query[start + len(parameter) :]
        start += len(parameter) + 1
        key = CACHE_KEY.match(value)
        target = cached(value[key.end() :], rest) if key else decoded(value) if value else None
        if not target:
            continue
        odds = _CACHE if key else _parameter_odds(origin, path, name.lower(), target)
        yield target, _edit(f"parameter '{name}' holds a whole address", odds)
        if _SIGNED.search(target):
            evidence = f"parameter '{name}' holds an address with a signature behind it"
            yield _SIGNED.sub("", target), _edit(evidence, odds + _SIGNATURE)
        if rest and "?" in target and target == value:
            evidence = f"parameter '{name}' holds a whole address, with the parameters after it"
            yield target + rest, _edit(evidence, odds + _REST_OF_QUERY)


def _parameter_odds(origin: str, path: str, name: str, target: str) -> float:
    steps = set(_WORDS.findall(path.lower()))
    odds = _BASE + (_LEAD if name in _LEADS else 0.0) + (_CONTEXT if name in _CONTEXTS else 0.0)
    odds += _DOOR if steps & _DOORS else 0.0
    odds += _USE if steps & _USES and "redirect" not in name else 0.0
    odds += _RICH_PATH if _is_rich(path) else _POOR_PATH
    found = _TARGET_HOST.match(target)
    host = found[1].lower() if found else ""
    if host and origin.lower().endswith(registrable_domain(host)):
        odds += _SAME_SITE
    return odds


def _is_rich(path: str) -> bool:
    """Whether a path has a slug, as the address of a page has and a redirector's has not."""
    return any(segment.count("-") > _RICH_HYPHENS for segment in path.split("/"))


def _from_path(path: str, query: str, fragment: str) -> Iterator[Proposal]:
    value = _PATH_VALUE.search(path)
    if value:
        target = decoded(value[1])
        if target:
            yield target, _edit("a part of the path holds a whole address", _WRAPPED_IN_PATH)
        return
    inner = _IN_PATH.search(path)
    if not inner:
        return
    rest = path[inner.end() :]
    encoded = "%" in rest[:8]
    # What is encoded as a whole ends where the next slash is not.
    target = decoded(rest.partition("/")[0]) if encoded else rest
    if target and TARGET.match(target):
        tail = "" if encoded else (f"?{query}" if query else "") + fragment
        archived = _TIMESTAMP.search(path[: inner.start()])
        odds, what = (
            (_ARCHIVED, "an archive's capture of") if archived else (_WRAPPED_IN_PATH, "the path holds")
        )
        if _is_rich(path[: inner.start()]):
            odds += _RICH_PATH
        yield target + tail, _edit(f"{what} a whole address", odds)


def _from_cache(path: str, query: str, fragment: str) -> Iterator[Proposal]:
    found = _CACHED.match(path)
    if found and is_public_name(found[2].lower()):
        scheme = "https" if found[1] else "http"
        inner = f"{scheme}://{path[found.end() :]}{'?' + query if query else ''}{fragment}"
        yield inner, _edit("the path of a page cache holds host and path", _CACHE)


def _edit(evidence: str, odds: float) -> Edit:
    return Edit(rule="wrapped", evidence=evidence, warrant=Warrant.VISIBLE, odds=odds)
