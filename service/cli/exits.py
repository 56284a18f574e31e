"""Exit statuses of the command."""

CLEAN = 0
FINDINGS = 1
USAGE_OR_RUN_ERROR = 2
INTERRUPTED = 130
