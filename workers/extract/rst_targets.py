"""The hyperlink targets of reStructuredText: `.. _name: address`, `__ address`, and targets of targets."""

import re
from dataclasses import dataclass, field

ANONYMOUS = "__"
TARGET = re.compile(
    r"^(?P<indent>[ \t]*)(?:\.\. (?:__:(?=\s|\Z)|"
    r"_(?P<quoted>`[^`\n]{1,300}`|(?:[^:\\\n]|\\.|:(?!\s)){1,300}?):(?=\s|\Z))|__(?=[ \t]))"
    r"(?P<value>[^\n]*(?:\n(?P=indent)[ \t]+(?!\s|\.\. |:[\w-]+:)[^\n]*)*)",
    re.MULTILINE,
)
SPACES = re.compile(r"\s+")
MAX_STEPS = 20  # of a target that names a target that names a target


@dataclass(slots=True)
class Targets:
    """Targets by their normal name, and the anonymous ones in order; every span is that of an address.

    `spans` are those of whole definitions, which hold no running text.
    """

    named: dict[str, tuple[int, int]] = field(default_factory=dict)
    anonymous: list[tuple[int, int]] = field(default_factory=list)
    indirect: dict[str, str] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)

    def resolve(self, name: str) -> tuple[str, tuple[int, int]] | None:
        """Return the name and span of the address that `name` leads to, None where it leads to none."""
        key = normal_name(name)
        for _ in range(MAX_STEPS):
            if key in self.named:
                return key, self.named[key]
            if key not in self.indirect:
                return None
            key = self.indirect[key]
        return None


def normal_name(name: str) -> str:
    """Return a reference name as it is compared: without quotes, case and runs of space."""
    return SPACES.sub(" ", name.strip().strip("`").replace("\\", "")).strip().lower()


def joined_lines(written: str) -> str:
    """Return an address without the line ends and indents that a definition may break it with."""
    return SPACES.sub("", written) if "\n" in written else written


def read_targets(text: str) -> Targets:
    """Return the targets that `text` defines; those without an address are places in the file."""
    targets = Targets()
    for match in TARGET.finditer(text):
        value = match["value"].strip()
        if not value:
            continue
        targets.spans.append(match.span())
        start = match.start("value") + match["value"].index(value[0])
        name = normal_name(match["quoted"]) if match["quoted"] else None
        is_indirect = value.endswith("_") and not value.endswith("\\_") and "://" not in value
        if name is None:
            targets.anonymous.append((start, start + len(value)))
        elif is_indirect:
            targets.indirect[name] = normal_name(value[:-1])
        else:
            targets.named.setdefault(name, (start, start + len(value)))
    return targets
