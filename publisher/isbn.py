"""ISBNs: 13 digits, checked."""

from __future__ import annotations


def normal_isbn(text: str) -> tuple[str, bool]:
    """The ISBN as 13 digits without dashes, and whether it is valid; ISBN-10 is converted."""
    plain = "".join(text.upper().removeprefix("ISBN").replace(":", "").split()).replace("-", "")
    plain = plain.replace("‐", "").replace("–", "")
    if len(plain) == 10 and _digits(plain[:9]) and (_digits(plain[9]) or plain[9] == "X"):
        values = [int(char) for char in plain[:9]] + [10 if plain[9] == "X" else int(plain[9])]
        valid = sum((10 - place) * value for place, value in enumerate(values)) % 11 == 0
        body = f"978{plain[:9]}"
        return body + check_digit(body), valid
    if len(plain) == 13 and _digits(plain):
        return plain, plain[:3] in ("978", "979") and check_digit(plain[:12]) == plain[12]
    return plain, False


def check_digit(body: str) -> str:
    """The 13th digit for the first twelve."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return str(-total % 10)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
