"""White space inside an address: what a line break or a stray space hid, read in every way it may be.

A hyphen at a break may have been put there by the break or belong to the address; a fixed rule gets one
of the two wrong, so the words on both sides decide.
"""

import re
from dataclasses import dataclass, replace
from itertools import islice
from math import exp, log1p
from urllib.parse import unquote_to_bytes

from workers.regex import regex
from workers.repair.characters import LETTER
from workers.repair.context import Context
from workers.repair.edits import Edit, Form, Warrant
from workers.repair.folding import slug_forms
from workers.repair.junction import Judgement, judge
from workers.repair.language import is_citing_word
from workers.repair.mail import is_written_so
from workers.repair.normalise import mended
from workers.url import is_public_name

_SPACE = regex(r"\s")
_RUN = regex(r"-?(?:=(?=\s))?\s+-?")
_NEXT_ADDRESS = regex(r"https?://|www\.", re.IGNORECASE)
_TEXT_BEGAN = regex(r"[a-z\d/.,;)\]([][A-Z][a-z]+$")
_BRACKET_FOLLOWS = regex(r"[(\[{|\u2013\u2014\u00bb*]")
# A name or a tag of a social network, alone or behind a word; and a host with its path.
_NAME_FOLLOWS = re.compile(r"(?:\w+ )?@\w|#[^\W\d]\w*$")
_COLUMN_FOLLOWS = re.compile(r"\d{4}-\d\d-\d\d(?:\D|$)|[A-Z][a-z]+ ")  # behind a tab, which parts columns
_HOST_FOLLOWS = re.compile(r"((?:[a-z][\w-]*\.)+[a-z]{2,})/", re.IGNORECASE)
_CAPITAL_WORD = regex(r"[A-Z][a-z]+")
_TEXT_FOLLOWS = regex(r"[A-Z][a-z]+(?:\s|$)|\d{1,2}\s")
_KEY = regex(r"[?&][^=&#/\s]{1,60}$")
_PAIR_FOLLOWS = regex(r"[^&#\s]*=")
_WORD_BEFORE = regex(rf"{LETTER}{{1,40}}$")
_WORD_AFTER = regex(rf"{LETTER}{{1,40}}")
_PROSE = regex(r"(?:\s+[^\s/\-_=%]{1,30}){3}")
# Whole letters in percent codes: of two bytes or more, as all beyond ASCII are.
_CODES_BEFORE = regex(r"(?:%[89A-Fa-f][0-9A-Fa-f])+$")
_CODES_AFTER = regex(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_MOST_CODES = 360
_INSIDE_LETTER, _UNKNOWABLE, _ABROAD = 9.0, -1.0, 0.3
_BASE_ODDS = 6.0
_NEVER = -6.0
_LEADING_HYPHEN_ODDS = -4.0  # a break puts its hyphen at the end of a line, not at the start of the next
_NUMBER_ODDS = -4.0  # a hyphen beside a digit or a mark is the address's own
_INSERT_COST = 3.0
_CUT_ODDS, _TEXT_ODDS = 1.0, 5.0
# In a host the words say little: names are made of two, with a hyphen and without one.
_HOST_SHARE, _MOST_IN_HOST = 0.3, 2.2
_SOFT_ODDS, _KEY_ODDS = 5.0, 1.5
_MOST_BREAKS = 12
_WINDOW = 48
_MOST_READINGS = 5


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    edit: Edit


def has_break(url: str) -> bool:
    """Whether white space stands inside the address."""
    return _SPACE.search(url) is not None


def readings(form: Form, context: Context) -> list[Form]:
    """Return the addresses that a form with white space inside may stand for, likeliest first."""
    url = form.url
    runs = list(islice(_RUN.finditer(url), _MOST_BREAKS + 1))
    if len(runs) > _MOST_BREAKS:
        return [_cut(form, runs[0], _BASE_ODDS)]
    text = next((run for run in runs if _is_text(url, run)), None)
    if text is not None:
        cut = _cut(form, text, _BASE_ODDS)
        return readings(cut, context) if has_break(cut.url) else [cut]
    choices = [_readings_at(url, run, context) for run in runs]
    chosen = [ranked[0] for ranked in choices]
    forms = [_joined(form, runs, chosen)]
    for index, ranked in enumerate(choices):
        forms += [_joined(form, runs, [*chosen[:index], other, *chosen[index + 1 :]]) for other in ranked[1:]]
    forms.append(_cut(form, runs[0], _cut_odds(url, runs[0])))
    forms.sort(key=lambda reading: -reading.odds)
    return forms[:_MOST_READINGS]


def _is_text(url: str, run: re.Match[str]) -> bool:
    """Whether text surely follows a run: another address, three words, a bracket, a reference's words."""
    if "-" in run[0] or "=" in run[0]:
        return False
    bracket = _BRACKET_FOLLOWS.match(url, run.end()) and url[run.start() - 1] not in "_-"
    return bool(
        bracket
        or (run[0] == "\t" and _COLUMN_FOLLOWS.match(url, run.end()))
        or _NEXT_ADDRESS.match(url, run.end())
        or _PROSE.match(url, run.start())
        or (run[0] == " " and url[run.start() - 1] != "/" and _NAME_FOLLOWS.match(url, run.end()))
        or _host_follows(url, run)
        or _reference_follows(url, run)
    )


def _host_follows(url: str, run: re.Match[str]) -> bool:
    host = _HOST_FOLLOWS.match(url, run.end())
    is_whole = "/" in url[: run.start()].partition("://")[2]
    return host is not None and is_whole and is_public_name(host[1].lower())


def _reference_follows(url: str, run: re.Match[str]) -> bool:
    """Whether a reference goes on here ('Accessed'), or has begun within the last word before."""
    word = _CAPITAL_WORD.match(url, run.end())
    if word and is_citing_word(word[0].lower()):
        return True
    path = url[: run.start()].partition("://")[2].partition("/")[2]
    began = _TEXT_BEGAN.search(path)
    return began is not None and path[: began.start() + 1] == path[: began.start() + 1].lower()


def _cut_odds(url: str, first: re.Match[str]) -> float:
    """Return how surely text follows at the first run: a capital word may, after small ones."""
    path = url[: first.start()].partition("://")[2].partition("/")[2]
    if "-" in first[0] or "=" in first[0] or path != path.lower():
        return _CUT_ODDS
    return _TEXT_ODDS if _TEXT_FOLLOWS.match(url, first.end()) else _CUT_ODDS


def _readings_at(url: str, run: re.Match[str], context: Context) -> list[_Reading]:
    judged = _judged(url, run, context)
    in_host = "/" not in url[: run.start()].partition("://")[2]
    if "=" in run[0]:
        found = _soft_readings(url, run)
    elif "-" in run[0]:
        found = _hyphen_readings(run, judged, in_host=in_host)
    else:
        found = _plain_readings(judged, in_host=in_host)
    return sorted(found, key=lambda reading: -reading.edit.odds)


def _soft_readings(url: str, run: re.Match[str]) -> list[_Reading]:
    """Read an equals sign at a break: of a mail's quoted-printable writing, or after a query's key."""
    hyphen = "-" if "-" in run[0] else ""
    soft = "a mail's soft line break (quoted-printable)"
    before, after = _KEY.search(url, 0, run.start()), _PAIR_FOLLOWS.match(url, run.end())
    if before is None or after or is_written_so(url):
        return [_Reading(hyphen, _edit("quoted_printable", soft, _SOFT_ODDS))]
    kept = "the key of a query stands before the break, and its value after it"
    return [
        _Reading(f"{hyphen}=", _edit("inner_space", kept, _KEY_ODDS)),
        _Reading(hyphen, _edit("quoted_printable", soft, -_KEY_ODDS)),
    ]


def _judged(url: str, run: re.Match[str], context: Context) -> Judgement | None:
    """Return whether the letters on both sides of a run are one word, None where there are none to judge.

    Letters that are percent-encoded are read; a run inside the bytes of one letter is inside its word.
    """
    before = _WORD_BEFORE.search(url, max(0, run.start() - _WINDOW), run.start())
    after = _WORD_AFTER.match(url, run.end())
    left, right = before[0] if before else "", after[0] if after else ""
    codes, more = _CODES_BEFORE.search(url, 0, run.start()), _CODES_AFTER.match(url, run.end())
    try:
        if codes is not None:
            found = _WORD_BEFORE.search(unquote_to_bytes(codes[0][-_MOST_CODES:]).decode())
            left = found[0] if found else ""
        if more is not None:
            found = _WORD_AFTER.match(unquote_to_bytes(more[0][:_MOST_CODES]).decode())
            right = found[0] if found else ""
    except UnicodeDecodeError:
        return Judgement(odds=_INSIDE_LETTER, evidence="the break stands inside one encoded letter")
    if not left or not right:
        return None
    judged = judge(left, right, context)
    if judged.witnessed or judged.parted:
        return judged
    if (left + right).isascii():
        return judged if context.is_at_home else replace(judged, odds=judged.odds * _ABROAD)
    is_latin = slug_forms(left + right)[0].isascii()
    # The lists are of languages in Latin script, so of others nobody knows without the headline.
    return judged if is_latin else replace(judged, odds=_UNKNOWABLE)


def _hyphen_readings(run: re.Match[str], judged: Judgement | None, *, in_host: bool) -> list[_Reading]:
    odds = judged.odds if judged else _NUMBER_ODDS
    if run[0].endswith("-"):
        odds += _LEADING_HYPHEN_ODDS
    if in_host:
        odds = max(-_MOST_IN_HOST, min(_MOST_IN_HOST, odds * _HOST_SHARE))
    evidence = judged.evidence if judged else "the hyphen stands beside a digit or a mark"
    return [
        _Reading("-", _edit("hyphen_kept_at_break", f"a break at a hyphen; {evidence}", -odds)),
        _Reading("", _edit("hyphen_at_break", f"a break put a hyphen into a word; {evidence}", odds)),
    ]


def _plain_readings(judged: Judgement | None, *, in_host: bool) -> list[_Reading]:
    odds = min(-judged.odds - _INSERT_COST, -_NEVER) if judged else _NEVER
    if in_host:
        odds = min(odds, -_MOST_IN_HOST)
    evidence = judged.evidence if judged else "no word is cut"
    return [
        _Reading("", _edit("inner_space", f"white space inside the address; {evidence}", -odds)),
        _Reading(
            "-", _edit("hyphen_lost_at_break", f"a break took the hyphen between words; {evidence}", odds)
        ),
    ]


def _edit(rule: str, evidence: str, odds: float) -> Edit:
    return Edit(rule=rule, evidence=evidence, warrant=Warrant.VISIBLE, odds=_BASE_ODDS - log1p(exp(-odds)))


def _joined(form: Form, runs: list[re.Match[str]], chosen: list[_Reading]) -> Form:
    parts: list[str] = []
    end = 0
    for run, reading in zip(runs, chosen, strict=True):
        parts += (form.url[end : run.start()], reading.text)
        end = run.end()
    return _settled(form, "".join(parts) + form.url[end:], tuple(reading.edit for reading in chosen))


def _cut(form: Form, run: re.Match[str], odds: float) -> Form:
    edit = Edit(
        rule="cut_at_space", evidence="what follows the space is text", warrant=Warrant.VISIBLE, odds=odds
    )
    return _settled(form, form.url[: run.start()], (edit,))


def _settled(form: Form, url: str, edits: tuple[Edit, ...]) -> Form:
    """Undo what could not be seen while the space stood there: a scheme, a host, an edge.

    What follows from a reading says nothing for it, so these edits carry no odds.
    """
    after = mended(url)
    return form.then(after.url, *edits, *(replace(edit, odds=0.0) for edit in after.edits))
