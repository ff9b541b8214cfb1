"""The forms of passes: what an organisation asks for before its form, and a batch of codes."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange

from operator_app.fields import DayField, WholeField
from surveys.admitting import FEWEST, MOST
from surveys.clock import today
from surveys.passes import Entry

DAYS = ["%Y-%m-%d", "%d.%m.%Y"]
ENTRY_TITLES = {
    Entry.OPEN: _l("Все, у кого есть адрес анкеты"),
    Entry.CODE: _l("Только по одноразовым кодам"),
    Entry.SIGN_IN: _l("Только после входа через другую службу"),
    Entry.EITHER: _l("По одноразовому коду или после входа"),
}


class _Beside(FlaskForm):
    """One of two forms of a page: names have a prefix, so the token is the application's own, not the form's."""

    class Meta:
        """What the form leaves to the application."""

        csrf = False


class EntryForm(_Beside):
    """What people show before answering; without a name it is asked of every organisation of the campaign."""

    organization = StringField(
        _l("Организация"),
        description=_l("Часть названия, ИНН или код с плаката. Пусто — все организации кампании."),
    )
    entry = RadioField(
        _l("Кто может отвечать со своего устройства"), [InputRequired(_l("Выберите, кто может отвечать."))]
    )

    def __init__(self, *, provider: bool, **given: Any) -> None:
        """Signing in is offered where the service was told of a provider."""
        super().__init__(prefix="entry", **given)
        self.entry.choices = [
            SelectChoice(entry.value, str(title))
            for entry, title in ENTRY_TITLES.items()
            if provider or not entry.by_sign_in
        ]


class CodesForm(_Beside):
    """A batch of codes for one organisation."""

    organization = StringField(
        _l("Для какой организации"),
        [DataRequired(_l("Назовите организацию."))],
        description=_l("Часть названия, ИНН или код с плаката. К другой организации коды не подойдут."),
    )
    count = WholeField(
        _l("Сколько кодов"),
        [
            InputRequired(_l("Укажите, сколько кодов.")),
            NumberRange(FEWEST, MOST, _l("За один раз делают от 10 до 500 кодов.")),
        ],
        description=_l("От 10 до 500. Меньше нельзя: по малой пачке было бы видно, кто ответил."),
    )
    ends_on = DayField(_l("Действуют до"), [InputRequired(_l("Укажите последний день."))], format=DAYS)

    def __init__(self, last: date, **given: Any) -> None:
        """Codes work as long as the campaign collects, at most."""
        super().__init__(prefix="codes", data={"count": 100, "ends_on": last}, **given)
        self.last = last

    def validate_ends_on(self, field: DayField) -> None:
        """Not before today, not after the campaign."""
        if field.data and not today() <= field.data <= self.last:
            raise ValidationError(_("День — не раньше сегодняшнего и не позже конца сбора."))
