"""The forms of beginning: a list of organisations, a new campaign, what of a campaign may still be changed."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Form, HiddenField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

import nok
from nok.practice import CHOICES
from operator_app.fields import DayField, YearField
from surveys import library
from surveys.campaigns import Plan
from surveys.channels import CHANNELS, default_questionnaire
from surveys.clock import today
from surveys.models import Campaign, Region

DAYS = ["%Y-%m-%d", "%d.%m.%Y"]
PRACTICE_TITLES = {
    "undefined": _l("Для показателя нет ни одного ответа"),
    "one_sided_openness": _l("Есть только стенд или только сайт"),
    "rounding": _l("Округление"),
    "places": _l("Знаков после запятой"),
    "performing_arts": _l("Театры и концертные организации"),
    "branches": _l("Головная организация и филиалы"),
    "ties": _l("Равные итоги в рейтинге"),
}


class ListForm(FlaskForm):
    """A file with organisations."""

    file = FileField(_l("Файл CSV или XLSX"), [FileRequired(_l("Выберите файл."))])


class _Words(FlaskForm):
    """What of a campaign people read; it may be changed while the campaign lasts."""

    title = StringField(
        _l("Название"),
        [
            DataRequired(_l("Назовите кампанию.")),
            Length(max=300, message=_l("Название — до 300 знаков: сократите его.")),
        ],
        description=_l("Его увидят все: «Медицинские организации Пензы, 2026»."),
    )
    operator = StringField(
        _l("Кто собирает (оператор)"),
        [Optional(), Length(max=300, message=_l("Название оператора — до 300 знаков: сократите его."))],
    )
    council = StringField(
        _l("Какой общественный совет утверждает"),
        [Optional(), Length(max=300, message=_l("Название совета — до 300 знаков: сократите его."))],
    )
    order = StringField(
        _l("Решение или договор, по которому проводится оценка"),
        [Optional(), Length(max=300, message=_l("Решение или договор — до 300 знаков: сократите."))],
    )
    shows_interim = BooleanField(_l("Показывать всем результаты по ходу сбора"))


class CampaignForm(_Words):
    """A new campaign; fields of the practice and of the questionnaires are added by `campaign_form`."""

    sector = SelectField(_l("Сфера"), choices=[])
    region = SelectField(_l("Регион"), choices=[])
    year = YearField(
        _l("Год оценки"),
        [
            InputRequired(_l("Укажите год.")),
            NumberRange(2018, 2100, _l("Год — четыре цифры, например 2026.")),
        ],
    )
    starts_on = DayField(_l("Первый день сбора"), [InputRequired(_l("Укажите первый день."))], format=DAYS)
    ends_on = DayField(
        _l("Последний день сбора"), [InputRequired(_l("Укажите последний день."))], format=DAYS
    )
    edition = SelectField(_l("Редакция Порядка"), choices=[])

    def validate_ends_on(self, field: DayField) -> None:
        """Not before the first."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("Последний день раньше первого. Проверьте оба."))


class ChangeForm(_Words):
    """What may still be changed: words, the last day, who has been added to the list since."""

    ends_on = DayField(
        _l("Последний день сбора"), [InputRequired(_l("Укажите последний день."))], format=DAYS
    )
    seen = HiddenField()
    enlist = BooleanField(_l("Внести в кампанию новые организации той же сферы и региона"))


def campaign_form(regions: Iterable[Region]) -> CampaignForm:
    """An empty campaign of this year over the regions that are known."""

    class Whole(CampaignForm):
        pass

    for key, choices in CHOICES.items():
        field = SelectField(
            PRACTICE_TITLES[key], choices=[SelectChoice(str(c), text) for c, text in choices.items()]
        )
        setattr(Whole, f"practice_{key}", field)
    for channel in CHANNELS.values():
        setattr(Whole, f"asks_{channel.id}", SelectField(channel.title, choices=_questionnaires()))
    first = date(today().year, today().month, 1)
    form = Whole(year=today().year, starts_on=first, ends_on=date(today().year, 12, 31))
    form.sector.choices = [
        SelectChoice(sector, nok.SECTOR_TITLES[sector].capitalize()) for sector in nok.SECTORS
    ]
    form.region.choices = [SelectChoice(region.name, region.name) for region in regions]
    form.edition.choices = [
        SelectChoice(name, nok.edition(name).title) for name in ("344n-2024", "344n-2018")
    ]
    return form


def _questionnaires() -> list[SelectChoice]:
    usual = SelectChoice("", _l("обычная для этой сферы"))
    return [usual, *(SelectChoice(one.id, one.title) for one in library.questionnaires())]


def plan_from(form: Form) -> Plan:
    """A valid form as the plan of a campaign."""
    asked = {channel: form[f"asks_{channel}"].data for channel in CHANNELS}
    sector = form.sector.data
    return Plan(
        title=form.title.data.strip(),
        year=form.year.data,
        sector=sector,
        region=form.region.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        edition=form.edition.data,
        practice={key: form[f"practice_{key}"].data for key in CHOICES},
        questionnaires={c: q for c, q in asked.items() if q and q != default_questionnaire(c, sector)},
        operator=(form.operator.data or "").strip(),
        council=(form.council.data or "").strip(),
        order=(form.order.data or "").strip(),
        shows_interim=form.shows_interim.data,
    )


CHANGED = ("title", "operator", "council", "order", "shows_interim", "ends_on")


def as_seen(campaign: Campaign) -> str:
    """A short mark of what the form shows: another one, when somebody has changed it meanwhile."""
    words = "\x1f".join(str(getattr(campaign, name)) for name in CHANGED)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def change_from(form: Form, campaign: Campaign) -> dict[str, Any]:
    """What the form changes in this campaign: attribute → new value."""
    told = {name: (form[name].data or "").strip() for name in ("title", "operator", "council", "order")}
    told |= {"shows_interim": form.shows_interim.data, "ends_on": form.ends_on.data}
    return {name: value for name, value in told.items() if getattr(campaign, name) != value}
