"""The forms of scans: what is brought, a number typed from a sheet, a day on which pictures are destroyed."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import BooleanField, DateField, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation

from operator_app.fields import DayField, check_filled_on
from surveys.clock import today
from surveys.models import Campaign

MOST_FILES = 100
DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
NOW, LATER = "now", "later"
LONGEST_KEEPING = timedelta(days=5 * 366)


class UploadForm(FlaskForm):
    """Scans as they come from the scanner or the phone."""

    files = MultipleFileField(_l("Сканы или снимки"), [FileRequired(_l("Выберите файлы."))])
    filled_on = DayField(
        _l("День, когда заполняли"),
        [InputRequired(_l("Укажите день."))],
        format=DAY_FORMATS,
        description=_l(
            "Если собирали несколько дней, поставьте последний или загрузите каждый день отдельно."
        ),
    )

    def __init__(self, campaign: Campaign, **given: Any) -> None:
        super().__init__(**given)
        self.campaign = campaign

    def validate_files(self, field: MultipleFileField) -> None:
        """So many at once that a person still finds his way among them."""
        if len(field.data) > MOST_FILES:
            raise ValidationError(_("Файлов больше ста. Сложите их в один ZIP или загрузите частями."))

    def validate_filled_on(self, field: DateField) -> None:
        """Inside the campaign and not tomorrow."""
        check_filled_on(self.campaign, field)


def _only_later(form: Any, field: Any) -> None:
    """A day that is not asked for may say anything."""
    if form.when.data != LATER:
        field.errors = []
        raise StopValidation()


class DestroyForm(FlaskForm):
    """When the pictures of a batch are destroyed."""

    when = RadioField(_l("Когда уничтожить снимки"), [InputRequired(_l("Выберите одно из двух."))])
    day = DayField(_l("День"), [_only_later], format=DAY_FORMATS)
    sure = BooleanField(_l("Понимаю: снимки уже не вернуть"))

    def __init__(self, *, may_at_once: bool, **given: Any) -> None:
        super().__init__(**given)
        now, later = SelectChoice(NOW, _("Сейчас")), SelectChoice(LATER, _("В назначенный день"))
        self.when.choices = [now, later] if may_at_once else [later]

    def validate_day(self, field: DateField) -> None:
        """A day to come."""
        if field.data is None:
            raise ValidationError(_("Укажите день."))
        if not today() < field.data <= today() + LONGEST_KEEPING:
            raise ValidationError(_("Укажите день не раньше завтрашнего и не дальше пяти лет."))

    def validate_sure(self, field: BooleanField) -> None:
        """At once is for ever: it is said twice."""
        if self.when.data == NOW and not field.data:
            raise ValidationError(_("Отметьте, что снимки не вернуть."))
