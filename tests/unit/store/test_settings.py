"""Settings come from flags, environment and files, in this order, and what is wrong is named."""

import logging
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.settings import Settings, load_settings, unknown_variables
from service.settings_fields import Flaws, read_table
from service.settings_sources import variable_of
from service.settings_tables import FileTable, HostTable
from workers.errors import InvalidSetting


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working folder, and no setting in the environment."""
    for each in fields(Settings):
        monkeypatch.delenv(variable_of(each.name), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def test_everything_has_a_default_in_one_folder(bare: Path) -> None:
    settings = load_settings()
    assert settings.home == bare / "data" / "linkwright"
    assert settings.records_url == f"sqlite:///{bare}/data/linkwright/records.sqlite"
    assert settings.jobs_url == f"sqlite:///{bare}/data/linkwright/jobs.sqlite"
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.archives == ("wayback",)


def test_every_setting_is_described() -> None:
    assert [each.name for each in fields(Settings) if not each.metadata["description"]] == []


def test_flags_win_over_environment_over_files(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "pyproject.toml").write_text("[tool.linkwright]\nport = 1\nretries = 1\ngap_ms = 1\nper_host = 1")
    (bare / "linkwright.toml").write_text("port = 2\nretries = 2\ngap_ms = 2")
    monkeypatch.setenv("LINKWRIGHT_PORT", "3")
    monkeypatch.setenv("LINKWRIGHT_RETRIES", "3")
    settings = load_settings(port=4, host=None)
    assert (settings.port, settings.retries, settings.gap_ms, settings.per_host) == (4, 3, 2, 1)


@pytest.mark.parametrize(
    ("text", "names"),
    [("wayback, arquivo", ("wayback", "arquivo")), ("", ()), (" , ", ())],
)
def test_lists_are_separated_by_commas(
    monkeypatch: pytest.MonkeyPatch, text: str, names: tuple[str, ...]
) -> None:
    monkeypatch.setenv("LINKWRIGHT_ARCHIVES", text)
    assert load_settings().archives == names


@pytest.mark.parametrize("per_host", [1, 100, 1024])
def test_one_host_may_be_asked_as_often_at_once_as_all_together(bare: Path, per_host: int) -> None:
    assert load_settings(per_host=per_host).per_host == per_host


def test_lists_of_files_are_lists(bare: Path) -> None:
    (bare / "linkwright.toml").write_text('allow_networks = ["10.0.0.0/8:80", "fd00::/8"]')
    assert load_settings().allow_networks == ("10.0.0.0/8:80", "fd00::/8")


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("LINKWRIGHT_PORT", "99999", "LINKWRIGHT_PORT: should be at most 65535"),
        ("LINKWRIGHT_TIMEOUT_S", "soon", "LINKWRIGHT_TIMEOUT_S: should be a number"),
        ("LINKWRIGHT_RETRIES", "-1", "LINKWRIGHT_RETRIES: should be at least 0"),
        ("LINKWRIGHT_WAYBACK_URL", "web.archive.org", "LINKWRIGHT_WAYBACK_URL: should start with http"),
        ("LINKWRIGHT_CA_BUNDLE", "/no/such/file", "LINKWRIGHT_CA_BUNDLE: should name a readable file"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InvalidSetting) as caught:
        load_settings()
    assert message in str(caught.value)
    assert value in str(caught.value)


def test_an_unknown_name_in_a_file_is_an_error(bare: Path) -> None:
    (bare / "linkwright.toml").write_text("prot = 1")
    with pytest.raises(InvalidSetting, match="prot: no such setting"):
        load_settings()


def test_a_broken_file_is_an_error(bare: Path) -> None:
    (bare / "linkwright.toml").write_text("port = ")
    with pytest.raises(InvalidSetting, match="is not TOML"):
        load_settings()


def test_a_broken_project_is_an_error_only_where_it_names_us(bare: Path) -> None:
    project = bare / "pyproject.toml"
    project.write_text("[project\nname = 1")
    assert load_settings().port == 8080
    project.write_text("[tool.linkwright]\nport = ")
    with pytest.raises(InvalidSetting, match=r"pyproject\.toml is not TOML"):
        load_settings()


def test_an_unknown_variable_is_warned_of_with_the_one_meant(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LINKWRIGHT_ARCHIVE", "wayback")
    with caplog.at_level(logging.WARNING):
        load_settings()
    assert "LINKWRIGHT_ARCHIVE is no setting; did you mean LINKWRIGHT_ARCHIVES?" in caplog.text


def test_variables_of_tests_and_of_others_are_left_alone() -> None:
    names = ["LINKWRIGHT_TEST_DATA", "LINKWRIGHT_BENCH_SIZE", "HOME", "LINKWRIGHT_PORT", "LINKWRIGHT_X"]
    assert unknown_variables(names) == ["LINKWRIGHT_X"]


def test_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKWRIGHT_SPN_KEY", "access:secret")
    settings = load_settings()
    assert "secret" not in repr(settings)
    assert settings.spn_key == "access:secret"


def test_no_secret_is_shown_or_repeated_in_a_message(monkeypatch: pytest.MonkeyPatch, bare: Path) -> None:
    monkeypatch.setenv("LINKWRIGHT_BASIC_AUTH", "a.example=me:hunter2")
    monkeypatch.setenv("LINKWRIGHT_DATABASE_URL", "postgresql://u:hunter2@db/x")
    monkeypatch.setenv("LINKWRIGHT_HOSTS", '{"a.example": {"headers": {"X-Key": "hunter2"}}}')
    assert "hunter2" not in repr(load_settings())
    monkeypatch.setenv("LINKWRIGHT_HOSTS", '["hunter2"]')
    with pytest.raises(InvalidSetting) as caught:
        load_settings()
    assert str(caught.value) == "LINKWRIGHT_HOSTS: should be a table"
    monkeypatch.setenv("LINKWRIGHT_HOSTS", "hunter2")
    with pytest.raises(InvalidSetting) as caught:
        load_settings()
    assert str(caught.value) == "LINKWRIGHT_HOSTS: is no JSON"


def test_the_tables_of_all_sources_are_read_together(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "linkwright.toml").write_text(
        '[hosts."a.example"]\ngap_ms = 5\nper_host = 1\n[hosts."b.example"]\ngap_ms = 7'
    )
    monkeypatch.setenv("LINKWRIGHT_HOSTS", '{"a.example": {"gap_ms": 9}}')
    hosts = load_settings().hosts
    assert {name: (table.gap_ms, table.per_host) for name, table in hosts.items()} == {
        "a.example": (9, 1),
        "b.example": (7, None),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("port = true", "LINKWRIGHT_PORT: should be a whole number (given: True)"),
        ("port = 80.5", "LINKWRIGHT_PORT: should be a whole number (given: 80.5)"),
        ("timeout_s = 0", "LINKWRIGHT_TIMEOUT_S: should be more than 0 (given: 0)"),
        ("timeout_s = inf", "LINKWRIGHT_TIMEOUT_S: should be a number (given: inf)"),
        ("timeout_s = 601", "LINKWRIGHT_TIMEOUT_S: should be at most 600 (given: 601)"),
        ("spn_per_minute = -1", "LINKWRIGHT_SPN_PER_MINUTE: should be at least 0 (given: -1)"),
        ("contact = 1", "LINKWRIGHT_CONTACT: should be text (given: 1)"),
        ("archives = [1]", "LINKWRIGHT_ARCHIVES: should be a list of texts (given: [1])"),
        ('robots = "perhaps"', "LINKWRIGHT_ROBOTS: should be on or off (given: 'perhaps')"),
        ('files = "x"', "LINKWRIGHT_FILES: should be a list of tables (given: 'x')"),
    ],
)
def test_a_value_of_the_wrong_kind_in_a_file_is_named(bare: Path, text: str, message: str) -> None:
    (bare / "linkwright.toml").write_text(text)
    with pytest.raises(InvalidSetting) as caught:
        load_settings()
    assert str(caught.value) == message


def test_all_that_is_wrong_is_told_at_once(bare: Path) -> None:
    (bare / "linkwright.toml").write_text("port = -1\nprot = 1\nretries = 99")
    with pytest.raises(InvalidSetting) as caught:
        load_settings()
    assert str(caught.value) == (
        "prot: no such setting; LINKWRIGHT_PORT: should be at least 0 (given: -1); "
        "LINKWRIGHT_RETRIES: should be at most 10 (given: 99)"
    )


@pytest.mark.parametrize(
    ("word", "is_on"),
    [("on", True), ("True", True), ("1", True), ("off", False), ("no", False), ("0", False)],
)
def test_a_switch_is_set_by_a_word(monkeypatch: pytest.MonkeyPatch, word: str, *, is_on: bool) -> None:
    monkeypatch.setenv("LINKWRIGHT_ROBOTS", word)
    assert load_settings().robots is is_on


WRITTEN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def flawed_places(name: str, written: object) -> set[str]:
    """Return where the flaws of one written setting are said to be, nothing where it could be read."""
    try:
        read_table(Settings, {name: written})
    except Flaws as error:
        return {flaw.place[0] for flaw in error.flaws}
    return set()


@given(name=st.sampled_from([each.name for each in fields(Settings)]), written=WRITTEN)
def test_whatever_is_written_is_read_or_named_as_a_flaw(name: str, written: object) -> None:
    assert flawed_places(name, written) <= {name}


@pytest.mark.parametrize("written", ["0.25", 0.25, "20", 20])
def test_a_number_is_the_same_in_a_flag_a_variable_and_a_file(written: object) -> None:
    assert read_table(Settings, {"timeout_s": written}).timeout_s == float(str(written))


def test_an_empty_key_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKWRIGHT_SPN_KEY", "")
    assert load_settings().spn_key is None


def test_jobs_share_the_postgresql_of_the_records() -> None:
    url = "postgresql://u:p@db/linkwright"
    assert load_settings(database_url=url).jobs_url == url
    assert (
        load_settings(database_url=url, jobs_database_url="postgresql://j/j").jobs_url == "postgresql://j/j"
    )


def test_base_addresses_lose_their_final_slash_and_may_be_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKWRIGHT_WAYBACK_URL", "http://127.0.0.1:8/w/")
    monkeypatch.setenv("LINKWRIGHT_SPN_URL", "")
    assert (load_settings().wayback_url, load_settings().spn_url) == ("http://127.0.0.1:8/w", "")


def test_tables_of_hosts_and_files_are_read(bare: Path) -> None:
    (bare / "linkwright.toml").write_text(
        """
        exclude = ["^https://preview[.]"]
        accept_for = ['[.]example/private=403']
        [hosts."Intranet.Example:8443"]
        gap_ms = 0
        accept = [401, 403]
        headers = { "X-Desk" = "news" }
        auth = "$LINKWRIGHT_AUTH_INTRANET"
        [[files]]
        path = "drafts/**"
        exclude = ["[.]test/"]
        """
    )
    settings = load_settings()
    assert settings.exclude == ("^https://preview[.]",)
    host = settings.hosts["intranet.example:8443"]
    assert (host.gap_ms, host.accept, host.headers) == (0, "401,403", {"X-Desk": "news"})
    assert [table.covers("texts/drafts/a/b.md") for table in settings.files] == [True]
    assert not settings.files[0].covers("texts/a.md")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[hosts."a.example"]\npace = 1', "hosts.a.example.pace: no such setting"),
        ('[hosts."a.example"]\nauth = "me:hunter2"', "should name the variable"),
        ('[hosts."a.example"]\nheaders = { "X Y" = "1" }', "is no header that can be set"),
        ('[hosts."a.example"]\nheaders = { "Host" = "b" }', "is no header that can be set"),
        ('[hosts."a.example"]\nheaders = { "X-Y" = "1\\r\\nZ: 2" }', "breaks its line"),
        ('[hosts."https://a.example/"]\ngap_ms = 1', "is no host"),
        ('fail_on = ["dead"]', "'dead' is no outcome"),
        ('accept = "4o3"', "'4o3' is no status"),
        ("[[files]]\nexclude = []", "LINKWRIGHT_FILES.0.path"),
    ],
)
def test_a_table_that_cannot_be_used_is_named(bare: Path, text: str, message: str) -> None:
    (bare / "linkwright.toml").write_text(text)
    with pytest.raises(InvalidSetting) as caught:
        load_settings()
    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_patterns_in_a_variable_are_separated_by_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKWRIGHT_EXCLUDE", r"^https://a\.example/{1,2} b[.]example")
    assert load_settings().exclude == (r"^https://a\.example/{1,2}", "b[.]example")


def test_every_setting_stands_in_the_documentation() -> None:
    text = (Path(__file__).parents[3] / "docs" / "settings.md").read_text(encoding="utf-8")
    described = [(variable_of(each.name), each.metadata["description"]) for each in fields(Settings)]
    described += [
        (each.name, each.metadata["description"]) for kind in (HostTable, FileTable) for each in fields(kind)
    ]
    assert [name for name, words in described if f"| `{name}` | {words} |" not in text] == []


@pytest.mark.parametrize("name", ["contact", "user_agent"])
@pytest.mark.parametrize("written", ["a\nb", "a\r\nX-Evil: 1", "é@desk.example", "a\0b"])
def test_what_is_sent_as_a_header_is_one_line_of_ascii(name: str, written: str) -> None:
    with pytest.raises(InvalidSetting, match=rf"^LINKWRIGHT_{name.upper()}: should be one line of ASCII"):
        load_settings(**{name: written})


def test_a_project_that_names_us_otherwise_than_as_a_table_is_told(bare: Path) -> None:
    (bare / "pyproject.toml").write_text("[tool]\nlinkwright = 3\n")
    with pytest.raises(InvalidSetting, match=r"^pyproject\.toml: tool\.linkwright should be a table$"):
        load_settings()


def test_a_folder_of_the_name_of_our_file_is_told(bare: Path) -> None:
    (bare / "linkwright.toml").mkdir()
    with pytest.raises(InvalidSetting, match=r"^linkwright\.toml cannot be read: Is a directory$"):
        load_settings()
