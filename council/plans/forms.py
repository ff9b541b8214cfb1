"""What is typed about a plan; every text is kept clean of what neither a document nor a database can hold."""

from collections.abc import Callable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    IntegerField,
    MultipleFileField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import HiddenInput

from documents.markup import clean
from surveys.clock import today

DAYS = ["%Y-%m-%d", "%d.%m.%Y"]
FURTHEST_YEARS = 10
LONG, SHORT = 2_000, 300
TOO_LONG = _l("Слишком длинно: до 2 000 знаков.")
WRONG_DAY = _l("Не понял день. Напишите так: 15.03.2027.")


class Day(DateField):
    """A day typed as in Russia or as a browser sends it; one that cannot be read is said so in Russian."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(WRONG_DAY)) from error


def tidy(text: str | None) -> str:
    """Words as they are kept."""
    return clean(text or "")


def within(first: Callable[[], date], last: Callable[[], date], words: str) -> Callable[..., None]:
    """A day between two others, both included."""

    def check(_form: FlaskForm, given: Field) -> None:
        if given.data and not first() <= given.data <= last():
            raise ValidationError(words)

    return check


def _far() -> date:
    return date(today().year + FURTHEST_YEARS, 12, 31)


class MeasureForm(FlaskForm):
    """One line of a plan; all but the deficiency may wait, until the plan is sent."""

    version = IntegerField(widget=HiddenInput(), default=0)
    deficiency = TextAreaField(
        _l("Недостаток"),
        [DataRequired(_l("Напишите, что не так.")), Length(max=LONG, message=TOO_LONG)],
        filters=[tidy],
    )
    text = TextAreaField(
        _l("Что сделаете"),
        [Optional(), Length(max=LONG, message=TOO_LONG)],
        filters=[tidy],
        description=_l("Мероприятие: одно дело, которое можно проверить."),
    )
    due_on = Day(
        _l("Плановый срок"),
        [
            Optional(),
            within(lambda: date(2000, 1, 1), _far, _l("Такой срок слишком далёк: проверьте год.")),
        ],
        format=DAYS,
        description=_l("Последний день, когда это должно быть сделано."),
    )
    responsible = StringField(
        _l("Кто отвечает"),
        [Optional(), Length(max=SHORT, message=_l("Слишком длинно: до 300 знаков."))],
        filters=[tidy],
        description=_l("Фамилия, имя, отчество и должность. Их увидят все: такова форма плана."),
    )

    def words(self) -> dict[str, object]:
        """What goes into the line."""
        return {
            "deficiency": self.deficiency.data,
            "text": self.text.data,
            "due_on": self.due_on.data,
            "responsible": self.responsible.data,
        }


class DropForm(FlaskForm):
    """Why a line is left out of the plan."""

    version = IntegerField(widget=HiddenInput(), default=0)
    reason = TextAreaField(
        _l("Почему не включаете"),
        [DataRequired(_l("Напишите причину: её прочтёт уполномоченный орган.")), Length(max=LONG, message=TOO_LONG)],
        filters=[tidy],
    )  # fmt: skip


class ProgressForm(FlaskForm):
    """What has been done about a measure."""

    version = IntegerField(widget=HiddenInput(), default=0)
    done = TextAreaField(
        _l("Что сделано"),
        [Length(max=LONG, message=TOO_LONG)],  # no Optional: it would end the checks of an empty field
        filters=[tidy],
        description=_l("Своими словами, для людей: это увидят все."),
    )
    done_on = Day(
        _l("Когда закончили"),
        [Optional(), within(lambda: date(2000, 1, 1), today, _l("Этот день ещё не наступил или был слишком давно."))],
        format=DAYS,
        description=_l("Оставьте пустым, пока работа не закончена."),
    )  # fmt: skip
    photos = MultipleFileField(
        _l("Снимки"),
        description=_l("JPEG, PNG или WEBP до 15 МБ. Место и время съёмки служба сотрёт. Не снимайте людей."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    link = StringField(
        _l("Ссылка на страницу"),
        [Optional(), Length(max=500, message=_l("Ссылка слишком длинная."))],
        filters=[tidy],
        description=_l("Например, новость на вашем сайте. Начинается с https://"),
    )
    note = StringField(
        _l("Что видно на снимке или странице"),
        [Optional(), Length(max=SHORT, message=_l("Слишком длинно: до 300 знаков."))],
        filters=[tidy],
    )

    def validate_done(self, given: Field) -> None:
        """A day of completion needs words."""
        if self.done_on.data and not given.data:
            raise ValidationError(_("Вы указали день окончания. Напишите, что именно сделано."))


class ApproveForm(FlaskForm):
    """Who approves, as it is printed."""

    version = IntegerField(widget=HiddenInput(), default=0)
    approver = StringField(
        _l("Кто утверждает"),
        [
            DataRequired(_l("Напишите должность и фамилию того, кто утверждает.")),
            Length(max=SHORT, message=_l("Слишком длинно: до 300 знаков.")),
        ],
        filters=[tidy],
        description=_l("Должность, фамилия и инициалы: их печатают под словом «УТВЕРЖДАЮ»."),
    )


class BackForm(FlaskForm):
    """Why a plan goes back."""

    version = IntegerField(widget=HiddenInput(), default=0)
    note = TextAreaField(
        _l("Что исправить"),
        [
            DataRequired(_l("Напишите, что исправить: без этих слов организация не поймёт.")),
            Length(max=LONG, message=TOO_LONG),
        ],
        filters=[tidy],
    )


class Act(FlaskForm):
    """A button: nothing but the token, and the version where it matters."""

    version = IntegerField(widget=HiddenInput(), default=0)
