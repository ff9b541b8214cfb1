"""What a printed page says of itself: in its QR, and in a line of digits for when the QR is torn. Pure.

QR: `NOK1/<campaign>/<organisation>/<serial>/<side>/<check>`, all of it alphanumeric, so that its modules are large. The
check is keyed by a salt of the print run: a serial made up by somebody, or misread, is not taken for ours.
Digits: campaign (6), serial (6), side (1) and two of ISO 7064 MOD 97-10 over all before them.
"""

import hmac
from dataclasses import dataclass, replace

from surveys.codes import ALPHABET, possible

MARK = "NOK1"
CHECK_LENGTH = 4
DIGITS = (6, 6, 1)
HIGHEST = 999_999
MOST_SIDES = 9


@dataclass(frozen=True, slots=True)
class PageCode:
    """Which page this is. Read from digits it knows neither organisation nor check: both are empty."""

    campaign: int
    serial: int
    side: int
    organization: str = ""
    check: str = ""

    @property
    def text(self) -> str:
        """What the QR holds."""
        return f"{MARK}/{self.campaign}/{self.organization}/{self.serial}/{self.side}/{self.check}"

    @property
    def digits(self) -> str:
        """The line of digits, without spaces: fifteen of them."""
        parts = (self.campaign, self.serial, self.side)
        told = "".join(f"{part:0{width}}" for part, width in zip(parts, DIGITS, strict=True))
        return told + f"{98 - int(told + '00') % 97:02}"

    @property
    def grouped(self) -> str:
        """The line of digits as it is printed: «000012 000123 1 45»."""
        return f"{self.digits[:6]} {self.digits[6:12]} {self.digits[12]} {self.digits[13:]}"

    def checked(self, salt: bytes) -> "PageCode":
        """With the check of a print run."""
        return replace(self, check=self._check(salt))

    def is_true(self, salt: bytes) -> bool:
        """Was this page printed in the run with this salt? Digits carry their own check and none of the run."""
        return not self.organization or hmac.compare_digest(self.check, self._check(salt))

    def _check(self, salt: bytes) -> str:
        told = f"{self.campaign}/{self.organization}/{self.serial}/{self.side}".encode()
        number = int.from_bytes(hmac.digest(salt, told, "sha256")[:8])
        signs = []
        for _place in range(CHECK_LENGTH):
            number, sign = divmod(number, len(ALPHABET))
            signs.append(ALPHABET[sign])
        return "".join(signs)


def of_qr(text: str) -> PageCode | None:
    """The page that a QR names; None when the code is not one of ours."""
    parts = text.strip().split("/")
    if len(parts) != 6 or parts[0] != MARK:
        return None
    _mark, campaign, organization, serial, side, check = parts
    numbers = (campaign, serial, side)
    if not all(part.isascii() and part.isdigit() and len(part) <= 6 for part in numbers):
        return None
    if not possible(organization) or len(check) != CHECK_LENGTH or not set(check) <= set(ALPHABET):
        return None
    return PageCode(int(campaign), int(serial), int(side), organization, check)


def cover(campaign: int, run: int) -> str:
    """What the code on a print run's cover page holds: so that a scanned cover is not taken for a spoiled sheet."""
    return f"{MARK}/COVER/{campaign}/{run}"


def is_cover(text: str) -> bool:
    """Is this the code of a cover page?"""
    parts = text.strip().split("/")
    return (
        parts[:2] == [MARK, "COVER"]
        and len(parts) == 4
        and all(p.isascii() and p.isdigit() for p in parts[2:])
    )


def of_digits(text: str) -> PageCode | None:
    """The page that the printed or typed digits name; None when their check does not hold."""
    bare = "".join(sign for sign in text if sign not in " -\u00a0\u202f")
    if len(bare) != sum(DIGITS) + 2 or not (bare.isascii() and bare.isdigit()) or int(bare) % 97 != 1:
        return None
    return PageCode(int(bare[:6]), int(bare[6:12]), int(bare[12]))
