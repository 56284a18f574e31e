"""How a site changed its addresses, learned from links of it that did move, and what that says of another.

A move is taken apart into the part that stayed (the piece's own name) and what stood before and after it.
Numbers count as numbers, and those that went along are put where they went. Three moves that changed alike
make a rule.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from workers.regex import regex
from workers.url import host_of, lookup_key, parse

LEAST_AGREEING = 3
MOST_READ = 200
_LONGEST_PATH = 400
_LEAST_KEPT = 4
_DIGITS = regex(r"\d+")
_MARKS = "/-_.?=&"
_NAME = regex(r"[^/?=&]*[^\W\d_][^/?=&]*")
_NAME_TAIL = regex(r"(?:\.[a-z]{2,5}|[-_]\d+)+$", re.IGNORECASE)

Move = tuple[str, str]
"""An address and the one that it was moved to for good."""


@dataclass(frozen=True, slots=True)
class PathRule:
    """One way in which addresses of a host changed; `before` and `after` are patterns of what was around.

    `new_before` and `new_after` are what stands around the kept part now, with `{0}`, `{1}` … for the
    numbers that went along.
    """

    host: str
    before: str
    after: str
    new_before: str
    new_after: str

    def applied_to(self, url: str) -> str | None:
        """Return where an address would stand by this rule, None where the rule is not about it."""
        if host_of(url) != self.host:
            return None
        found = re.fullmatch(f"{self.before}(?P<kept>.+?){self.after}", _path_of(url))
        if found is None:
            return None
        kept_group = found.re.groupindex["kept"]
        numbers = [number for at, number in enumerate(found.groups(), 1) if at != kept_group]
        made = _filled(self.new_before, numbers) + found["kept"] + _filled(self.new_after, numbers)
        return None if parse(made) is None or lookup_key(made) == lookup_key(url) else made


@dataclass(frozen=True, slots=True)
class Learned:
    """A rule with how many of the moves that it is about it foretells, and how many those are."""

    rule: PathRule
    agreeing: int
    about: int


def learn(moves: Sequence[Move]) -> tuple[Learned, ...]:
    """Return the rules that three moves or more agree on, the best borne out first.

    A rule that foretells less than half of the moves that it is about is dropped.
    """
    distinct = list(dict.fromkeys(moves))[:MOST_READ]
    counts = Counter(rule for move in distinct if (rule := _rule_of(move)) is not None)
    learned = (_borne_out(rule, distinct) for rule, count in counts.items() if count >= LEAST_AGREEING)
    sound = (each for each in learned if each.agreeing * 2 >= each.about)
    return tuple(sorted(sound, key=lambda each: -each.agreeing))


def foretold(url: str, rules: Iterable[Learned]) -> Iterator[tuple[str, Learned]]:
    """Yield where an address would stand by each rule, with the rule."""
    seen: set[str] = set()
    for each in rules:
        made = each.rule.applied_to(url)
        if made is not None and made not in seen:
            seen.add(made)
            yield made, each


def _borne_out(rule: PathRule, moves: Sequence[Move]) -> Learned:
    foretold = [(rule.applied_to(old), new) for old, new in moves]
    about = [(made, new) for made, new in foretold if made is not None]
    agreeing = sum(lookup_key(made) == lookup_key(new) for made, new in about)
    return Learned(rule=rule, agreeing=agreeing, about=len(about))


def _rule_of(move: Move) -> PathRule | None:
    """Return how one move changed its address, None where too little of it stayed."""
    old, new = move
    target = parse(new)
    if target is None or lookup_key(old) == lookup_key(new):
        return None
    old_path, new_path = _path_of(old), _path_of(new)
    kept = _kept(old_path, new_path)
    if kept is None:
        return None
    start, new_start, length = kept
    before, after = old_path[:start], old_path[start + length :]
    numbers = _DIGITS.findall(before) + _DIGITS.findall(after)
    new_before, new_after = new_path[:new_start], new_path[new_start + length :]
    return PathRule(
        host=host_of(old),
        before=_pattern(before),
        after=_pattern(after),
        new_before=_template(f"{target.origin}{new_before}", numbers, skip=len(target.origin)),
        new_after=_template(new_after, numbers),
    )


def _kept(old: str, new: str) -> tuple[int, int, int] | None:
    """Return where the longest common part begins in both paths, and its length, cut at marks.

    It has to hold the name of the piece, without its ending and number.
    """
    if max(len(old), len(new)) > _LONGEST_PATH:
        return None
    same = SequenceMatcher(None, old, new, autojunk=False).find_longest_match()
    start, end = same.a, same.a + same.size
    while start < end and not (_is_edge(old, start) and _is_edge(new, start - same.a + same.b)):
        start += 1
    while end > start and not (_is_edge(old, end) and _is_edge(new, end - same.a + same.b)):
        end -= 1
    name = _NAME_TAIL.sub("", (_NAME.findall(old) or [""])[-1])
    if end - start < _LEAST_KEPT or not name or name not in old[start:end]:
        return None
    return start, start - same.a + same.b, end - start


def _is_edge(path: str, at: int) -> bool:
    """Whether a part of the path begins or ends at this place."""
    return at in (0, len(path)) or path[at] in _MARKS or path[at - 1] in _MARKS


def _path_of(url: str) -> str:
    parsed = parse(url)
    return "" if parsed is None else parsed.pathname + parsed.search


def _pattern(text: str) -> str:
    return r"(\d+)".join(re.escape(part) for part in _DIGITS.split(text))


def _template(text: str, numbers: Sequence[str], *, skip: int = 0) -> str:
    """Return text with the numbers that went along as `{0}`, `{1}` …; braces of its own are encoded."""
    left = list(enumerate(numbers))

    def placed(found: re.Match[str]) -> str:
        if found.start() >= skip:
            for each in left:
                if each[1] == found[0]:
                    left.remove(each)
                    return f"{{{each[0]}}}"
        return found[0]

    return _DIGITS.sub(placed, text.replace("{", "%7B").replace("}", "%7D"))


def _filled(template: str, numbers: Sequence[str]) -> str:
    return re.sub(r"\{(\d+)\}", lambda found: numbers[int(found[1])], template)
