"""The relationships part of a Word part: addresses outside by key, and how they are changed."""

import re
from dataclasses import dataclass, field
from html import unescape

from workers.extract.xml_elements import ATTRIBUTE
from workers.mend.runs import escaped
from workers.mend.source_bytes import TextEdit

ELEMENT = re.compile(r"<(?:[\w.-]+:)?Relationship(?=\s)")
CLOSING = re.compile(r"</(?:[\w.-]+:)?Relationships\s*>")
NAME = re.compile(r"<[^\s/>]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """One external relationship: its element's text, and where its key and target stand in the part."""

    target: str
    start: int
    end: int
    key_span: tuple[int, int]
    target_span: tuple[int, int]


@dataclass(slots=True)
class Relationships:
    """The relationships of one part, and the edits that are made to them."""

    text: str
    by_key: dict[str, Relationship] = field(default_factory=dict)
    edits: list[TextEdit] = field(default_factory=list)
    _added: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> "Relationships":
        """Return the external relationships that `text` lists."""
        found = cls(text)
        for element in ELEMENT.finditer(text):
            spans: dict[str, tuple[int, int]] = {}
            name = NAME.match(text, element.start())
            at = element.end() if name is None else name.end()
            while match := ATTRIBUTE.match(text, at):
                at = match.end()
                spans[match[1]] = match.span(2 if match[2] is not None else 3)
            mode = spans.get("TargetMode")
            if mode and text[slice(*mode)] == "External" and {"Id", "Target"} <= spans.keys():
                found.by_key[text[slice(*spans["Id"])]] = Relationship(
                    target=unescape(text[slice(*spans["Target"])]),
                    start=element.start(),
                    end=text.find(">", at) + 1,
                    key_span=spans["Id"],
                    target_span=spans["Target"],
                )
        return found

    @property
    def outside(self) -> dict[str, str]:
        """The addresses by key."""
        return {key: relationship.target for key, relationship in self.by_key.items()}

    def change(self, key: str, address: str) -> None:
        """Give the relationship `key` a new address."""
        start, end = self.by_key[key].target_span
        edit = TextEdit(start=start, end=end, text=escaped(address))
        if edit not in self.edits:
            self.edits.append(edit)

    def add(self, like: str, address: str) -> str | None:
        """Return the key of a new relationship to `address`, otherwise as `like`; None where none fits."""
        closing = CLOSING.search(self.text)
        if closing is None:
            return None
        if (like, address) not in self._added:
            key = next(key for number in range(1, 1_000_000) if not self._is_used(key := f"rIdNew{number}"))
            self._added[like, address] = key
            element = self._copy(self.by_key[like], key, address)
            self.edits.append(TextEdit(start=closing.start(), end=closing.start(), text=element))
        return self._added[like, address]

    def _is_used(self, key: str) -> bool:
        return f'"{key}"' in self.text or f"'{key}'" in self.text or key in self._added.values()

    def _copy(self, like: Relationship, key: str, address: str) -> str:
        element = self.text[like.start : like.end]
        spans = sorted(((like.key_span, key), (like.target_span, escaped(address))), reverse=True)
        for (start, end), new in spans:
            element = element[: start - like.start] + new + element[end - like.start :]
        return element
