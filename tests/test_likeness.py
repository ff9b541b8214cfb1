"""Two sheets by one hand, told by the fingerprints of their marks."""

from base64 import b64encode

import pytest

from paper.likeness import same_hand


def fingerprint(marks: dict[int, bytes]) -> str:
    return b64encode(b"".join(bytes([number]) + thumbnail for number, thumbnail in marks.items())).decode()


def test_fingerprints() -> None:
    one = {number: bytes((number * 37 + at * 91) % 256 for at in range(16)) for number in range(6)}
    other = {number: bytes((number * 53 + at * 29 + 7) % 256 for at in range(16)) for number in range(6)}
    assert same_hand(fingerprint(one), fingerprint(one))
    assert not same_hand(fingerprint(one), fingerprint(other))
    fills = {number: bytes([0x00, 0x00] + [0x3F, 0xFC] * 6 + [0x00, 0x00]) for number in range(6)}
    assert not same_hand(fingerprint(fills), fingerprint(fills))
    fewer = dict(list(one.items())[:3])
    assert not same_hand(fingerprint(one), fingerprint(fewer))


@pytest.mark.parametrize("broken", ["", "что-то", "AAAA", "=", "A" * 21])
def test_what_is_no_fingerprint_is_nobodys(broken: str) -> None:
    assert not same_hand(broken, broken)
