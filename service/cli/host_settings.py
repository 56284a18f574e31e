"""From settings to what holds for single hosts and addresses: headers, logins, pace, accepted statuses."""

import os

from service.settings import Settings
from service.settings_tables import HostTable, read_headers, read_login, read_logins
from workers.fetch.policy import HostRules
from workers.verdict.acceptance import Acceptance, read_accepted_for, read_statuses


def host_rules(settings: Settings) -> dict[str, HostRules]:
    """Return what is set for single hosts, logins and headers filled in from the environment.

    Raises:
        InvalidSetting: a variable that is named there is not set; the message names it.
    """
    logins = read_logins(settings.basic_auth) if settings.basic_auth else {}
    tables = {host: settings.hosts.get(host, HostTable()) for host in (*settings.hosts, *logins)}
    return {
        host: HostRules(
            per_host=table.per_host,
            gap_ms=table.gap_ms,
            timeout_s=table.timeout_s,
            headers=read_headers(host, table.headers, os.environ),
            basic_auth=read_login(host, table.auth, os.environ) if table.auth else logins.get(host),
        )
        for host, table in tables.items()
    }


def acceptance(settings: Settings) -> Acceptance:
    """Return which statuses count as ok for which addresses.

    Raises:
        InvalidSetting: a pattern or status cannot be read; the message holds it.
    """
    hosts = {host: read_statuses(table.accept) for host, table in settings.hosts.items() if table.accept}
    return Acceptance(
        everywhere=read_statuses(settings.accept),
        by_pattern=tuple(read_accepted_for(text) for text in settings.accept_for),
        by_host=hosts,
    )
