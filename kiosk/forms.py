"""What an administrator fills in about a device."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FloatField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from kiosk import devices, tongues
from kiosk.tables import Kiosk
from surveys import library, queries
from surveys.db import db
from surveys.languages import RUSSIAN, languages

_HOUR = [Optional(), Regexp(devices.HOUR, message=_l("Час и минуты через двоеточие, например 08:00."))]


def _code(label: Any) -> StringField:
    return StringField(
        label,
        [DataRequired(_l("Введите код организации: он есть на её плакате.")), Length(max=20)],
        description=_l("Восемь знаков с плаката."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )


class InchesField(FloatField):
    """Inches as people write them: 10,1 as well as 10.1."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """A comma is a point."""
        try:
            super().process_formdata([value.replace(",", ".") for value in valuelist])
        except ValueError as error:
            raise ValueError(_("Напишите только число дюймов, например 10,1.")) from error

    def _value(self) -> str:
        return str(super()._value()).replace(".", ",")


class KioskForm(FlaskForm):
    """A device: where it stands and how it behaves."""

    code = _code(_l("Код организации"))
    name = StringField(
        _l("Название терминала"),
        [
            DataRequired(_l("Назовите терминал.")),
            Length(max=devices.LONGEST_NAME, message=_l("Название — до ста знаков.")),
        ],
        description=_l("Каким его узнают люди, например «Терминал у регистратуры»."),
    )
    place = StringField(
        _l("Место"),
        [Optional(), Length(max=devices.LONGEST_NAME, message=_l("Место — до ста знаков."))],
        description=_l("Как на плакате этого места: «регистратура», «2 этаж». Можно не заполнять."),
    )
    inches = InchesField(
        _l("Диагональ экрана, дюймов"),
        [
            Optional(),
            NumberRange(
                devices.SMALLEST_SCREEN, devices.LARGEST_SCREEN, _l("Диагональ — от 7 до 100 дюймов.")
            ),
        ],
        description=_l(
            "Стоит в паспорте экрана, например 10,1. По ней терминал рисует кнопки не меньше двух сантиметров."
        ),
        render_kw={"inputmode": "decimal", "type": "text"},
    )
    form = SelectField(
        _l("Анкета"), description=_l("Если кампания задаёт её. Иначе — её анкета для терминалов.")
    )
    opens = StringField(_l("Работает с"), _HOUR, description=_l("Например 08:00. Пусто — круглые сутки."))
    closes = StringField(_l("Работает до"), _HOUR, description=_l("Например 20:00."))
    idle_seconds = IntegerField(
        _l("Сколько секунд ждать молчащего человека"),
        [
            InputRequired(_l("Введите число секунд.")),
            NumberRange(devices.SHORTEST_IDLE, devices.LONGEST_IDLE, _l("Можно от 15 до 600 секунд.")),
        ],
        default=45,
        description=_l("Потом терминал 20 секунд спрашивает «Вы ещё здесь?» и стирает начатое."),
    )
    aloud = BooleanField(
        _l("Предлагать чтение вслух, если у устройства есть голос для языка экрана"), default=True
    )
    first_language = SelectField(
        _l("Первый язык"),
        default=RUSSIAN,
        description=_l("На нём терминал встречает каждого, к нему возвращается после каждого."),
    )
    languages = SelectMultipleField(
        _l("Ещё предлагать языки"),
        description=_l("Их названия стоят на первом экране кнопками. Ответы от языка не зависят."),
    )


class MoveForm(FlaskForm):
    """Another organisation and a place of it."""

    moved_code = _code(_l("Код другой организации"))
    moved_place = StringField(
        _l("Место там"),
        [Optional(), Length(max=devices.LONGEST_NAME, message=_l("Место — до ста знаков."))],
        description=_l("Можно не заполнять."),
    )


class CodeForm(FlaskForm):
    """Six digits from a screen."""

    digits = StringField(
        _l("Код с экрана терминала"),
        [DataRequired(_l("Введите шесть цифр, которые показывает терминал.")), Length(max=20)],
        description=_l("Шесть цифр. Терминал показывает их, когда на нём открыта страница /kiosk/."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class ScannedForm(CodeForm):
    """The digits that a phone has read off a screen, and the device that the screen is to be."""

    kiosk_id = SelectField(
        _l("Какой это терминал"), coerce=int, description=_l("Сначала те, которые ещё не подключены.")
    )


def blank(kiosk_id: int) -> KioskForm:
    """The form of a device that is there, as it is set, whatever was sent."""
    form = of(devices.one(db.session(), kiosk_id), formdata=None)
    del form.code
    return form


def of(kiosk: Kiosk | None = None, **told: None) -> KioskForm:
    """The form of a device, or of one that is to be made."""
    data = {}
    if kiosk is not None:
        names = ("name", "form", "opens", "closes", "idle_seconds", "aloud", "inches")
        data = {name: getattr(kiosk, name) for name in names}
        data["first_language"], *data["languages"] = (one.code for one in tongues.offered(kiosk.languages))
        data["place"] = queries.place_name(db.session(), kiosk.organization_id, kiosk.place)
    form = KioskForm(data=data or None, **told)
    titles = [(name, library.questionnaire(name).title) for name in devices.forms()]
    form.form.choices = [
        SelectChoice("", _("Анкета кампании для терминалов")),
        *(SelectChoice(name, title) for name, title in titles),
    ]
    form.first_language.choices = form.languages.choices = [
        SelectChoice(code, one.name) for code, one in languages().items()
    ]
    return form


def wanted(form: KioskForm) -> devices.Wanted:
    """What was filled in."""
    return devices.Wanted(
        name=form.name.data,
        place=form.place.data or "",
        form=form.form.data,
        opens=form.opens.data or "",
        closes=form.closes.data or "",
        idle_seconds=form.idle_seconds.data,
        aloud=form.aloud.data,
        inches=form.inches.data,
        languages=(form.first_language.data, *form.languages.data),
    )
