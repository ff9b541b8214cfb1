"""The inspection as a form: the check-lists of the organisation's sphere, out of the edition."""

import re
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Form,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

import nok
from operator_app.fields import DayField
from surveys.clock import today
from surveys.models import Inspection, Organization
from surveys.results import ITEM_BLOCKS

MOST_ITEMS = 999
HIGHEST = 100
#: «60», «62,5», «200/3»: what Fraction reads besides (1e-999999999) may take it hours.
POINTS = re.compile(r"\s*[0-9]{1,3}([.,][0-9]{1,6}|/0*[1-9][0-9]{0,5})?\s*")
TIME = re.compile(r"[0-9]{1,4}([.,][0-9]{1,4})?")
WAITING_NUMBERS = ("waiting_mean", "waiting_term", "waiting_points")
WAITING = (*WAITING_NUMBERS, "waiting_unit")
COUNTS = ("stand_present", "stand_required", "site_present", "site_required", "information_required")
PAIRS = (("stand_present", "stand_required"), ("site_present", "site_required"))


def _count(label: str) -> IntegerField:
    return IntegerField(
        label, [Optional(), NumberRange(0, MOST_ITEMS, _l("Введите целое число от 0 до 999."))]
    )


class Checks(SelectMultipleField):
    """Check-boxes, each with its own label."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Form) -> None:
        """Only what stands in the list."""
        if not {choice.value for choice in self.choices} >= set(self.data or ()):
            raise ValidationError(_("В этом списке нет такого пункта. Откройте страницу заново."))


class InspectionForm(FlaskForm):
    """What the operator found; both counts of a pair empty: there is no stand or site."""

    inspected_on = DayField(
        _l("День проверки"),
        [InputRequired(_l("Укажите день проверки."))],
        format=["%Y-%m-%d", "%d.%m.%Y"],
    )
    stand_present = _count(_l("На стенде есть"))
    stand_required = _count(_l("На стенде требуется"))
    site_present = _count(_l("На сайте есть"))
    site_required = _count(_l("На сайте требуется"))
    information_required = _count(_l("Требуется всего (одна норма на стенд и сайт)"))
    remote_ways = Checks(_l("Способы обратной связи, которые есть на сайте и работают"))
    comfort = Checks(_l("Комфортные условия"))
    equipment = Checks(_l("Оборудование для людей с инвалидностью"))
    accessibility = Checks(_l("Условия доступности"))
    waiting_mean = StringField(_l("Сколько в среднем ждали"), [Optional()])
    waiting_term = StringField(_l("Установленный срок"), [Optional()])
    waiting_unit = SelectField(
        _l("В чём измерено"), choices=[SelectChoice("days", _l("дни")), SelectChoice("hours", _l("часы"))]
    )
    waiting_points = StringField(
        _l("Баллы за время ожидания (Сожид)"),
        [Optional()],
        description=_l(
            "Если заполнены ожидание и срок, баллы посчитаются сами. Иначе впишите готовые, от 0 до 100."
        ),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Each pair whole, and no more present than required."""
        if not super().validate(extra_validators):
            return False
        for present, required in PAIRS:
            self._check_pair(self[present], self[required])
        if "waiting_mean" in self:
            self._check_wait(self.waiting_mean, self.waiting_term)
        return not self.errors

    def _check_wait(self, mean: StringField, term: StringField) -> None:
        if bool(_bare(mean.data)) != bool(_bare(term.data)):
            missing = term if _bare(mean.data) else mean
            missing.errors = [*missing.errors, _("Нужны и ожидание, и срок: по одному баллы не посчитать.")]

    def validate_waiting_mean(self, field: StringField) -> None:
        """A whole number or a decimal, in days or hours."""
        if not TIME.fullmatch(_bare(field.data)):
            raise ValidationError(_("Введите число, например 10 или 2,5."))

    def validate_waiting_term(self, field: StringField) -> None:
        """The same, and not nothing."""
        self.validate_waiting_mean(field)
        if not _exact(field.data):
            raise ValidationError(_("Срок не бывает нулевым."))

    def _check_pair(self, present: IntegerField, required: IntegerField) -> None:
        if (present.data is None) != (required.data is None):
            missing = present if present.data is None else required
            missing.errors = [*missing.errors, _("Заполните оба числа или оставьте оба пустыми.")]
        elif required.data == 0:
            required.errors = [*required.errors, _("Если требовать нечего, оставьте оба числа пустыми.")]
        elif present.data is not None and present.data > required.data:
            present.errors = [*present.errors, _("Здесь больше, чем требуется. Проверьте оба числа.")]

    def validate_inspected_on(self, field: DateField) -> None:
        """Not tomorrow."""
        if field.data and field.data > today():
            raise ValidationError(_("Этот день ещё не наступил."))

    def validate_waiting_points(self, field: StringField) -> None:
        """0…100, a whole number, a decimal with a comma, or a fraction; not so long that its row has no room."""
        if not POINTS.fullmatch(field.data):
            raise ValidationError(_("Введите число от 0 до 100, например 60."))
        if _exact(field.data) > HIGHEST:
            raise ValidationError(_("Баллов бывает от 0 до 100."))


def inspection_form(
    edition: nok.Edition, organization: Organization, stored: Inspection | None
) -> InspectionForm:
    """The form of this organisation's sphere, holding what was found before."""
    form = InspectionForm(obj=stored, **({} if stored else {"inspected_on": today()}))
    for block in ITEM_BLOCKS:
        items = edition.items(block, organization.sector)
        form[block].choices = [SelectChoice(item.code, item.title) for item in items]
    if edition.indicators["1.1"].denominator == "separate":
        del form.information_required
    if not edition.applies("2.2", organization.sector, organization.kind):
        for name in WAITING:
            del form[name]
    elif stored is not None and not form.is_submitted():
        for name in WAITING_NUMBERS:
            form[name].data = _readable(getattr(stored, name))
        form.waiting_unit.data = stored.waiting_unit or "days"
    return form


def _bare(typed: str | None) -> str:
    return (typed or "").strip()


def _exact(typed: str) -> Fraction:
    return Fraction(typed.strip().replace(",", "."))


def _readable(points: str | None) -> str:
    """Stored points as a person wrote them: «60», «62,5», and only what is no decimal as a fraction."""
    if points is None:
        return ""
    exact = Fraction(points)
    shown = next((nok.printed(exact, n) for n in range(3) if nok.rounded(exact, n) == exact), str(exact))
    return nok.comma(shown)


def inspection_from(form: Form, edition: nok.Edition) -> dict[str, Any]:
    """A valid form as the columns of an inspection."""
    return {
        **{name: form[name].data if name in form else None for name in COUNTS},
        **{block: list(form[block].data or []) for block in ITEM_BLOCKS},
        "inspected_on": form.inspected_on.data,
        **(_waited(form, edition) if "waiting_points" in form else dict.fromkeys(WAITING)),
    }


def _waited(form: Form, edition: nok.Edition) -> dict[str, str | None]:
    """Points out of the measured wait and the term where both are there, else the points as written."""
    told = {name: _exact(form[name].data) if _bare(form[name].data) else None for name in WAITING_NUMBERS}
    mean, term, unit = told["waiting_mean"], told["waiting_term"], form.waiting_unit.data
    if mean is not None and term is not None:
        told["waiting_points"] = nok.waiting_points(mean, term, unit, edition)
    return {
        **{
            name: None if value is None else f"{value.numerator}/{value.denominator}"
            for name, value in told.items()
        },
        "waiting_unit": unit if mean is not None else None,
    }
