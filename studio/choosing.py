"""What somebody chose for a poster: a form that is asked by GET for a look and sent by POST for a file."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from flask import Response, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from documents.keeping import MIME
from surveys import paper, posters, qr
from surveys.db import db, writing
from surveys.languages import languages
from surveys.models import Organization, Place
from surveys.paper import Choice, Poster
from surveys.refusals import Refusal

Made = TypeVar("Made")
LONGEST_PLACE = 100
MOST_PLACES = 20


class Unprintable(Refusal):
    """The poster could not be made; the text says why."""


class LookForm(FlaskForm):
    """How a poster looks."""

    format = SelectField(
        _l("Что напечатать"),
        default="a4",
    )
    skin = RadioField(_l("Оформление"), default="calm")
    languages = SelectMultipleField(
        _l("Языки"), default=["ru"], description=_l("Один или два. Первый по списку будет крупнее.")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.format.choices = [
            SelectChoice(key, f"{one.title} — {one.use}") for key, one in paper.FORMATS.items()
        ]
        self.skin.choices = [SelectChoice(key, f"{one.title}: {one.use}") for key, one in paper.SKINS.items()]
        self.languages.choices = [SelectChoice(key, one.name) for key, one in languages().items()]

    def validate_languages(self, field: SelectMultipleField) -> None:
        """A sheet has room for two."""
        if not 1 <= len(field.data or ()) <= 2:
            raise ValidationError(_("Выберите один или два языка."))

    @property
    def choice(self) -> Choice:
        """The format in its design."""
        return Choice.of(self.format.data, self.skin.data)


class SheetForm(LookForm):
    """One poster: how it looks and where it will hang."""

    place = StringField(
        _l("Где будет висеть"),
        [Optional(), Length(max=LONGEST_PLACE, message=_l("Место — до ста знаков."))],
        description=_l("Например «Регистратура» или «2 этаж». Тогда видно, с какого плаката пришли ответы."),
        render_kw={"autocomplete": "off", "list": "places"},
    )


class RunForm(LookForm):
    """Posters of a whole campaign."""

    places = TextAreaField(
        _l("Места"),
        [Optional(), Length(max=(LONGEST_PLACE + 2) * MOST_PLACES)],
        description=_l(
            "По одному в строке, например «Регистратура». Пусто — по одному плакату на организацию."
        ),
        render_kw={"rows": 4},
    )
    kind = RadioField(
        _l("Как сложить"),
        choices=[
            SelectChoice("zip", _l("Архив: отдельный файл каждому и список")),
            SelectChoice("pdf", _l("Один PDF для типографии: страница каждому")),
        ],
        default="zip",
    )

    @property
    def named(self) -> list[str]:
        """The places, each once, however it is capitalised."""
        lines = (" ".join(line.split()) for line in (self.places.data or "").splitlines())
        known: dict[str, str] = {}
        for line in filter(None, lines):
            known.setdefault(line.casefold(), line)
        return list(known.values())

    def validate_places(self, _field: TextAreaField) -> None:
        """So many that a wall has room for."""
        if len(self.named) > MOST_PLACES:
            raise ValidationError(_("Мест — не больше двадцати."))
        if any(len(one) > LONGEST_PLACE for one in self.named):
            raise ValidationError(_("Место — до ста знаков."))

    def validate_format(self, field: SelectField) -> None:
        """A screen is no page."""
        if self.kind.data == "pdf" and "pdf" not in paper.FORMATS[field.data].kinds:
            raise ValidationError(_("Для типографии выберите бумагу: экран и код бывают только картинкой."))


class Sheet(NamedTuple):
    """What a page of one poster shows besides its form."""

    form: SheetForm
    places: list[str]
    kinds: dict[str, str]
    look: dict[str, Any]


def looked(session: Session, organization: Organization) -> Sheet:
    """The form as it was asked for by GET; what is not understood is as at first."""
    form = SheetForm(request.args or None, meta={"csrf": True})
    if request.args and not form_is_known(form):
        form = SheetForm(None)
    return shown(session, organization, form)


def shown(session: Session, organization: Organization, form: SheetForm) -> Sheet:
    """The form, the places that the organisation has, a picture of what of it can be drawn."""
    places = session.scalars(
        select(Place.name).where(Place.organization_id == organization.id).order_by(Place.number)
    )
    return Sheet(form, list(places), kinds(), looks(form))


def form_is_known(form: LookForm) -> bool:
    """Is what was asked by GET drawable? Its token is not asked for."""
    return all(field.validate(form) for field in form if field.type != "CSRFTokenField")


def looks(form: SheetForm) -> dict[str, Any]:
    """The form as arguments of an address; what was refused is as at first."""
    asked = (form.format, form.skin, form.place, form.languages)
    return {field.name: (field.default or "" if field.errors else field.data) or "" for field in asked}


def kinds() -> dict[str, str]:
    """What files each format comes as, for the page's script."""
    return {key: " ".join(one.kinds) for key, one in paper.FORMATS.items()}


def preview(session: Session, organization: Organization) -> Response:
    """A picture of what would be made; a place that is new to the organisation is only drawn, not numbered."""
    form = SheetForm(request.args or None, meta={"csrf": False})
    if request.args and not form_is_known(form):
        raise Unprintable(_("Такого плаката не бывает: выберите размер и оформление заново."))
    made = _made(lambda: paper.preview(_poster(session, organization, form), form.choice))
    return Response(made, mimetype="image/png", headers={"Cache-Control": "no-store"})


def file(organization: Organization, form: SheetForm, asked: str) -> Response:
    """The file; its place gets a number, and every code in it was read back."""
    kind = asked if asked in form.choice.format.kinds else form.choice.format.kinds[0]
    if place := " ".join((form.place.data or "").split()):
        with writing() as session:
            posters.number_place(session, session.get_one(Organization, organization.id), place)
    db.session.rollback()
    poster = _made(lambda: _poster(db.session(), organization, form))
    made = _made(lambda: paper.made(poster, form.choice, kind))
    number = "" if poster.place_number is None else f"-{poster.place_number}"
    name = f"{form.format.data}-{poster.code}{number}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    types = {**MIME, "png": "image/png", "svg": "image/svg+xml"}
    return Response(made, headers=headers, mimetype=types[kind])


def _poster(session: Session, organization: Organization, form: SheetForm) -> Poster:
    place = " ".join((form.place.data or "").split())
    chosen: Sequence[str] = [key for key in languages() if key in form.languages.data]
    return posters.of(session, organization, current_app.config["BASE_URL"], place, chosen)


def _made(draw: Callable[[], Made]) -> Made:
    try:
        return draw()
    except paper.UnsuitablePoster as error:
        raise Unprintable(str(error)) from error
    except qr.UnreadableCode as error:
        words = _(
            "Код на готовом листе не прочитался, поэтому файла нет. Выберите другое оформление или размер."
        )
        raise Unprintable(words) from error
