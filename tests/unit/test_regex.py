"""Regular expressions are compiled at their first use, and do then what compiled ones do."""

import importlib
import pkgutil
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workers
from workers.on_demand import on_demand
from workers.regex import regex


def test_a_faulty_pattern_says_so_at_its_first_use() -> None:
    faulty = regex("(")
    with pytest.raises(re.error):
        faulty.match("")


def test_every_pattern_of_the_workers_can_be_compiled() -> None:
    found = 0
    for module in pkgutil.walk_packages(workers.__path__, "workers."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if type(value).__module__ == "workers.regex":
                assert value.flags >= 0, f"{module.name}.{name}"
                found += 1
    assert found > 100


@given(text=st.text(alphabet="ab1 /\n", max_size=30))
def test_it_finds_what_a_compiled_pattern_finds(text: str) -> None:
    pattern = "(?P<word>[a-z]+)/?"
    late, compiled = regex(pattern, re.IGNORECASE), re.compile(pattern, re.IGNORECASE)
    assert late.findall(text) == compiled.findall(text)
    assert late.sub("-", text) == compiled.sub("-", text)
    assert [match["word"] for match in late.finditer(text)] == [match[1] for match in compiled.finditer(text)]
    assert (late.pattern, late.flags, late.groups) == (compiled.pattern, compiled.flags, compiled.groups)


def test_a_module_on_demand_has_what_the_module_has_and_lacks_what_it_lacks() -> None:
    module = on_demand("workers.url")
    assert module.host_of("https://a.example/b") == "a.example"
    with pytest.raises(AttributeError):
        module.no_such_name  # noqa: B018 - to be asked for it is the test
