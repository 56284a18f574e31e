"""What a text quotes or adds in brackets: it is told and not said."""

from workers.regex import regex

_ASIDE = regex(
    r"\u201c[^\u201c\u201d]{1,240}\u201d|\u201e[^\u201c\u201d\u201e]{1,240}[\u201c\u201d]|\"[^\"]{1,240}\""
    r"|\u00ab[^\u00ab\u00bb]{1,240}\u00bb|\u00bb(?=\S)[^\u00ab\u00bb]{1,240}\u00ab|\u2039[^\u203a]{1,240}\u203a"
    r"|\u300c[^\u300d]{1,240}\u300d|\u300e[^\u300f]{1,240}\u300f|(?<!\w)'(?=\S)(?:[^']|(?<=\w)'(?=\w)){1,240}(?<=\S)'(?!\w)"
    r"|\([^()]{1,240}\)|\[[^\[\]]{1,240}\]|\uff08[^\uff08\uff09]{1,240}\uff09"
)
# Any of the first may begin such a part, any of the second end it.
OPENING_MARKS = "\"'([\u201c\u201e\u00ab\u00bb\u2039\u300c\u300e\uff08"
CLOSING_MARKS = "\"')]\u201c\u201d\u00ab\u00bb\u203a\u300d\u300f\uff09"
_ASIDE_MARKS = frozenset("\"'()[]\u201c\u201e\u00ab\u2039\u300c\u300e\uff08")
_MAIL_QUOTE = "> "
_SPACES = regex(r" {2,}")
_LEAST_LETTERS_AROUND, _LEAST_WIDE_AROUND = 8, 4
_WIDE = regex(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def without_asides(folded: str) -> str:
    """Return a folded text without what it quotes or adds in brackets, unless that is nearly all of it.

    A line that begins as those that mail quotes is told as a whole.
    """
    if folded.startswith(_MAIL_QUOTE):
        return ""
    if _ASIDE_MARKS.isdisjoint(folded):
        return folded
    rest = _SPACES.sub(" ", _ASIDE.sub(" ", folded))
    letters = sum(map(str.isalpha, rest))
    least = _LEAST_WIDE_AROUND if _WIDE.search(rest) else _LEAST_LETTERS_AROUND
    return rest if letters >= least else folded
