"""The entry point: a group that imports a command's module only when that command is called.

Start-up matters at a desk and in CI jobs: `linkwright --help` imports neither aiohttp nor SQLAlchemy.
"""

import gc
import importlib
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from service import __version__
from service.cli.exits import CLEAN, USAGE_OR_RUN_ERROR
from service.cli.streams import STDOUT, complain, discard, prepare_streams
from workers.errors import LinkwrightError, OutputUnwanted
from workers.on_demand import collector_at_rest

COMMANDS = {
    "extract": ("service.cli.extract", "List every link and citation of articles, broken ones too."),
    "repair": ("service.cli.repair", "Propose repairs for damaged addresses, with evidence."),
    "check": ("service.cli.check", "Extract, repair and check the links of articles."),
    "fix": ("service.cli.fix", "Write an article with its links mended, nothing else changed."),
    "lookup": ("service.cli.lookup", "List captures of an address, nearest to a date, in all archives."),
    "archive": ("service.cli.archive", "Capture live pages now, into local WARC files."),
    "wacz": ("service.cli.wacz", "Move the captures of an article as a WACZ file, out and in."),
    "audit": ("service.cli.audit", "Check what is in the records again, now."),
    "schedule": ("service.cli.schedule", "Keep, list and remove scheduled audits."),
    "backup": ("service.cli.backup", "Copy records and captures whole, also beside a running service."),
    "serve": ("service.cli.serve", "Run everything in one process: web, workers, scheduler."),
    "web": ("service.cli.serve", "Run the web side alone."),
    "work": ("service.cli.serve", "Run one worker of a fleet."),
    "migrate": ("service.cli.serve", "Bring the database to this release's schema."),
}


class LazyGroup(click.Group):
    """A group whose commands live in modules named in `COMMANDS`, each exporting `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order they are shown."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        with collector_at_rest():
            module = importlib.import_module(COMMANDS[cmd_name][0])
            gc.freeze()  # what was made so far stays, and need not be looked through later either
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__)
def linkwright() -> None:
    """Find, repair, check, capture and remember the links of articles.

    Exit status: 0 clean, 1 findings, 2 usage or run error.
    """


def main(args: Sequence[str] | None = None) -> None:
    """Run the command and end the process with its exit status; a broken pipe ends it quietly.

    What cannot be done for a fault of ours or of the system is one line on standard error, status 2.
    """
    prepare_streams()
    try:
        try:
            linkwright.main(args=args, prog_name="linkwright", standalone_mode=True)
        finally:
            # The command may have ended well with its results still in the buffer.
            sys.stdout.flush()
    except (OutputUnwanted, BrokenPipeError):
        discard(STDOUT)
        sys.exit(CLEAN)
    except LinkwrightError as error:
        _end(str(error))
    except OSError as error:
        # The last net, for a file or stream whose door maps nothing.
        place = "" if error.filename is None else f"{error.filename}: "
        _end(f"{place}{(error.strerror or str(error)).lower()}")


def _end(message: str) -> NoReturn:
    """End the process with a word on why it failed."""
    complain(message)
    discard(STDOUT)
    sys.exit(USAGE_OR_RUN_ERROR)
