"""The names that jobs are stored under: a release may not change them while jobs are queued."""

APPLICATION = "linkwright"
# A hash of the code, the engine's default, would orphan every queued job at each release.
VERSION = "1"

AUDITS = "audits"
CHECKS = "checks"
ARTICLES = "articles"
ERRANDS = "errands"

RUN_AUDIT = "run_audit"
CHECK_BATCH = "check_batch"
READ_ARTICLE = "read_article"
RUN_ERRAND = "run_errand"


def audit_job(audit_id: int) -> str:
    """Return the job id of an audit: asked for twice, it runs once."""
    return f"audit:{audit_id}"


def batch_job(audit_id: int, shard: int, number: int) -> str:
    """Return the job id of one batch of an audit."""
    return f"{audit_id}:{shard}:{number}"


def article_job(article_id: int, attempt: int) -> str:
    """Return the job id of reading an article; each time it is queued again has its own."""
    return f"article:{article_id}:{attempt}"


def errand_job(errand_id: int) -> str:
    """Return the job id of an errand."""
    return f"errand:{errand_id}"
