"""Выборка: сколько получателей опросить и какая доля ответов пришла через официальные цифровые сервисы."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from nok.loading import DEFAULT, edition
from nok.refusal import Refused
from nok.rules import Edition


def target(recipients: int, rules: Edition | None = None) -> int:
    """Сколько опросить: min(⌈0,4·N⌉, 600), N — получатели услуг за прошлый календарный год."""
    if isinstance(recipients, bool) or not isinstance(recipients, int) or recipients < 0:
        raise Refused("recipients", "число получателей — целое, не меньше нуля")
    sample = (rules or edition(DEFAULT)).sample
    return min(ceil(sample.share * recipients), sample.at_most)


def digital_share(channels: Mapping[str, int], rules: Edition) -> Fraction | None:
    """Доля ответов через то, что засчитывает приказ (777н: не меньше 1/5); None, если ответов нет."""
    return _share(channels, rules.digital.counts)


def own_digital_share(channels: Mapping[str, int], rules: Edition) -> Fraction | None:
    """Доля ответов через цифровые каналы самого оператора: показывается рядом, в 1/5 не засчитывается."""
    return _share(channels, rules.digital.own)


def _share(channels: Mapping[str, int], counted: tuple[str, ...]) -> Fraction | None:
    everyone = sum(channels.values())
    return Fraction(sum(channels.get(channel, 0) for channel in counted), everyone) if everyone else None
