"""What a plan has to mend: each missing item of a check-list, each share of the satisfied below the threshold."""

from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

import nok
from council.plans.form import Form
from surveys.measures import FEEDS, MEASURE
from surveys.results import Standing

LONGEST_SOURCE = 120


class Gap(NamedTuple):
    """A deficiency the service proposes: the criterion it belongs to, what it comes from, words for it."""

    section: int
    source: str
    text: str


def gaps(standing: Standing, form: Form) -> list[Gap]:
    """Every deficiency of an organisation's result, by section."""
    found = [*_missing(standing, form), *_unsatisfied(standing, form)]
    return sorted(found, key=lambda gap: gap.section)


def _missing(standing: Standing, form: Form) -> Iterator[Gap]:
    for block, (section, words) in form.missing.items():
        for title in standing.deficiencies.get(block, ()):
            yield Gap(section, _source(block, title), words.replace("{title}", title))


def _unsatisfied(standing: Standing, form: Form) -> Iterator[Gap]:
    for key in FEEDS:
        measure = MEASURE[key]
        heard = standing.observations.answers.get(key)
        if heard is None or not heard.answered or standing.result.indicators.get(measure.indicator) is None:
            continue
        share = Fraction(heard.satisfied * 100, heard.answered)
        if share < form.threshold:
            told = form.share.format(
                title=measure.title,
                percent=nok.comma(nok.printed(share)),
                yes=heard.satisfied,
                asked=heard.answered,
                indicator=measure.indicator,
            )
            yield Gap(int(measure.indicator[0]), f"share:{key}", told)


def _source(block: str, title: str) -> str:
    """The same item has the same source for ever; a title too long for the column is told by its hash."""
    whole = f"{block}:{title}"
    if len(whole) <= LONGEST_SOURCE:
        return whole
    return f"{block}:{sha256(title.encode()).hexdigest()}"
