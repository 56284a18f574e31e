"""What the archives need to know: which are asked, where, how often, and where captures are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workers.errors import InvalidSetting
from workers.url import is_fetchable

WAYBACK = "wayback"
LOCAL = "local"
POSITIVE = (
    "timeout_s",
    "deadline_s",
    "save_deadline_s",
    "save_poll_s",
    "max_attempts",
    "max_rows",
    "rotate_bytes",
    "capture_max_bytes",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """Which archives are asked, their base addresses, and the bounds on asking and keeping.

    `names` are the archives to ask, in that order; the local captures are always asked when `warc_home` is
    set and need no name. An empty base address switches its service off. A limit of 0 a minute means no
    limit. `replay_per_minute` is that on reading captures of the Wayback Machine. `timeout_s` holds for one
    exchange with an archive, `deadline_s` for a whole look-up with its waits and retries, `max_wait_s` for
    one wait on the shared bucket. `save_poll_s` is the first pause between two looks at a save,
    `save_deadline_s` bounds waiting for one. `providers` maps the name of a Memento archive to its base, in
    place of the one in `workers/archive/memento.py`. `capture_max_bytes` bounds one captured body; a longer
    one is cut and marked as truncated. `spn_key` is `access:secret`. `savers` are the public archives that
    save pages, tried in that order.

    Raises:
        InvalidSetting: a base is no http or https address, or a bound is not positive.
    """

    names: tuple[str, ...] = (WAYBACK,)
    wayback_url: str = "https://web.archive.org"
    spn_url: str = "https://web.archive.org"
    spn_key: str = field(default="", repr=False)
    savers: tuple[str, ...] = ("spn",)
    wayback_per_minute: float = 24
    spn_per_minute: float = 6
    replay_per_minute: float = 480
    timeout_s: float = 20.0
    deadline_s: float = 60.0
    max_wait_s: float = 30.0
    max_attempts: int = 2
    max_rows: int = 100
    memento_per_minute: float = 30
    save_deadline_s: float = 180.0
    save_poll_s: float = 3.0
    user_agent: str = "linkwright/0.1 (link checker)"
    ca_bundle: Path | None = None
    public_url: str = ""
    providers: Mapping[str, str] = field(default_factory=dict)
    warc_home: Path | None = None
    rotate_bytes: int = 1_000_000_000
    capture_max_bytes: int = 64_000_000

    def __post_init__(self) -> None:
        """Check every value, so that a wrong setting is told at the start and by name."""
        for name in ("wayback_url", "spn_url", "public_url"):
            check_base(name, getattr(self, name))
        for provider, base in self.providers.items():
            check_base(f"providers[{provider}]", base)
        for name in (
            "timeout_s",
            "deadline_s",
            "max_attempts",
            "max_rows",
            "rotate_bytes",
            "capture_max_bytes",
        ):
            if getattr(self, name) <= 0:
                raise InvalidSetting(f"{name} must be above 0, not {getattr(self, name)}")
        for name in (
            "wayback_per_minute",
            "spn_per_minute",
            "replay_per_minute",
            "memento_per_minute",
            "max_wait_s",
        ):
            if getattr(self, name) < 0:
                raise InvalidSetting(f"{name} must not be below 0 (0: no limit)")
        if self.spn_key and not all(self.spn_key.partition(":")):
            raise InvalidSetting("spn_key must have the form access:secret")


def check_base(name: str, base: str) -> None:
    """Refuse a base address that could not be asked exactly as it stands; '' is allowed and means off.

    Raises:
        InvalidSetting: it is not http or https, or has a query or a fragment.
    """
    if base and (not is_fetchable(base) or "?" in base or "#" in base):
        raise InvalidSetting(f"{name} must be an http or https address without query, not {base!r}")
