"""Forms of the sample: an organisation's target, the floor, and what tomorrow may count on."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from operator_app.fields import WholeField

MOST_RECIPIENTS = 10_000_000
MOST_ASKED = 100_000
MOST_A_DAY = 500


def _number(label: str, most: int, words: str, **given: Any) -> WholeField:
    return WholeField(label, [Optional(), NumberRange(0, most, words)], **given)


class TargetForm(FlaskForm):
    """How many use the organisation in a year, and how many a contract wants asked, if it says so."""

    recipients = _number(
        _l("Получателей услуг за прошлый год"),
        MOST_RECIPIENTS,
        _l("Получателей за год — целое число, не больше десяти миллионов."),
        description=_l("Норма считается отсюда: 40 %, но не больше 600. Не знаете — оставьте пустым."),
    )
    contract = _number(
        _l("Норма по договору"),
        MOST_ASKED,
        _l("Норма по договору — целое число, не больше ста тысяч."),
        description=_l("Только если договор или приказ задаёт другое число. Тогда укажите почему."),
    )
    reason = StringField(
        _l("Почему норма другая"),
        [Length(max=200, message=_l("Объясните короче: не больше 200 знаков."))],
        description=_l("Например: контракт № 12, пункт 3.2."),
    )
    seen = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Another target needs its reason, and a reason needs its target."""
        if not super().validate(extra_validators):
            return False
        if self.contract.data is not None and not (self.reason.data or "").strip():
            self.reason.errors = [
                *self.reason.errors,
                _("Напишите, откуда это число: договор, приказ, пункт."),
            ]
        if self.contract.data is None and (self.reason.data or "").strip():
            self.contract.errors = [
                *self.contract.errors,
                _("Впишите норму по договору или уберите причину."),
            ]
        if self.contract.data == 0:
            self.contract.errors = [*self.contract.errors, _("Норма не бывает нулевой.")]
        return not self.errors


class FloorForm(FlaskForm):
    """How many people with disabilities each organisation should hear."""

    floor = WholeField(
        _l("Не меньше людей с инвалидностью на организацию"),
        [
            InputRequired(_l("Введите целое число от 0 до 600.")),
            NumberRange(0, 600, _l("Введите целое число от 0 до 600.")),
        ],
    )


class DayForm(Form):
    """What tomorrow's plan may count on; filled in by the address, so a plan can be kept and sent."""

    forms = _number(
        _l("Анкет за день у одного человека на месте"),
        MOST_A_DAY,
        _l("Анкет за день на месте — число от 0 до 500."),
    )
    calls = _number(
        _l("Анкет за день у одного человека по телефону"),
        MOST_A_DAY,
        _l("Анкет за день по телефону — число от 0 до 500."),
    )
    extra = _number(
        _l("Ещё людей на месте, без учётной записи"), 100, _l("Ещё людей на месте — число от 0 до 100.")
    )
