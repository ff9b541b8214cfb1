"""Fields that refuse in words of ours, and numbers of rows that a database can take."""

from collections.abc import Sequence
from contextlib import suppress

from flask_babel import gettext as _
from wtforms import DateField, IntegerField, ValidationError

from surveys.clock import today
from surveys.display import day
from surveys.models import Campaign
from surveys.queries import LARGEST_NUMBER


def row_number(typed: str) -> int:
    """A row's number, for `type=` of what was sent. Raises ValueError when no row has it and no database takes it."""
    number = int(typed)
    if not 0 < number <= LARGEST_NUMBER:
        raise ValueError(typed[:20])
    return number


class DayField(DateField):
    """A day as browsers send it or as people write it; refused in words of ours."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """«2026-11-21» or «21.11.2026»."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Укажите день цифрами, например 21.11.2026.")) from error


class WholeField(IntegerField):
    """A whole number; what is none is refused by the words of its own `NumberRange`."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """«12»."""
        with suppress(ValueError):
            super().process_formdata(valuelist)


class YearField(IntegerField):
    """A year of four digits."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """«2026»."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Год — четыре цифры, например 2026.")) from error


def check_filled_on(campaign: Campaign, field: DateField) -> None:
    """A day of answers is inside the campaign and not tomorrow. Raises ValidationError."""
    if field.data is None:
        return
    if field.data > today():
        raise ValidationError(_("Этот день ещё не наступил."))
    if not campaign.starts_on <= field.data <= campaign.ends_on:
        told = {"first": day(campaign.starts_on), "last": day(campaign.ends_on)}
        raise ValidationError(
            _(
                "Ответы кампании собирают с %(first)s по %(last)s: анкеты другого дня сюда не относятся.",
                **told,
            )
        )
