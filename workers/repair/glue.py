"""A word of the running text that stands glued to the end of an address: '.htmlsaid', '/She', 'earnRead'."""

from collections.abc import Iterator

from workers.regex import regex
from workers.repair.context import Context
from workers.repair.edits import Edit, Proposal, Warrant
from workers.repair.file_endings import FILE_ENDINGS
from workers.repair.language import is_citing_word, is_function_word
from workers.repair.slug import joined_url, split_url

_AFTER_ENDING = regex(rf"\.(?:{'|'.join(FILE_ENDINGS)})([A-Za-z][a-z]{{1,14}})$")
_CAPITALISED = regex(r"(?:^|(?<=[a-z0-9]))[A-Z][a-z]{1,14}$")
_GLUED_ADDRESS = regex(r"(?:(?<=[A-Za-z0-9/])|(?<=[\w/)-])([,;|]))https?://[^/\s?#]+\.")
_SLUG_BEFORE = regex(r"/(?:[a-z0-9]+-){3,}[a-z0-9]+/$")
_CAMEL = regex(r"[a-z][A-Z]")
_LAST_TOKEN = regex(r"[^\W_]{1,60}$")
_LONE_WORD = regex(r"[A-Z]?[a-z]{1,14}")
_IDENTIFIER = regex(r"(?:\d{4,}|(?=[a-f]*\d)[0-9a-f]{8,})$")
_LONG_NAME = regex(r"\d{5,}|(?=[A-Za-z]*\d)[0-9A-Za-z]{8,}")
_HEX_LENGTHS = frozenset((8, 12, 16, 24, 32, 40, 64))

_COMMON = -4.6  # log10 of about one word in 40,000
_KNOWN = -5.6
_RARE = -7.5
_SURE, _LIKELY, _EVEN, _UNLIKELY = 5.0, 2.5, 0.7, -2.0
_LEAST_HEAD = 3
_LEAST_HYPHENS = 2
# What sites themselves put after the address of a page.
_PAGE_PART_LIST = (
    "comments comment photos photo video videos print gallery live feed embed all full page pages reviews "
    "review media images text download edit history details overview summary about info index news audio "
    "transcript share more new old latest home files file map maps related updates discussion results"
)
_PAGE_PARTS = frozenset(_PAGE_PART_LIST.split())


def glued_addresses(url: str, _: Context) -> Iterator[Proposal]:
    """Yield the addresses that stand glued one to the other, without a mark between them."""
    found = _GLUED_ADDRESS.search(url, len("https://")) if url.count("://") > 1 else None
    if found is None or (
        url[found.start() - 1] == "/" and not found[1] and not _SLUG_BEFORE.search(url[: found.start()])
    ):
        return
    first, second = url[: found.start()], url[found.end(1) if found[1] else found.start() :]
    odds, evidence = _LIKELY if found[1] else _EVEN, "two addresses stand glued together"
    if first == second:
        odds, evidence = _SURE + 1, "the address stands there twice"
    for half, worth in ((first, odds), (second, odds - 1)):
        yield half, Edit(rule="glued_address", evidence=evidence, warrant=Warrant.VISIBLE, odds=worth)


def glued_words(url: str, context: Context) -> Iterator[Proposal]:
    """Yield the address without the word glued to its end, where there seems to be one."""
    origin, path, query, fragment = split_url(url)
    if fragment or not origin:
        return
    if query:
        for kept, edit in _off_value(query, context):
            yield joined_url(origin, path, kept, ""), edit
        return
    before, slash, segment = path.rpartition("/")
    for kept, edit in _off_segment(before, segment, context):
        yield f"{origin}{before}{slash}{kept}", edit


def _off_segment(before: str, segment: str, context: Context) -> Iterator[Proposal]:
    ending = _AFTER_ENDING.search(segment)
    if ending:
        word = ending[1]
        if word[0].isupper() or _commonness(word, context) >= _COMMON:
            yield segment[: ending.start(1)], _edit(word, "a file name ending", _SURE)
        return
    if _LONE_WORD.fullmatch(segment) and before:
        odds = _lone_word_odds(before, segment, context)
        if odds is not None:
            yield "", _edit(segment, "the last slash of a whole address", odds)
        return
    yield from _off_token(segment, context)


def _lone_word_odds(before: str, word: str, context: Context) -> float | None:
    """A word alone after the last slash: the address went on, or ended before it."""
    previous = before.rpartition("/")[2]
    is_page = previous.count("-") >= _LEAST_HYPHENS or _LONG_NAME.search(previous) or "." in previous
    spoken = _is_spoken(word, context)
    if not is_page or (word.lower() in context.witness.words and not spoken):
        return None
    if is_citing_word(word.lower()):
        return _SURE
    if word[0].isupper():
        common = _commonness(word, context) >= _COMMON and not any(char.isupper() for char in before)
        return _SURE if common else _EVEN
    if spoken:
        return _LIKELY
    part_of_page = word in _PAGE_PARTS or previous.count("-") <= _LEAST_HYPHENS
    return _EVEN if _commonness(word, context) >= _COMMON and not part_of_page else None


def _off_value(query: str, context: Context) -> Iterator[Proposal]:
    name, equals, value = query.rpartition("=")
    if equals:
        for kept, edit in _off_token(value, context):
            yield f"{name}={kept}", edit


def _off_token(segment: str, context: Context) -> Iterator[Proposal]:
    found = _LAST_TOKEN.search(segment)
    if not found:
        return
    token, rest = found[0], segment[: found.start()]
    if token.lower() in context.witness.words or context.log10(token.lower()) is not None:
        return
    if _IDENTIFIER.fullmatch(token) and len(token) in _HEX_LENGTHS:
        return
    capital = _CAPITALISED.search(token)
    if capital and capital.start():
        cut, odds = capital.start(), _capital_odds(rest, token[: capital.start()], capital[0], context)
    elif token.islower():
        odds, cut = max(_lower_tails(rest, token, context), default=(None, 0))
    else:
        return
    if odds is not None:
        yield rest + token[:cut], _edit(token[cut:], f"'{token[:cut]}'", odds)


def _capital_odds(rest: str, head: str, word: str, context: Context) -> float | None:
    """'earnRead': a capital inside the last word of a slug whose other words have none inside."""
    if _CAMEL.search(rest) or not (head.islower() or head.istitle() or head.isdigit()):
        return None
    if word.lower() in context.witness.words and not _is_spoken(word, context):
        return None
    if is_citing_word(word.lower()):
        return _SURE
    is_slug = "-" in rest or "_" in rest or _IDENTIFIER.search(head)
    commonness = _commonness(word, context)
    if not is_slug:
        return _UNLIKELY
    if commonness < _KNOWN or not (head.islower() or head.isdigit()):
        return _EVEN
    return _SURE if commonness >= _COMMON else _LIKELY


def _lower_tails(rest: str, token: str, context: Context) -> Iterator[tuple[float, int]]:
    """Yield the odds and the place of each cut into something whole and a common word."""
    for cut in range(1, len(token) - 1):
        head, tail = token[:cut], token[cut:]
        spoken = _is_spoken(tail, context)
        if not spoken and (_commonness(tail, context) < _COMMON or tail in context.witness.words):
            continue
        odds = _head_odds(rest, head, spoken=spoken, context=context)
        if odds is not None:
            yield odds + len(tail) / 100, cut


def _head_odds(rest: str, head: str, *, spoken: bool, context: Context) -> float | None:
    """How surely what stands before a common word is whole: an identifier, a number, a word."""
    if head.isdigit() or _IDENTIFIER.fullmatch(head):
        whole = head.isdigit() or len(head) in _HEX_LENGTHS
        return (_LIKELY if spoken else _EVEN) if whole else 0.0
    if head in context.witness.words:
        return _SURE if spoken else _LIKELY
    if len(head) < _LEAST_HEAD or not (rest == "" or rest[-1] in "-_"):
        return None
    commonness = _commonness(head, context)
    if spoken and commonness >= _KNOWN:
        return _EVEN + len(head) / 4
    if spoken and commonness >= _RARE:
        return _EVEN
    return _UNLIKELY if commonness >= _KNOWN else None


def _is_spoken(word: str, context: Context) -> bool:
    """Whether a word goes on after an address in running text and hardly ever ends one."""
    return is_citing_word(word) or is_function_word(word, context.language)


def _commonness(word: str, context: Context) -> float:
    found = context.log10(word.lower())
    return -20.0 if found is None else found


def _edit(word: str, after: str, odds: float) -> Edit:
    warrant = Warrant.VISIBLE if odds > _EVEN else Warrant.GUESSED
    return Edit(
        rule="glued_word",
        evidence=f"'{word}' of the text stands glued to {after}",
        warrant=warrant,
        odds=odds,
    )
