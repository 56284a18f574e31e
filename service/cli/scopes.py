"""What an audit covers, as options that `audit` and `schedule` share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from workers.ledger import Scope

Command = TypeVar("Command", bound=Callable[..., Any])


def scope_options(command: Command) -> Command:
    """Add the options that say what is audited."""
    for option in (
        click.option("--all", "every", is_flag=True, help="Every link known."),
        click.option("--due", is_flag=True, help="Every link whose next check has come."),
        click.option("--link", "links", type=click.IntRange(1), multiple=True, metavar="ID"),
        click.option("--article", "articles", type=click.IntRange(1), multiple=True, metavar="ID"),
    ):
        command = option(command)
    return command


def read_scope(*, articles: tuple[int, ...], links: tuple[int, ...], due: bool, every: bool) -> Scope:
    """Return the scope that the options name.

    Raises:
        click.UsageError: none of them, or more than one kind, was given.
    """
    if sum(map(bool, (articles, links, due, every))) != 1:
        raise click.UsageError("say what to audit: one of --article, --link, --due, --all")
    return Scope(article_ids=articles, link_ids=links, only_due=due)
