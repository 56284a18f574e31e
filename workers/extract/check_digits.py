"""Check digits of ISBN (ISO 2108), ISSN (ISO 3297) and ORCID (ISO 7064, mod 11-2)."""

from workers.regex import regex

SEPARATORS = regex(r"[\s\u2010-\u2013\u2212-]+")
SHORT, LONG = 10, 13
TEN = 10


def isbn_13(value: str) -> str | None:
    """Return an ISBN as 13 digits without hyphens, None where its check digit or length is wrong."""
    digits = SEPARATORS.sub("", value).upper()
    if len(digits) == SHORT and _weighted(digits) % 11 == 0:
        return _completed("978" + digits[:-1])
    if len(digits) == LONG and digits.isdigit() and _completed(digits[:-1]) == digits:
        return digits
    return None


def issn(value: str) -> str | None:
    """Return an ISSN with its hyphen, None where its last digit does not check the seven before it."""
    digits = SEPARATORS.sub("", value).upper()
    return f"{digits[:4]}-{digits[4:]}" if _weighted(digits) % 11 == 0 else None


def is_mod_11_2(value: str) -> bool:
    """Whether the last character of an ORCID iD checks the fifteen digits before it."""
    digits = value.replace("-", "").upper()
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits[-1] == ("X" if check == TEN else str(check))


def _weighted(digits: str) -> int:
    """Return the sum weighted by place from the right, counted from 1; `X` is ten."""
    values = [TEN if digit == "X" else int(digit) for digit in reversed(digits)]
    return sum(weight * value for weight, value in enumerate(values, start=1))


def _completed(digits: str) -> str:
    """Return twelve digits with the check digit of an ISBN-13."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)
