"""The one tree of our own faults.

What the web does is data (`Observation.failure`); these are raised for input that cannot be read
and for parts of our own that do not work.
"""


class LinkwrightError(Exception):
    """Any fault that Linkwright tells a person about in one line."""


class UnreadableDocument(LinkwrightError):
    """A document cannot be read as the format it is said, or seems, to be.

    Attributes:
        source: the name of the input, as it was given.
        reason: what is wrong, in words for a person.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class InvalidSetting(LinkwrightError):
    """A setting, flag or configuration value cannot be used; the message names it."""


class StoreUnavailable(LinkwrightError):
    """The database cannot be reached, or its schema is not the one this release needs."""


class FolderUnusable(LinkwrightError):
    """A folder of our own cannot be made or written to; the message names it and says why."""


class CaptureFailed(LinkwrightError):
    """A capture could not be written whole; nothing of it is listed."""


class CannotListen(LinkwrightError):
    """The web side cannot bind its address; the message names it."""


class CannotMend(LinkwrightError):
    """A document cannot be written anew in its own format; the message names it and says why."""


class OutputFailed(LinkwrightError):
    """Results cannot be written to standard output; the message says why."""


class OutputUnwanted(OutputFailed):
    """Who read the results has gone, as `head` does; nothing is wrong."""


class SpillFailed(LinkwrightError):
    """What a run has kept on disk cannot be read back."""
