"""The few ordinary forms of keying: a new stack, a share, a reason."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from operator_app.fields import DayField, WholeField, check_filled_on
from operator_app.keying.stacks import HIGHEST
from surveys.channels import CHANNELS
from surveys.models import Campaign

PAPER = ("paper", "interview")


class StackForm(FlaskForm):
    """A stack of sheets about one organisation."""

    organization = StringField(
        _l("Организация"),
        [
            InputRequired(_l("Напишите, о какой организации анкеты.")),
            Length(max=400, message=_l("Название организации — до 400 знаков.")),
        ],
        description=_l("Название, ИНН или код с плаката."),
    )
    channel = SelectField(_l("Как заполняли"))
    filled_on = DayField(
        _l("День, когда заполняли"),
        [InputRequired(_l("Укажите день, когда анкеты заполняли."))],
        format=["%Y-%m-%d", "%d.%m.%Y"],
        description=_l(
            "Если собирали несколько дней, поставьте последний или заведите пачку на каждый день."
        ),
    )
    sheets = WholeField(
        _l("Сколько листов"),
        [
            Optional(),
            NumberRange(
                1, HIGHEST, _l("Листов в пачке от 1 до %(most)s: введите целое число.", most=HIGHEST)
            ),
        ],
        description=_l("Если знаете: страница покажет, сколько уже внесено."),
    )
    title = StringField(
        _l("Название пачки"),
        [Optional(), Length(max=100, message=_l("Сократите название до ста знаков."))],
        description=_l("Чтобы узнать её на столе, например «Регистратура, синяя папка»."),
    )

    def __init__(self, campaign: Campaign, **given: Any) -> None:
        super().__init__(**given)
        self.campaign = campaign
        self.channel.choices = [SelectChoice(name, _(CHANNELS[name].title)) for name in PAPER]

    def validate_filled_on(self, field: DateField) -> None:
        """Inside the campaign and not tomorrow."""
        check_filled_on(self.campaign, field)


class ShareForm(FlaskForm):
    """How many sheets of a hundred are keyed twice."""

    share = WholeField(
        _l("Сколько листов из ста вводить второй раз"),
        [
            InputRequired(_l("Введите число от 0 до 100.")),
            NumberRange(0, 100, _l("Введите число от 0 до 100.")),
        ],
        description=_l("Для новых пачек. Ноль — не вводить второй раз: тогда и доля ошибок не измеряется."),
    )


class ReasonForm(FlaskForm):
    """Why something is done out of order."""

    reason = StringField(
        _l("Причина"),
        [
            InputRequired(_l("Напишите причину.")),
            Length(min=3, max=200, message=_l("Напишите причину, до 200 знаков.")),
        ],
    )


class SureForm(FlaskForm):
    """A tick that what follows is known."""

    sure = BooleanField(_l("Я знаю, что это значит"))
