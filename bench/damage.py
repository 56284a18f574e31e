"""Damage of kinds that the measuring set does not hold, made from sound addresses by a seeded generator.

A method tuned on what it saw fails on what it did not see; these variants are the check against that.
Each maker takes a sound address and a random source, and returns a damaged one, or None where the
address has no place for that damage.
"""

import base64
import random
import re
from collections.abc import Callable
from urllib.parse import quote

Maker = Callable[[str, random.Random], str | None]

_HIDDEN = "\u2060\u200c\u2063\u180e\u061c\u202a\u202c\u2066\u2069\u200e\u206a\ufeff\u034f\u0001\u007f"
_DASHES = "\u2010\u2012\u2015\u2212\ufe58\ufe63\uff0d\u2011\u2043"
_QUOTES = (
    ("«", "»"), ("„", "“"), ("\u2039", "\u203a"), ("「", "」"), ("``", "''"), ("&ldquo;", "&rdquo;"),
    ("&#8220;", "&#8221;"),
    ("", "&apos;"), ("\uff02", "\uff02"), ("\u275d", "\u275e"), ("[url]", "[/url]"), ('<a href="', '">'),
    ("\u2018", "\u2019"), ("", "\u2032"), ("&lt;", "&gt;"),
)  # fmt: skip
_TAILS = (
    "!",
    ":",
    "!?",
    '";',
    "、",
    "。",
    "؟",
    "।",
    "}",
    "】",
    "\uff09",
    "]),",
    ">.",
    "**",
    '">',
    "),",
    "»,",
    ".)",
)
_SCHEMES = (
    "htttp", "hhttp", "htpp", "hhtp", "hxtp", "ttp", "tp", "http ", "httpx", "nttp", "HTTP",
    "hTTp", "hppt", "p",
)  # fmt: skip
_MARKS = (":///", "::/", "://", ":\\\\", ":/ /", ";//", ".//", ": //", "//:", ":// ", ":////")
_SPACES = ("\u00a0", "\u2009", "\u3000", "\u2028", "\t", "\x0c", "\n\t", " \n ", "\u200a\n", "\x85")
_WORDS = (
    "according",
    "after",
    "but",
    "However",
    "Photo",
    "via",
    "This",
    "We",
    "told",
    "for",
    "with",
    "More",
    "Via",
)
_WRAPPERS = (
    "https://duckduckgo.com/l/?uddg={q}&rut=5f1c", "https://www.youtube.com/redirect?event=video&q={q}",
    "https://out.reddit.com/t3_1a?url={q}&token=AQ", "https://vk.com/away.php?to={q}&cc_key=",
    "https://www.linkedin.com/redir/redirect?url={q}&urlhash=x1",
    "https://steamcommunity.com/linkfilter/?u={q}",
    "https://medium.com/r/?url={q}", "https://go.example.net/jump?x={q}",
    "https://exit.example.org/?site={q}",
    "https://click.example.com/f/a/b1~~/c?d={q}",
    "https://urldefense.proofpoint.com/v2/url?u={g}&d=DwMF&c=x&r=y",
    "https://urldefense.com/v3/__{u}__;!!AbC!xY$", "https://www.bing.com/ck/a?!&&p=9f&u=a1{b}&ntb=1",
    "https://r.search.yahoo.com/_ylt=A0/RV=2/RE=1/RO=10/RU={q}/RK=2/RS=x-",
    "https://proxy.example.edu/login?url={u}",
    "https://secure-web.cisco.com/1abcDEF/{q}", "https://12ft.io/{u}",
    "https://linkprotect.example.com/url?a={q}&c=E,1",
    "https://example.org/redirect/{q}", "https://disq.us/url?url={q}&cuid=1",
    "https://hide.example/?{u}", "https://mail.example/CL0/{q}/1/0100018f/x=2",
    "https://go.example/out.html#url={q}",
)  # fmt: skip
_TRACKING = (
    "msclkid=1f", "twclid=2a", "igshid=MzR", "_hsenc=p2AN", "mkt_tok=eyJ", "vero_id=a", "pk_campaign=x",
    "mtm_source=y", "hsa_cam=1&hsa_grp=2", "yclid=99", "dclid=CJ", "wbraid=Cj", "gbraid=0A", "ref_src=twsrc",
    "xtor=RSS-1", "ns_campaign=a", "fb_action_ids=1", "li_fat_id=u", "_hsmi=8", "at_medium=RSS", "mc_tc=1",
)  # fmt: skip
_STYLED = {
    "st": "\ufb06",
    "ffl": "\ufb04",
    "ff": "\ufb00",
    "a": "\uff41",
    "e": "\U0001d41e",
    "o": "\uff4f",
    "fi": "\ufb01",
}
_ELLIPSES = ("\u2025", "\u22ef", "(...)", "[...]", "\u2026\u201d", "....", "&#8230;", "[\u2026]", "%E2%80%A6")


def _hidden(url: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(url))
    return url[:at] + chance.choice(_HIDDEN) + url[at:]


def _dashes(url: str, chance: random.Random) -> str | None:
    return url.replace("-", chance.choice(_DASHES)) if url.count("-") > 1 and "_" not in url else None


def _quoted(url: str, chance: random.Random) -> str:
    before, after = chance.choice(_QUOTES)
    return before + url + after


def _tailed(url: str, chance: random.Random) -> str:
    return url + chance.choice(_TAILS)


def _scheme(url: str, chance: random.Random) -> str:
    scheme, _, rest = url.partition("://")
    s = "s" if scheme == "https" else ""
    if chance.random() < 0.5:
        return chance.choice(_SCHEMES) + s + "://" + rest
    return scheme + chance.choice(_MARKS) + rest


def _doubled(url: str, chance: random.Random) -> str:
    return chance.choice(("https://", "http://", "URL:", "view-source:", "http://http//", "url=")) + url


def _defanged(url: str, chance: random.Random) -> str:
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    dot = chance.choice(("(.)", "{.}", "[dot]", " [.] ", "(dot)", "[.]", " . "))
    return (
        scheme.replace("tt", "xx")
        + chance.choice(("://", "[:]//", "[://]"))
        + host.replace(".", dot)
        + slash
        + path
    )


def _entities(url: str, chance: random.Random) -> str | None:
    written = chance.choice(("&#x26;", "&#038;", "&AMP;", "&amp;amp;", "&amp;#38;"))
    return url.replace("&", written) if "&" in url else None


def _encoded(url: str, chance: random.Random) -> str:
    scheme, _, rest = url.partition("://")
    match chance.randrange(4):
        case 0:
            return quote(url, safe="").replace("%3A", "%3a").replace("%2F", "%2f")
        case 1:
            return quote(quote(quote(url, safe=""), safe=""), safe="")
        case 2:
            return f"{scheme}:{quote('//' + rest, safe='')}"
        case _:
            return quote(url, safe="-.")


def _escaped(url: str, chance: random.Random) -> str:
    marks = chance.choice(("_.", "/", "-", "&=?", "._-/"))
    return "".join(f"\\{char}" if char in marks else char for char in url)


def _slashed(url: str, _: random.Random) -> str:
    return url.replace("/", "\\")


def _spaced(url: str, chance: random.Random) -> str:
    at = chance.choice([found.end() for found in re.finditer(r"[/-]", url)])
    if at >= len(url):
        at -= 1
    return url[:at] + chance.choice(_SPACES) + url[at:]


def _foreign_hyphen(url: str, chance: random.Random) -> str | None:
    words = list(re.finditer(r"(?<=-)[a-z]{7,}(?=-)", url))
    if not words:
        return None
    word = chance.choice(words)
    at = word.start() + len(word[0]) // 2
    return (
        url[:at]
        + chance.choice(("\u2010\n", "\u00ad\n", "-\u00a0", "-\u2028", "-\r\n\t", "\u2011 "))
        + url[at:]
    )


def _glued(url: str, chance: random.Random) -> str | None:
    return url + chance.choice(_WORDS) if re.search(r"(?:html?|php|/|-[a-z]{4,})$", url) else None


def _wrapped(url: str, chance: random.Random) -> str | None:
    if "#" in url or "?" in url:
        return None
    plain = base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
    guarded = (
        quote(url, safe=":/").replace("-", "-2D").replace("_", "-5F").replace(":", "-3A").replace("/", "_")
    )
    return chance.choice(_WRAPPERS).format(q=quote(url, safe=""), u=url, b=plain, g=guarded)


def _tracked(url: str, chance: random.Random) -> str | None:
    return f"{url}{'&' if '?' in url else '?'}{chance.choice(_TRACKING)}" if "#" not in url else None


def _mobile(url: str, chance: random.Random) -> str | None:
    scheme, _, rest = url.partition("://")
    if "?" in url or not rest.startswith("www."):
        return None
    bare, tail = rest[4:], rest.rstrip("/")
    made = chance.choice(
        (f"mobile.{bare}", f"wap.{bare}", f"amp.{bare}", f"m.{bare}", f"{tail}/amp/", f"{tail}?amp")
    )
    return f"{scheme}://{made}"


def _styled(url: str, chance: random.Random) -> str | None:
    found = [letters for letters in _STYLED if letters in url[8:]]
    if not found:
        return None
    letters = chance.choice(found)
    return url[:8] + url[8:].replace(letters, _STYLED[letters])


def _cut(url: str, chance: random.Random) -> str:
    return url[: max(20, len(url) * 2 // 3)].rstrip("/.") + chance.choice(_ELLIPSES)


MAKERS: dict[str, Maker] = {
    "hidden character": _hidden,
    "foreign dash": _dashes,
    "quotes": _quoted,
    "tail": _tailed,
    "scheme": _scheme,
    "double scheme": _doubled,
    "defanged": _defanged,
    "entity": _entities,
    "percent": _encoded,
    "escape": _escaped,
    "backslash": _slashed,
    "space": _spaced,
    "hyphen at a break": _foreign_hyphen,
    "glued word": _glued,
    "wrapped": _wrapped,
    "tracking": _tracked,
    "amp or mobile": _mobile,
    "styled letter": _styled,
    "cut short": _cut,
}
