"""The syntax of TeX as far as addresses need it: arguments in braces, escapes, plain text."""

import re

MAX_ARGUMENT = 4_000  # code points
MAX_IN_LINE = 2_000  # of what stands between two equal signs in one line
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
OPTIONS = re.compile(r"\s*(?:\[[^\[\]]{0,1000}\]\s*)?")
ESCAPED = re.compile(
    r"\\([%#&_~{}$^\\])|\\(?:textasciitilde|string|slash|allowbreak|-)(?:\{\})?\s?|\{([%#&_~])\}|%\s*\n\s*"
)
COMMANDS = re.compile(r"\\[A-Za-z@]+\*?(?:\[[^\[\]]{0,200}\])?|[{}]|\\(?=[%#&_$])")
SPACES = re.compile(r"\s+")


class TexSource:
    """A TeX text with its braces paired once, so that arguments are looked up and not searched for."""

    __slots__ = ("_closing", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._closing: dict[int, int] = {}
        opened: list[int] = []
        for brace in BRACE.finditer(text):
            if brace[0] == "{":
                opened.append(brace.start())
            elif brace[0] == "}" and opened:
                self._closing[opened.pop()] = brace.start()

    def argument_at(self, at: int, end: int) -> tuple[int, int] | None:
        """Return the span inside the braces (or a pair of bars, as in `url|…|`) that follow `at`."""
        options = OPTIONS.match(self.text, at, end)
        opening = at if options is None else options.end()
        if self.text[opening : opening + 1] == "|":
            close = self.text.find("|", opening + 1, min(end, opening + MAX_IN_LINE))
        else:
            close = self._closing.get(opening, -1)
        is_within = 0 <= close < min(end, opening + MAX_ARGUMENT)
        return (opening + 1, close) if is_within else None

    def argument_of(self, command: re.Pattern[str]) -> str | None:
        """Return the first argument of the first command that matches, its opening brace included."""
        match = command.search(self.text)
        argument = self.argument_at(match.end() - 1, len(self.text)) if match else None
        return self.text[slice(*argument)] if argument else None


def unescape_tex(written: str) -> str:
    r"""Return an address without what TeX writes around its signs: `\_`, `\%`, `{\_}`, `\allowbreak`."""
    return ESCAPED.sub(_unescaped, written)


def _unescaped(match: re.Match[str]) -> str:
    if match[1] or match[2]:
        return str(match[1] or match[2])
    return "~" if "tilde" in match[0] else ""


def plain_tex(written: str) -> str:
    """Return a short stretch of TeX as plain text: commands and braces dropped, their arguments kept."""
    return SPACES.sub(" ", COMMANDS.sub("", written).replace("~", " ").replace("\\", " ")).strip()
