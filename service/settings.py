"""The settings of every process: one frozen value, read once at the start.

Order, first wins: flags of the command, `LINKWRIGHT_*` in the environment, `linkwright.toml` in the
working folder, `[tool.linkwright]` of its `pyproject.toml`, the defaults below.
"""

import difflib
import logging
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from service.settings_tables import FileTable, HostTable, Statuses, canonical_host
from workers.errors import InvalidSetting
from workers.model import Outcome

PREFIX = "LINKWRIGHT_"
# Read by the project's own tests, and free names for the logins that `hosts.….auth` points at.
OTHER_PREFIXES = ("LINKWRIGHT_TEST_", "LINKWRIGHT_BENCH_", "LINKWRIGHT_AUTH_")

# Their values are never repeated, in no message.
SECRETS = frozenset({"spn_key", "basic_auth", "hosts", "database_url", "jobs_database_url"})

NO_OUTCOME = "none"

log = logging.getLogger(__name__)

CommaList = Annotated[tuple[str, ...], NoDecode]
PatternList = Annotated[tuple[str, ...], NoDecode]


def default_home() -> Path:
    """Return the data folder used where none is set: `linkwright` in the user's data folder (XDG)."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "linkwright"


class Settings(BaseSettings):
    """Everything that can be set. Rates of 0 mean no limit, empty addresses switch a part off."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        frozen=True,
        extra="forbid",
        toml_file="linkwright.toml",
        pyproject_toml_table_header=("tool", "linkwright"),
        hide_input_in_errors=True,
    )

    home: Path = Field(default_factory=default_home, description="Data folder: database, captures, locks.")
    database_url: str = Field(
        default="", description="Records: sqlite:///… or postgresql://…; empty: records.sqlite in home."
    )
    jobs_database_url: str = Field(
        default="", description="Jobs: as above; empty: jobs.sqlite in home, or the records' PostgreSQL."
    )

    host: str = Field(default="127.0.0.1", description="Address that the web side listens on.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port of the web side; 0: any free one.")
    public_url: str = Field(
        default="", description="Base address for absolute links in answers; empty: from the request."
    )

    archives: CommaList = Field(
        default=("wayback",), description="Names of the archives to ask, comma separated; empty: none."
    )
    archive_urls: CommaList = Field(
        default=(),
        description="Bases of Memento archives as NAME=URL, comma separated; an empty URL switches one off.",
    )
    wayback_url: str = Field(
        default="https://web.archive.org",
        description="Base of /cdx/search/cdx, /wayback/available and /web/….",
    )
    wayback_per_minute: float = Field(default=24, ge=0, description="Look-ups a minute of all workers.")
    spn_url: str = Field(default="https://web.archive.org", description="Base of Save Page Now's /save.")
    spn_key: SecretStr | None = Field(default=None, description="Save Page Now key as `access:secret`.")
    savers: CommaList = Field(
        default=("spn",), description="Public archives that save pages, tried in order, comma separated."
    )
    spn_per_minute: float = Field(default=6, ge=0, description="Saves a minute of all workers.")
    archive_timeout_s: float = Field(default=30, gt=0, description="Longest wait for one archive's answer.")

    allow_networks: CommaList = Field(
        default=(), description="Inner networks that may be reached: CIDR[:PORT], comma separated."
    )
    resolve: CommaList = Field(
        default=(), description="Fixed addresses as in curl: HOST:PORT:ADDRESS[:PORT2], comma separated."
    )
    ca_bundle: Path | None = Field(default=None, description="PEM file added to the system's authorities.")
    user_agent: str = Field(default="", description="Whole User-Agent; empty: Linkwright's name and version.")
    contact: str = Field(default="", description="Address or page named in the User-Agent for complaints.")

    timeout_s: float = Field(default=20, gt=0, le=600, description="Deadline of one whole exchange.")
    retries: int = Field(default=2, ge=0, le=10, description="Further tries after one that may pass.")
    max_redirects: int = Field(default=10, ge=0, le=50, description="Redirects followed for one address.")
    concurrency: int = Field(default=64, ge=1, le=1024, description="Requests in flight, all hosts together.")
    per_host: int = Field(default=2, ge=1, le=1024, description="Requests in flight at one host.")
    gap_ms: int = Field(default=250, ge=0, le=600_000, description="Gap between two starts at one host.")
    robots: bool = Field(
        default=False, description="Obey robots.txt for single links too, not only for walks of a site."
    )
    hosts: dict[str, HostTable] = Field(
        default_factory=dict, description="What is set for single hosts, by HOST or HOST:PORT."
    )
    basic_auth: SecretStr | None = Field(
        default=None, description="Logins as HOST=USER:PASSWORD, separated by spaces."
    )

    include: PatternList = Field(
        default=(), description="Check only addresses that match one; spaces separate them."
    )
    exclude: PatternList = Field(
        default=(), description="Leave out addresses that match one; spaces separate them."
    )
    files: tuple[FileTable, ...] = Field(
        default=(), description="What is set for the files of a path pattern."
    )
    accept: Statuses = Field(default="", description="Statuses that count as ok: 403,500-599.")
    accept_for: PatternList = Field(
        default=(), description="Statuses that count as ok for some addresses: REGEX=STATUS,…."
    )
    fail_on: CommaList = Field(
        default=(), description="Outcomes that are findings of check, or `none`; empty: the usual ones."
    )
    cache_file: Path | None = Field(default=None, description="File in which check keeps good results.")
    cache_age_h: float = Field(
        default=24, gt=0, le=24 * 365, description="Hours for which a kept result is not asked again."
    )

    capture: bool = Field(default=True, description="Write live pages of audits into local WARC files.")
    max_capture_bytes: int = Field(
        default=20_000_000, ge=0, description="Largest body of one captured exchange; longer is truncated."
    )
    max_article_bytes: int = Field(
        default=20_000_000, ge=1, description="Largest article that is accepted, in bytes."
    )

    job_concurrency: int = Field(
        default=32,
        ge=1,
        le=64,
        description="Shards of links that one worker process checks at a time, of 64.",
    )
    lease_s: float = Field(default=30, gt=0, description="A worker silent for so long is taken for dead.")
    lease_beat_s: float = Field(default=10, gt=0, description="Time between two signs of life of a worker.")
    stop_grace_s: float = Field(default=20, ge=0, description="Time for jobs in hand when a worker stops.")
    keep_jobs_days: float = Field(default=7, gt=0, description="Finished jobs are pruned after so long.")

    @field_validator(
        "archives", "archive_urls", "savers", "allow_networks", "resolve", "fail_on", mode="before"
    )
    @classmethod
    def _split_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("include", "exclude", "accept_for", mode="before")
    @classmethod
    def _split_spaces(cls, value: object) -> object:
        # A comma may stand in a regular expression, a space hardly in one for addresses.
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("archive_urls")
    @classmethod
    def _require_bases(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            name, mark, url = part.partition("=")
            if not name or not mark or (url and not url.startswith(("http://", "https://"))):
                raise ValueError(f"{part!r} should be NAME=URL, with http:// or https://")
        return value

    @field_validator("fail_on")
    @classmethod
    def _require_outcomes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for word in () if value == (NO_OUTCOME,) else value:
            if word not in set(Outcome):
                raise ValueError(f"{word!r} is no outcome; outcomes are: {', '.join(Outcome)}")
        return value

    @field_validator("hosts")
    @classmethod
    def _require_hosts(cls, value: dict[str, HostTable]) -> dict[str, HostTable]:
        return {canonical_host(name): table for name, table in value.items()}

    @field_validator("wayback_url", "spn_url", "public_url")
    @classmethod
    def _drop_final_slash(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("should start with http:// or https://")
        return value.rstrip("/")

    @field_validator("ca_bundle")
    @classmethod
    def _require_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("should name a readable file")
        return value

    @field_validator("spn_key", "basic_auth", "cache_file", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @property
    def records_url(self) -> str:
        """The address of the records database, the default in `home` filled in."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'records.sqlite'}"

    @property
    def jobs_url(self) -> str:
        """The address of the jobs database: its own file on SQLite, the records' server on PostgreSQL."""
        if self.jobs_database_url:
            return self.jobs_database_url
        if self.records_url.startswith("postgres"):
            return self.records_url
        return f"sqlite:///{self.home.absolute() / 'jobs.sqlite'}"

    @property
    def archive_bases(self) -> dict[str, str]:
        """The bases of Memento archives that are set, by name; an empty one switches its archive off."""
        pairs = (part.partition("=") for part in self.archive_urls)
        return {name: url.rstrip("/") for name, _, url in pairs}

    @property
    def asked_archives(self) -> tuple[str, ...]:
        """The names of the archives that are asked: those without an empty base."""
        off = {name for name, base in self.archive_bases.items() if not base}
        off |= set() if self.wayback_url else {"wayback"}
        return tuple(name for name in self.archives if name not in off)

    @property
    def can_save(self) -> bool:
        """Whether a public archive is configured that saves pages."""
        others = [name for name in self.savers if name != "spn"]
        return bool(others or ("spn" in self.savers and self.spn_key and self.spn_url))

    @property
    def own_url(self) -> str:
        """The base of addresses that this service answers at: the public one, else where it listens.

        Empty where it takes any free port, for nobody knows it before.
        """
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or (f"http://{host}:{self.port}" if self.port else "")

    @property
    def captures_folder(self) -> Path:
        """The folder of the local WARC files."""
        return self.home / "captures"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Name the places settings are read from, first wins."""
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls),
            PyprojectTomlConfigSettingsSource(settings_cls),
        )


def load_settings(**flags: object) -> Settings:
    """Read the settings; `flags` (None left out) win over environment and files.

    Variables that begin with `LINKWRIGHT_` and name no setting are warned of, once a call.

    Raises:
        InvalidSetting: a value cannot be used, or a file holds an unknown name; the message names it.
    """
    for name in unknown_variables(os.environ):
        close = difflib.get_close_matches(name, map(variable_of, Settings.model_fields), n=1)
        log.warning("%s is no setting%s", name, f"; did you mean {close[0]}?" if close else "")
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        raise InvalidSetting("; ".join(map(_in_words, error.errors()))) from None
    except SettingsError as error:
        # A variable that should hold JSON and does not; its text may hold a secret and is not repeated.
        named = re.search(r'field "(\w+)"', str(error))
        raise InvalidSetting(f"{variable_of(named[1]) if named else 'a variable'}: is no JSON") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidSetting(f"linkwright.toml or pyproject.toml is not TOML: {error}") from None


def variable_of(field: str) -> str:
    """Return the environment variable of one setting."""
    return PREFIX + field.upper()


def unknown_variables(environment: Mapping[str, str] | Iterable[str]) -> list[str]:
    """Return the names that look like settings and are none, in order of the alphabet."""
    known = {variable_of(field) for field in Settings.model_fields}
    return sorted(
        name
        for name in environment
        if name.startswith(PREFIX) and name not in known and not name.startswith(OTHER_PREFIXES)
    )


def _in_words(error: ErrorDetails) -> str:
    name = str(error["loc"][0]) if error["loc"] else "settings"
    if error["type"] == "extra_forbidden":
        return f"{'.'.join(map(str, error['loc']))}: no such setting"
    place = "".join(f".{part}" for part in error["loc"][1:])
    given = "" if name in SECRETS else f" (given: {error['input']!r})"
    return f"{variable_of(name)}{place}: {error['msg'].removeprefix('Value error, ')}{given}"
