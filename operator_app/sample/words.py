"""How the sample's figures are written for people: filters of its templates."""

from datetime import date
from fractions import Fraction
from math import floor

from flask import Blueprint

import nok
from surveys.display import thousands


def a_day(pace: Fraction | None) -> str:
    """«4,3»; a dash while there is no whole day."""
    return "—" if pace is None else nok.comma(nok.printed(pace, 1))


def whole_forms(foretold: Fraction | None) -> str:
    """A forecast in whole answers: half an answer is none."""
    return "—" if foretold is None else thousands(floor(foretold))


def short_day(day: date | None) -> str:
    """«21.11.2026»; a dash when there is none."""
    return "—" if day is None else day.strftime("%d.%m.%Y")


def teach(blueprint: Blueprint) -> None:
    """Give the filters to the templates."""
    for filter_ in (a_day, whole_forms, short_day):
        blueprint.add_app_template_filter(filter_)
