# ruff: noqa: RUF001, RUF002 - characters that look alike are the subject here
"""Where text of a script that writes no spaces, or a dash of the sentence, is glued to the end of an address.

Linkifiers for the Latin world take everything up to the next space. Japanese, Chinese and Thai writers put
none, Koreans write their particles on, and typographers set a dash without any: `https://a.example/xを見て`.
"""

import re
from string import ascii_letters

from workers.regex import regex

# Kana, Han, Thai, Lao, Khmer, Burmese and Hangul: what may be glued on.
SCRIPTS = (
    "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\uac00-\ud7a3"
)
GLUED = regex(rf"(?<=[A-Za-z0-9])[{SCRIPTS}]")
RUN = regex(rf"[{SCRIPTS}]{{1,200}}")
ASCII_HOST = regex(rf"[{SCRIPTS}]*([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)[{SCRIPTS}]*")
HIRAGANA = regex("[\u3041-\u309f]")
SPACELESS = regex("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
HANGUL = regex("[\uac00-\ud7a3]")
# What follows a piece of a path or query in the same address.
GOES_ON = regex(r"[/_=?&%.#-]+[^\W_]|%[0-9A-Fa-f]{2}|[/_=&-]+(?=\s|\Z)")
PARTICLES = regex(
    "(?:은|는|이|가|을|를|에|로|와|과|의|도|만|및|나|란)\\Z"
    "|(?:에서|에게|으로|까지|부터|입니다|이다|이라는|라는|라고|처럼|보다|이나|에는|에도|에서는|로는)"
)
LONGEST_TITLE = 4
WINDOW = 200
FULL_WIDTH = regex(rf"（[{SCRIPTS}\w・、]{{1,30}}）(?=[\s/?#)]|\Z)")
EM_DASHES = frozenset("\u2014\u2015")
PLAIN_WORD = regex(r"[^\W\d_]+[,;:]?(?=[^\S\r\n]+[^\W_])")
# With these no slug goes on behind its first words.
_SENTENCE_WORDS = """
and but or which who that where when while as if then so it he she they we you this these is was are were not
und aber oder die der das et mais ou qui que y pero o e ma che och men
"""
SENTENCE_WORDS = frozenset(_SENTENCE_WORDS.split())


def glued_at(text: str, start: int, end: int) -> int:
    """Return where in `text[start:end]`, a stretch of one address, glued text begins, else `end`."""
    for match in GLUED.finditer(text, max(start, 1), end):
        at = match.start()
        if not _is_before(text, at) and _is_glued(text, at):
            return at
    return end


def host_without_glued(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the ASCII host that `text[start:end]` is but for text glued to it, else all."""
    host = ASCII_HOST.fullmatch(text, start, end)
    return (start, end) if host is None else host.span(1)


def _is_before(text: str, at: int) -> bool:
    """Whether the address has letters of such a script before `at` already: then they are its own."""
    word = re.split(r"\s|://", text[max(0, at - WINDOW) : at])[-1]
    in_front = RUN.match(word)  # of a host without a scheme: text before it
    return RUN.search(word, in_front.end() if in_front else 0) is not None


def _is_glued(text: str, at: int) -> bool:
    run = RUN.match(text, at)
    if run is None or GOES_ON.match(text, run.end()):
        return False
    written = run[0]
    if HANGUL.match(written):
        return PARTICLES.match(written) is not None
    if HIRAGANA.search(written) or SPACELESS.match(written):
        return True
    # Han and katakana may be a title: `/wiki/A股`. It stands alone, as words do in no sentence of Chinese.
    is_alone = text[run.end() : run.end() + 1].strip() == "" and _begins_word(text, at)
    return not (is_alone and len(written) <= LONGEST_TITLE)


def _begins_word(text: str, at: int) -> bool:
    """Whether no letter of such a script stands right before the address that runs through `at`."""
    before = text[max(0, at - WINDOW) : at].rpartition("://")[0].rstrip(ascii_letters)
    return RUN.search(before[-1:]) is None


def brackets_end(text: str, at: int) -> int:
    """Return the end of full-width brackets at `at` that are part of `/wiki/東京都（日本）`, else `at`."""
    if RUN.match(text, at - 1) is None:
        return at
    brackets = FULL_WIDTH.match(text, at)
    return at if brackets is None else brackets.end()


def is_dash_of_sentence(text: str, at: int) -> bool:
    """Whether the em dash at `at` parts an address from the sentence that goes on behind it.

    One plain word and a further one stand behind it; a slug that has dashes before is taken to go on with
    its next word, unless no slug goes on so.
    """
    word = PLAIN_WORD.match(text, at + 1) if text[at] in EM_DASHES else None
    if word is None:
        return False
    segment = text[max(0, at - WINDOW) : at].rpartition("/")[2]
    return word[0].strip(",;:").lower() in SENTENCE_WORDS or re.search("[-\u2010-\u2015]", segment) is None
