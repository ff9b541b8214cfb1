"""Forms of a package: a remark to it, its way back to the operator."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

WORDS, COLLECT = "words", "collect"


class RemarkForm(FlaskForm):
    """A remark: to a section, to an organisation or one of its indicators, or to the whole."""

    section = SelectField(_l("К чему"), [Optional()])
    organization = StringField(
        _l("Организация (код или название)"),
        [Optional(), Length(max=400)],
        description=_l("Если замечание об одной организации."),
    )
    indicator = SelectField(_l("Показатель или критерий"), [Optional()])
    text = TextAreaField(
        _l("Замечание"),
        [InputRequired(_l("Напишите, что исправить.")), Length(3, 4_000, _l("До 4 000 знаков."))],
    )


class CloseForm(FlaskForm):
    """The chair's words that end a remark which nobody has answered."""

    text = TextAreaField(
        _l("Почему замечание закрыто"),
        [InputRequired(_l("Напишите, почему замечание закрыто.")), Length(3, 2_000, _l("До 2 000 знаков."))],
    )


class ReturnForm(FlaskForm):
    """How a package goes back."""

    way = RadioField(
        _l("Что нужно оператору"),
        choices=[
            SelectChoice(WORDS, _l("Исправить отчёт и ответить: цифры останутся теми же")),
            SelectChoice(COLLECT, _l("Продолжить сбор ответов и проверки: цифры могут измениться")),
        ],
        default=WORDS,
        validate_choice=True,
    )
    until = DateField(
        _l("Собирать до"),
        [Optional()],
        format=["%Y-%m-%d", "%d.%m.%Y"],
        description=_l("Нужно, только если сбор продолжается."),
    )
    note = TextAreaField(_l("Сопроводительные слова"), [Optional(), Length(max=2_000)])
