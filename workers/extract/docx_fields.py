"""Word's field codes: what `HYPERLINK "…"` and `INCLUDEPICTURE "…"` point at (ECMA-376 part 1, 17.16.5)."""

import re

CODE = re.compile(r"\s*(HYPERLINK|INCLUDEPICTURE)\b", re.IGNORECASE)
QUOTED = '"“”„'
ARGUMENT = re.compile(
    rf"[{QUOTED}]([^{QUOTED}]*)(?:[{QUOTED}]|\Z)|\\([A-Za-z])(?=\s|[{QUOTED}]|\Z)|([^\s{QUOTED}]+)"
)
# The switches of HYPERLINK that take an argument; the others stand alone.
WITH_ARGUMENT = frozenset("lotdc")


def field_target(code: str) -> tuple[str, str] | None:
    """Return the field's word and what it points at, None for other fields.

    A place in the document (switch l) is joined as a fragment; alone it gives `#place`.
    """
    match = CODE.match(code)
    if match is None:
        return None
    target: str | None = None
    place = switch = ""
    for argument in ARGUMENT.finditer(code, match.end()):
        if argument[2]:
            switch = argument[2].lower()
            continue
        written = (argument[1] if argument[1] is not None else argument[3]).replace("\\\\", "\\")
        if switch == "l":
            place = written
        elif switch not in WITH_ARGUMENT and target is None:
            target = written.strip()
        switch = ""
    return match[1].upper(), (target or "") + (f"#{place}" if place else "")
