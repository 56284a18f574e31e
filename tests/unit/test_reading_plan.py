"""What is planned for each citation of a document, before anything is asked."""

from workers.model import Decision, Defect, Document, Format, FoundLink, Kind, Outcome
from workers.reading import plan_reading


def planned(found: FoundLink):
    """Return the plan of a document's only citation."""
    document = Document(source="a.md", format=Format.MARKDOWN, text="", links=(found,), headline="Rivers")
    return plan_reading(document).citations[0]


def test_a_placeholder_has_nothing_to_check():
    plan = planned(FoundLink(raw="#", target="#", kind=Kind.LINK, defects=(Defect.FRAGMENT_ONLY,)))
    assert (plan.original, plan.outcome, plan.repair) == (None, Outcome.PLACEHOLDER, None)


def test_a_sound_address_is_checked_as_written_without_a_proposal():
    url = "https://example.org/rivers"
    plan = planned(FoundLink(raw=url, target=url, kind=Kind.LINK, resolved=url))
    assert (plan.original, plan.outcome, plan.repair, plan.hard_defect) == (url, None, None, False)


def test_a_certain_repair_takes_the_place_of_the_written_form():
    plan = planned(
        FoundLink(
            raw="https://exam\u200bple.org/rivers",
            target="https://exam\u200bple.org/rivers",
            kind=Kind.BARE,
            resolved=None,
            defects=(Defect.ZERO_WIDTH,),
        )
    )
    assert plan.repair is not None
    assert plan.repair.decision is Decision.AUTO
    assert plan.original == "https://example.org/rivers"
    assert plan.hard_defect is False


def test_a_mail_address_is_unsupported():
    plan = planned(
        FoundLink(
            raw="mailto:a@example.org",
            target="mailto:a@example.org",
            kind=Kind.LINK,
            defects=(Defect.UNSUPPORTED_SCHEME,),
        )
    )
    assert (plan.original, plan.outcome) == (None, Outcome.UNSUPPORTED)
