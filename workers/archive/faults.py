"""Why an archive could not answer: raised at the doors to archives, turned into `unknown` by look-ups."""


class ArchiveFault(Exception):
    """An archive was asked and its answer says nothing about captures.

    Attributes:
        reason: what happened, in words for a person.
        retryable: asking again soon may bring an answer.
        counts: it speaks of the archive's health and moves its breaker (a refusal of one address does not).
        retry_after_s: how long the archive asked to be left alone, None where it said nothing.
    """

    def __init__(
        self,
        reason: str,
        *,
        retryable: bool = False,
        counts: bool = True,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable
        self.counts = counts
        self.retry_after_s = retry_after_s
