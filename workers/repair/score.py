"""Scores in 0…1 from log-odds: the share of belief each form has among all that were made."""

from collections.abc import Sequence
from math import exp

from workers.repair.edits import Form


def shares(forms: Sequence[Form]) -> list[float]:
    """Return each form's share of belief; they sum to one (a softmax over the log-odds)."""
    highest = max(form.odds for form in forms)
    weights = [exp(form.odds - highest) for form in forms]
    total = sum(weights)
    return [weight / total for weight in weights]
