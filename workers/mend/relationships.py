"""The relationships part of a Word part: addresses outside by key, and how they are changed."""

import re
from dataclasses import dataclass, field
from html import unescape

from workers.extract.xml_elements import ATTRIBUTE, TAG_NAME
from workers.mend.runs import escaped
from workers.mend.source_bytes import TextEdit

ELEMENT = re.compile(r"<(?:[\w.-]+:)?Relationship(?=\s)")
CLOSING = re.compile(r"</(?:[\w.-]+:)?Relationships\s*>")


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
    _changed: dict[str, TextEdit] = field(default_factory=dict)
    _added: dict[tuple[str, str], tuple[str, TextEdit]] = field(default_factory=dict)
    _number: int = 0

    @property
    def edits(self) -> list[TextEdit]:
        """The edits so far; new relationships in the order they were added."""
        return [*self._changed.values(), *(edit for _, edit in self._added.values())]

    @classmethod
    def read(cls, text: str) -> "Relationships":
        """Return the external relationships that `text` lists."""
        found = cls(text)
        for element in ELEMENT.finditer(text):
            spans: dict[str, tuple[int, int]] = {}
            name = TAG_NAME.match(text, element.start())
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
        self._changed[key] = TextEdit(start=start, end=end, text=escaped(address))

    def add(self, like: str, address: str) -> str | None:
        """Return the key of a new relationship to `address`, otherwise as `like`; None where none fits."""
        if (like, address) not in self._added:
            closing = CLOSING.search(self.text)
            if closing is None:
                return None
            key = self._new_key()
            element = self._copy(self.by_key[like], key, address)
            edit = TextEdit(start=closing.start(), end=closing.start(), text=element)
            self._added[like, address] = (key, edit)
        return self._added[like, address][0]

    def _new_key(self) -> str:
        while True:
            self._number += 1
            key = f"rIdNew{self._number}"
            if f'"{key}"' not in self.text and f"'{key}'" not in self.text:
                return key

    def _copy(self, like: Relationship, key: str, address: str) -> str:
        element = self.text[like.start : like.end]
        spans = sorted(((like.key_span, key), (like.target_span, escaped(address))), reverse=True)
        for (start, end), new in spans:
            element = element[: start - like.start] + new + element[end - like.start :]
        return element
