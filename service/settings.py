"""The settings of every process: one frozen value, read once at the start.

Order, first wins: flags of the command, `LINKWRIGHT_*` in the environment, `linkwright.toml` in the
working folder, `[tool.linkwright]` of its `pyproject.toml`, the defaults below.
"""

import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from service.settings_fields import (
    Flaw,
    Flaws,
    base_url,
    comma_list,
    file,
    folder,
    header_text,
    number,
    read_table,
    readable_file,
    secret,
    setting,
    space_list,
    switch,
    text,
    whole,
)
from service.settings_sources import (
    PREFIX,
    from_environment,
    from_own_file,
    from_project_file,
    merged,
    variable_of,
)
from service.settings_tables import FileTable, HostTable, file_tables, host_tables, statuses
from workers.errors import InvalidSetting
from workers.model import Outcome
from workers.on_demand import on_demand

if TYPE_CHECKING:
    import difflib
else:
    difflib = on_demand("difflib")

# Read by the project's own tests, and free names for the logins that `hosts.….auth` points at.
OTHER_PREFIXES = ("LINKWRIGHT_TEST_", "LINKWRIGHT_BENCH_", "LINKWRIGHT_AUTH_")
NO_OUTCOME = "none"

log = logging.getLogger(__name__)


def default_home() -> Path:
    """Return the data folder used where none is set: `linkwright` in the user's data folder (XDG)."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "linkwright"


def archive_addresses(written: object) -> tuple[str, ...]:
    """Read the bases of archives as NAME=URL."""
    bases = comma_list(written)
    for part in bases:
        name, mark, url = part.partition("=")
        if not name or not mark or (url and not url.startswith(("http://", "https://"))):
            raise ValueError(f"{part!r} should be NAME=URL, with http:// or https://")
    return bases


def outcomes(written: object) -> tuple[str, ...]:
    """Read names of outcomes, or `none` alone."""
    words = comma_list(written)
    for word in () if words == (NO_OUTCOME,) else words:
        if word not in set(Outcome):
            raise ValueError(f"{word!r} is no outcome; outcomes are: {', '.join(Outcome)}")
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. Rates of 0 mean no limit, empty addresses switch a part off."""

    home: Path = setting(folder, "Data folder: database, captures, locks.", default_factory=default_home)
    database_url: str = setting(
        text,
        "Records: sqlite:///… or postgresql://…; empty: records.sqlite in home.",
        default="",
        is_secret=True,
    )
    jobs_database_url: str = setting(
        text,
        "Jobs: as above; empty: jobs.sqlite in home, or the records' PostgreSQL.",
        default="",
        is_secret=True,
    )

    host: str = setting(text, "Address that the web side listens on.", default="127.0.0.1")
    port: int = setting(whole(least=0, most=65535), "Port of the web side; 0: any free one.", default=8080)
    public_url: str = setting(
        base_url, "Base address for absolute links in answers; empty: from the request.", default=""
    )

    archives: tuple[str, ...] = setting(
        comma_list, "Names of the archives to ask, comma separated; empty: none.", default=("wayback",)
    )
    archive_urls: tuple[str, ...] = setting(
        archive_addresses,
        "Bases of Memento archives as NAME=URL, comma separated; an empty URL switches one off.",
        default=(),
    )
    wayback_url: str = setting(
        base_url, "Base of /cdx/search/cdx, /wayback/available and /web/….", default="https://web.archive.org"
    )
    wayback_per_minute: float = setting(
        number(is_zero_meant=True), "Look-ups a minute of all workers.", default=24
    )
    spn_url: str = setting(base_url, "Base of Save Page Now's /save.", default="https://web.archive.org")
    spn_key: str | None = setting(
        secret, "Save Page Now key as `access:secret`.", default=None, is_secret=True
    )
    savers: tuple[str, ...] = setting(
        comma_list, "Public archives that save pages, tried in order, comma separated.", default=("spn",)
    )
    spn_per_minute: float = setting(number(is_zero_meant=True), "Saves a minute of all workers.", default=6)
    archive_timeout_s: float = setting(number(), "Longest wait for one archive's answer.", default=30)

    allow_networks: tuple[str, ...] = setting(
        comma_list, "Inner networks that may be reached: CIDR[:PORT], comma separated.", default=()
    )
    resolve: tuple[str, ...] = setting(
        comma_list, "Fixed addresses as in curl: HOST:PORT:ADDRESS[:PORT2], comma separated.", default=()
    )
    ca_bundle: Path | None = setting(
        readable_file, "PEM file added to the system's authorities.", default=None
    )
    user_agent: str = setting(
        header_text, "Whole User-Agent; empty: Linkwright's name and version.", default=""
    )
    contact: str = setting(header_text, "Address or page named in the User-Agent for complaints.", default="")

    timeout_s: float = setting(number(most=600), "Deadline of one whole exchange.", default=20)
    retries: int = setting(whole(least=0, most=10), "Further tries after one that may pass.", default=2)
    max_redirects: int = setting(whole(least=0, most=50), "Redirects followed for one address.", default=10)
    concurrency: int = setting(
        whole(least=1, most=1024), "Requests in flight, all hosts together.", default=64
    )
    per_host: int = setting(whole(least=1, most=1024), "Requests in flight at one host.", default=2)
    gap_ms: int = setting(whole(least=0, most=600_000), "Gap between two starts at one host.", default=250)
    robots: bool = setting(
        switch, "Obey robots.txt for single links too, not only for walks of a site.", default=False
    )
    hosts: dict[str, HostTable] = setting(
        host_tables,
        "What is set for single hosts, by HOST or HOST:PORT.",
        default_factory=dict,
        is_secret=True,
        is_table=True,
    )
    basic_auth: str | None = setting(
        secret, "Logins as HOST=USER:PASSWORD, separated by spaces.", default=None, is_secret=True
    )

    include: tuple[str, ...] = setting(
        space_list, "Check only addresses that match one; spaces separate them.", default=()
    )
    exclude: tuple[str, ...] = setting(
        space_list, "Leave out addresses that match one; spaces separate them.", default=()
    )
    files: tuple[FileTable, ...] = setting(
        file_tables, "What is set for the files of a path pattern.", default=(), is_table=True
    )
    accept: str = setting(statuses, "Statuses that count as ok: 403,500-599.", default="")
    accept_for: tuple[str, ...] = setting(
        space_list, "Statuses that count as ok for some addresses: REGEX=STATUS,….", default=()
    )
    fail_on: tuple[str, ...] = setting(
        outcomes, "Outcomes that are findings of check, or `none`; empty: the usual ones.", default=()
    )
    cache_file: Path | None = setting(file, "File in which check keeps good results.", default=None)
    cache_age_h: float = setting(
        number(most=24 * 365), "Hours for which a kept result is not asked again.", default=24
    )

    capture: bool = setting(switch, "Write live pages of audits into local WARC files.", default=True)
    max_capture_bytes: int = setting(
        whole(least=0), "Largest body of one captured exchange; longer is truncated.", default=20_000_000
    )
    max_article_bytes: int = setting(
        whole(least=1), "Largest article that is accepted, in bytes.", default=20_000_000
    )

    job_concurrency: int = setting(
        whole(least=1, most=64),
        "Shards of links that one worker process checks at a time, of 64.",
        default=32,
    )
    lease_s: float = setting(number(), "A worker silent for so long is taken for dead.", default=30)
    lease_beat_s: float = setting(number(), "Time between two signs of life of a worker.", default=10)
    stop_grace_s: float = setting(
        number(is_zero_meant=True), "Time for jobs in hand when a worker stops.", default=20
    )
    keep_jobs_days: float = setting(number(), "Finished jobs are pruned after so long.", default=7)

    @property
    def records_url(self) -> str:
        """The address of the records database, the default in `home` filled in."""
        return self.database_url or f"sqlite:///{self.own_records}"

    @property
    def own_records(self) -> Path:
        """The file in `home` that holds the records where no database is set."""
        return self.home.absolute() / "records.sqlite"

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


KNOWN = fields(Settings)


def load_settings(**flags: object) -> Settings:
    """Read the settings; `flags` (None left out) win over environment and files.

    Variables that begin with `LINKWRIGHT_` and name no setting are warned of, once a call.

    Raises:
        InvalidSetting: a value cannot be used, or a file holds an unknown name; the message names it.
    """
    for name in unknown_variables(os.environ):
        close = difflib.get_close_matches(name, [variable_of(each.name) for each in KNOWN], n=1)
        log.warning("%s is no setting%s", name, f"; did you mean {close[0]}?" if close else "")
    given = {name: value for name, value in flags.items() if value is not None}
    sources = (given, from_environment(os.environ, KNOWN), from_own_file(), from_project_file())
    try:
        return read_table(Settings, merged(*sources))
    except Flaws as error:
        raise InvalidSetting("; ".join(map(_in_words, error.flaws))) from None


def unknown_variables(environment: Mapping[str, str] | Iterable[str]) -> list[str]:
    """Return the names that look like settings and are none, in order of the alphabet."""
    known = {variable_of(each.name) for each in KNOWN}
    return sorted(
        name
        for name in environment
        if name.startswith(PREFIX) and name not in known and not name.startswith(OTHER_PREFIXES)
    )


def _in_words(flaw: Flaw) -> str:
    name, *rest = flaw.place
    if flaw.is_unknown:
        return f"{'.'.join(flaw.place)}: {flaw.words}"
    is_shown = flaw.written is not None and not any(
        each.name == name and each.metadata["is_secret"] for each in KNOWN
    )
    place = "".join(f".{part}" for part in rest)
    return f"{variable_of(name)}{place}: {flaw.words}" + (f" (given: {flaw.written!r})" if is_shown else "")
