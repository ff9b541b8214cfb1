"""The form of an upload: which file, what is in it, how it was collected."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from operator_app.files.kinds import READERS
from surveys.batches import Kind
from surveys.channels import CHANNELS

KIND_TITLES = {
    Kind.ANSWERS: _l("Анкеты"),
    Kind.COUNTERS: _l("Готовые счётчики"),
    Kind.CHECKLISTS: _l("Чек-листы проверок"),
}
KIND_NOTES = {
    Kind.ANSWERS: _l("Анкеты: строка — один человек"),
    Kind.COUNTERS: _l("Готовые счётчики: строка — одна организация"),
    Kind.CHECKLISTS: _l("Чек-листы проверок: строка — одна организация"),
}
CHANNEL_ORDER = ("paper", "phone", "interview", "import", "official")


class UploadForm(FlaskForm):
    """A file as the operator has it."""

    file = FileField(_l("Файл XLSX или CSV, до 50 МБ"), [FileRequired(_l("Выберите файл."))])
    kind = RadioField(_l("Что в файле"), [InputRequired(_l("Выберите, что в файле."))], default=Kind.ANSWERS)
    channel = SelectField(
        _l("Как собирали ответы"),
        description=_l("По этому ответы делятся на каналы: бумага, телефон, личный опрос."),
    )

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.kind.choices = [
            SelectChoice(kind.value, title) for kind, title in KIND_NOTES.items() if kind in READERS
        ]
        titles = [SelectChoice(name, CHANNELS[name].title) for name in CHANNEL_ORDER]
        self.channel.choices = [SelectChoice("", _l("— выберите —")), *titles]

    def validate_channel(self, field: SelectField) -> None:
        """Answers came by some channel; what an inspector saw came by none."""
        if not field.data and self.kind.data != Kind.CHECKLISTS:
            raise ValidationError(_("Выберите, как собирали ответы."))
