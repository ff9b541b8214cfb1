"""Forms of the hand-over: words of a section, an explanation, an answer to a remark."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from documents.markup import clean
from operator_app.handover.finding import SHORTEST
from operator_app.handover.words import LONGEST


class Words(TextAreaField):
    """Typed words as they are kept."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """One kind of line end, nothing that a document cannot hold."""
        self.data = clean(valuelist[0]) if valuelist else ""


class Version(IntegerField):
    """Over which version something was written."""

    widget = HiddenInput()


class SectionForm(FlaskForm):
    """The words of a section."""

    text = Words(
        _l("Текст раздела"),
        [Length(max=LONGEST, message=_l("Слишком длинно: сократите до 40 000 знаков."))],
        description=_l(
            "Пустая строка начинает новый абзац. Строка, которая начинается с дефиса, станет пунктом списка."
        ),
    )
    version = Version(validators=[NumberRange(0)], default=0)
    restore = HiddenField()

    def validate_text(self, field: Words) -> None:
        """Words are kept only if there are any; going back to the drafted text needs none."""
        if self.restore.data is None and not (field.data or "").strip():
            raise ValidationError(
                _(
                    "Пустой раздел не сохраняется. Верните текст, составленный службой, или нажмите «Не сохранять»."
                )
            )


class ExplanationForm(FlaskForm):
    """Why a finding is as it is."""

    text = Words(
        _l("Пояснение для совета"),
        [
            InputRequired(_l("Напишите пояснение.")),
            Length(SHORTEST, 2_000, _l("Пояснение — хотя бы несколько слов, до 2 000 знаков.")),
        ],
    )
    version = Version(validators=[NumberRange(0)], default=0)


class AnswerForm(FlaskForm):
    """The operator's answer to a remark; `seen` is the answer it was written over."""

    text = Words(
        _l("Ответ совету"),
        [InputRequired(_l("Напишите ответ.")), Length(2, 2_000, _l("Ответ — до 2 000 знаков."))],
    )
    seen = HiddenField(validators=[Optional()])


class Act(FlaskForm):
    """A button alone: only the token."""


def named(form: FlaskForm, name: str) -> Any:
    """The form with ids of its own: several of a kind stand on one page."""
    for field in form:
        if field.type != "CSRFTokenField":
            field.id = f"{name}-{field.name}"
            field.label.field_id = field.id
    return form
