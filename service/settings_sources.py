"""Where settings are written: the environment, and two files in the working folder."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import Field
from pathlib import Path

from workers.errors import InvalidSetting

PREFIX = "LINKWRIGHT_"
OWN_FILE = Path("linkwright.toml")
PROJECT_FILE = Path("pyproject.toml")


def variable_of(field: str) -> str:
    """Return the environment variable of one setting."""
    return PREFIX + field.upper()


def from_environment(environment: Mapping[str, str], known: "Iterable[Field[object]]") -> dict[str, object]:
    """Return what the environment sets, as text; tables are read as JSON.

    Raises:
        InvalidSetting: a table is no JSON. Its text may hold a secret and is not repeated.
    """
    found: dict[str, object] = {}
    for field in known:
        variable = variable_of(field.name)
        if variable in environment:
            value = environment[variable]
            found[field.name] = _from_json(variable, value) if field.metadata["is_table"] else value
    return found


def _from_json(variable: str, value: str) -> object:
    try:
        return json.loads(value)
    except ValueError:
        raise InvalidSetting(f"{variable}: is no JSON") from None


def from_own_file() -> Mapping[str, object]:
    """Return what `linkwright.toml` in the working folder sets; nothing where there is none.

    Raises:
        InvalidSetting: it is there and cannot be read.
    """
    return _from_file(OWN_FILE)


def from_project_file() -> Mapping[str, object]:
    """Return what `[tool.linkwright]` of `pyproject.toml` in the working folder sets, as above.

    A project that does not name us is not read, and what is wrong with it not told.

    Raises:
        InvalidSetting: what names us cannot be read, or is no table.
    """
    tools = _from_file(PROJECT_FILE, only_with="linkwright").get("tool")
    own = tools.get("linkwright", {}) if isinstance(tools, Mapping) else {}
    if not isinstance(own, Mapping):
        raise InvalidSetting(f"{PROJECT_FILE}: tool.linkwright should be a table")
    return own


def _from_file(path: Path, only_with: str = "") -> Mapping[str, object]:
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text) if only_with in text else {}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InvalidSetting(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InvalidSetting(f"{path} is not TOML: {error}") from None


def merged(*sources: Mapping[str, object]) -> dict[str, object]:
    """Return the sources as one, of which the first wins; tables are merged entry by entry."""
    whole: dict[str, object] = {}
    for source in reversed(sources):
        for name, value in source.items():
            below = whole.get(name)
            if isinstance(value, Mapping) and isinstance(below, Mapping):
                whole[name] = merged(value, below)
            else:
                whole[name] = value
    return whole
