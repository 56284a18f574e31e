"""Groups of options that several commands share: how the web is asked, and which links are meant."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from service.settings import NO_OUTCOME, Settings, load_settings
from workers.model import Outcome
from workers.report import FINDINGS

Command = TypeVar("Command", bound=Callable[..., Any])

_NETWORK = (
    click.option(
        "--timeout", "timeout_s", type=float, metavar="S", help="Deadline of one exchange, in seconds."
    ),
    click.option("--retries", type=int, metavar="N", help="Further tries after a failure that may pass."),
    click.option("--per-host", type=int, metavar="N", help="Requests in flight at one host."),
    click.option("--gap", "gap_ms", type=int, metavar="MS", help="Gap between two starts at one host."),
    click.option("--concurrency", type=int, metavar="N", help="Requests in flight in all."),
    click.option("--max-redirects", type=int, metavar="N", help="Redirects followed for one link."),
    click.option(
        "--resolve", multiple=True, metavar="HOST:PORT:ADDRESS[:PORT2]", help="As in curl; may repeat."
    ),
    click.option(
        "--allow-network", "allow_networks", multiple=True, metavar="CIDR[:PORT]", help="May repeat."
    ),
    click.option("--ca-bundle", metavar="FILE", help="Certificates added to the system's authorities."),
    click.option("--user-agent", metavar="TEXT", help="Whole User-Agent in place of the honest one."),
)
_FILTERS = (
    click.option("--include", multiple=True, metavar="REGEX", help="Check only addresses that match."),
    click.option("--exclude", multiple=True, metavar="REGEX", help="Leave addresses out that match."),
)

_JUDGEMENTS = (
    click.option("--accept", metavar="STATUS,…", help="Statuses that count as ok, such as 403,500-599."),
    click.option(
        "--accept-for",
        multiple=True,
        metavar="REGEX=STATUS,…",
        help="Statuses that count as ok for addresses that match; may repeat.",
    ),
    click.option("--fail-on", metavar="OUTCOME,…", help="Outcomes that are findings; none: no outcome is."),
    click.option(
        "--robots/--no-robots", default=None, help="Obey robots.txt for single links too (walks always do)."
    ),
)


def network_options(command: Command) -> Command:
    """Give a command the options that say how the web is asked; each is a setting of the same name."""
    return _with(command, _NETWORK)


def filter_options(command: Command) -> Command:
    """Give a command the options that say which links are meant."""
    return _with(command, _FILTERS)


def judgement_options(command: Command) -> Command:
    """Give a command the options that say what counts as ok, and what as a finding."""
    return _with(command, _JUDGEMENTS)


def settings_of(options: Mapping[str, object]) -> Settings:
    """Return the settings with the options of the groups above over them; those not given are left out.

    Raises:
        InvalidSetting: a value cannot be used; the message names it.
    """
    return load_settings(**{name: None if value == () else value for name, value in options.items()})


def fail_on_of(settings: Settings) -> frozenset[Outcome]:
    """Return the outcomes that are findings: those set, none for `none`, or else the usual ones."""
    if settings.fail_on == (NO_OUTCOME,):
        return frozenset()
    return frozenset(Outcome(word) for word in settings.fail_on) or FINDINGS


def _with(command: Command, options: tuple[Callable[[Command], Command], ...]) -> Command:
    # Decorators apply from the last to the first, and help lists options in the order they are written.
    for option in reversed(options):
        command = option(command)
    return command
