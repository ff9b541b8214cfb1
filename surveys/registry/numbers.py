"""Check digits of the state's numbers: INN, OGRN, OGRNIP."""

_TEN = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_ELEVEN = (7, *_TEN)
_TWELVE = (3, *_ELEVEN)


def inn(digits: str) -> bool:
    """Ten digits of an organisation with one check digit, or twelve of a person with two; not all zeros."""
    if not digits.strip("0"):
        return False
    if len(digits) == 10:
        return _weighed(digits, _TEN) == digits[9]
    return (
        len(digits) == 12
        and _weighed(digits, _ELEVEN) == digits[10]
        and _weighed(digits, _TWELVE) == digits[11]
    )


def ogrn(digits: str) -> bool:
    """Thirteen digits from 1 or 5 (organisation), fifteen from 3 (entrepreneur); the last checks the rest."""
    if len(digits) == 13 and digits[0] in "15":
        return str(int(digits[:-1]) % 11 % 10) == digits[-1]
    return len(digits) == 15 and digits[0] == "3" and str(int(digits[:-1]) % 13 % 10) == digits[-1]


def _weighed(digits: str, weights: tuple[int, ...]) -> str:
    return str(sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10)
