"""White space inside an address: the readings of a line break, with and without its hyphen."""

import re

from workers.repair.edits import Edit, Form, Warrant
from workers.repair.headline import Witness
from workers.repair.words import Lexicon

_GAP = re.compile(r"(-?)\s+(-?)")
_WORD_BEFORE = re.compile(r"[a-z]+$")
_WORD_AFTER = re.compile(r"[a-z]+")
_MOST_GAPS = 12
_MOST_FORMS = 16


def readings(form: Form, said: Witness, words: Lexicon | None) -> list[Form]:
    """Return the forms that an address with white space may have had, likeliest first.

    An address without any comes back alone. A hyphen at a gap may belong to the address or to the
    line end; a gap without one may be a lost hyphen where it parts two words.
    """
    forms = [form]
    for _ in range(_MOST_GAPS):
        grown: list[Form] = []
        for each in forms:
            found = _GAP.search(each.url)
            grown += [each] if found is None else _read_gap(each, found, said, words)
        forms = sorted(grown, key=lambda each: -each.odds)[:_MOST_FORMS]
    return [each for each in forms if not re.search(r"\s", each.url)]


def _read_gap(form: Form, found: re.Match[str], said: Witness, words: Lexicon | None) -> list[Form]:
    """Return the forms that one gap may stand for."""
    before, after = form.url[: found.start()], form.url[found.end() :]
    left = match[0] if (match := _WORD_BEFORE.search(before)) else ""
    right = match[0] if (match := _WORD_AFTER.match(after)) else ""
    hyphenated = bool(found[1] or found[2])
    whole = _whole_odds(left, right, said, words)
    made = [
        form.then(
            before + after, _edit("line_break", "joined across the break", _plain_odds(whole, hyphenated))
        )
    ]
    if left and right:
        rule = "hyphen_at_break" if hyphenated else "lost_hyphen"
        told = (
            "the hyphen at the break belongs to the address"
            if hyphenated
            else "a hyphen was lost at the break"
        )
        made.append(form.then(f"{before}-{after}", _edit(rule, told, -whole if hyphenated else -whole - 3.0)))
    elif hyphenated:
        kept = form.then(f"{before}-{after}", _edit("hyphen_at_break", "the hyphen was kept", 2.0))
        made = [kept, *made]
    return made


def _plain_odds(whole: float, hyphenated: bool) -> float:
    return whole if hyphenated else whole + 3.0


def _whole_odds(left: str, right: str, said: Witness, words: Lexicon | None) -> float:
    """Return the log-odds that two parts are one word."""
    joined = left + right
    if not left or not right:
        return 1.0
    if joined in said.words:
        return 4.0
    if (left, right) in said.pairs or (left in said.words and right in said.words):
        return -4.0
    if words is None:
        return -1.0
    known = words.log10(joined)
    apart = [words.log10(part) for part in (left, right)]
    if known is None:
        return -3.0
    if None in apart:
        return 3.0
    return 2.0 * (known - sum(each for each in apart if each is not None)) - 6.0


def _edit(rule: str, evidence: str, odds: float) -> Edit:
    return Edit(rule=rule, evidence=evidence, warrant=Warrant.VISIBLE, odds=odds)
