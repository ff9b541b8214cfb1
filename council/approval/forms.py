"""Forms of the approval page: a vote, the meeting, objections, the decision, a correction."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from council.approval.meetings import Told
from documents.markup import clean
from surveys.releases import Choice

CHOICES = {
    Choice.FOR: _l("За"),
    Choice.AGAINST: _l("Против"),
    Choice.ABSTAIN: _l("Воздерживаюсь"),
}
UPHELD = {"yes": _l("Возражение обосновано"), "no": _l("Возражение не обосновано")}
DAYS = ["%Y-%m-%d", "%d.%m.%Y"]
MOST_PRESENT, LONGEST_NAME = 200, 300


class Words(TextAreaField):
    """Typed words as they are kept."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """One kind of line end, nothing that a document cannot hold."""
        self.data = clean(valuelist[0]) if valuelist else ""


class Line(StringField):
    """One line as it is kept."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """No spaces around it, nothing that a document cannot hold."""
        self.data = " ".join(clean(valuelist[0]).split()) if valuelist else ""


class VoteForm(FlaskForm):
    """A member's vote."""

    choice = RadioField(
        _l("Ваш голос"),
        choices=[SelectChoice(choice.value, title) for choice, title in CHOICES.items()],
        validators=[InputRequired(_l("Выберите: за, против или воздерживаюсь."))],
    )
    opinion = Words(
        _l("Особое мнение"),
        [Length(max=8_000, message=_l("До 8 000 знаков."))],
        description=_l("Если есть. Его напечатают с протоколом под вашим именем."),
    )


class MeetingForm(FlaskForm):
    """The meeting as its protocol names it; `version` is what was seen."""

    number = Line(_l("Номер протокола"), [Length(max=40, message=_l("До 40 знаков."))])
    held_on = DateField(_l("День заседания"), [Optional()], format=DAYS)
    place = Line(_l("Место"), [Length(max=300, message=_l("До 300 знаков."))])
    chair = Line(_l("Председательствовал"), [Length(max=200, message=_l("До 200 знаков."))])
    secretary = Line(_l("Вёл протокол"), [Length(max=200, message=_l("До 200 знаков."))])
    present = Words(
        _l("Присутствовали"), description=_l("Каждого с новой строки: фамилия, инициалы, должность.")
    )
    text = Words(
        _l("Что обсудили и решили"),
        [Length(max=40_000, message=_l("Слишком длинно: сократите до 40 000 знаков."))],
    )
    version = IntegerField(widget=HiddenInput(), validators=[NumberRange(0)], default=0)

    def validate_present(self, field: Words) -> None:
        """A list of people, not a novel."""
        lines = (field.data or "").splitlines()
        if len(lines) > MOST_PRESENT or any(len(line) > LONGEST_NAME for line in lines):
            raise ValidationError(_("Не больше 200 строк, в строке до 300 знаков."))

    def told(self) -> Told:
        """What was typed."""
        lines = (line.strip() for line in (self.present.data or "").splitlines())
        return Told(
            number=self.number.data or "",
            held_on=self.held_on.data,
            place=self.place.data or "",
            chair=self.chair.data or "",
            secretary=self.secretary.data or "",
            present=tuple(line for line in lines if line),
            text=self.text.data or "",
        )


class OpenForm(FlaskForm):
    """Until when organisations may object."""

    until = DateField(
        _l("Принимать возражения до"), [InputRequired(_l("Укажите последний день возражений."))], format=DAYS
    )


class AnswerForm(FlaskForm):
    """The council's answer to an objection."""

    upheld = RadioField(
        _l("Решение"),
        choices=[SelectChoice(value, title) for value, title in UPHELD.items()],
        validators=[InputRequired(_l("Выберите, обосновано ли возражение."))],
    )
    text = Words(
        _l("Ответ организации"),
        [InputRequired(_l("Напишите ответ.")), Length(3, 4_000, _l("От 3 до 4 000 знаков."))],
    )


class ApproveForm(FlaskForm):
    """Approval; of a correction, what has changed."""

    note = Words(
        _l("Что изменилось по сравнению с прежним выпуском"),
        [Length(max=2_000, message=_l("До 2 000 знаков."))],
        description=_l("Эти слова увидят все рядом с результатами."),
    )
    unseen = BooleanField(_l("Утвердить, хотя организации своих результатов не видели"))

    def confirmed(self, seen: bool) -> bool:
        """Where organisations have not seen their figures: does whoever approves know it?"""
        if not (seen or self.unseen.data):
            self.unseen.errors = [
                *self.unseen.errors,
                _("Организации не видели своих результатов. Покажите их или отметьте, что утверждаете так."),
            ]
        return seen or bool(self.unseen.data)


class CorrectForm(FlaskForm):
    """Why what is approved is to be corrected, and whether answers are collected again."""

    reason = Words(
        _l("Что нужно исправить"),
        [InputRequired(_l("Напишите, что исправить.")), Length(3, 500, _l("От 3 до 500 знаков."))],
    )
    until = DateField(
        _l("Собирать до"),
        [Optional()],
        format=DAYS,
        description=_l("Нужно, если для исправления надо снова открыть сбор ответов или проверки."),
    )
