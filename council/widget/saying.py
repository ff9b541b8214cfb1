"""What the widget says about an organisation: its name, where to answer, its last published score, no other figure."""

from typing import NamedTuple

from flask import current_app
from flask_babel import gettext as _

from council.portal.catalogue import catalogue
from surveys import hosts, queries
from surveys.db import db
from surveys.display import points
from surveys.models import Organization
from surveys.refusals import UnknownCode


class Said(NamedTuple):
    """All the words of a widget; `survey` is what its code holds and its link leads to, `figure` may be empty."""

    code: str
    name: str
    survey: str
    heading: str
    label: str
    figure: str
    demo: str
    alt: str


def about(code: str) -> Said:
    """The words about the organisation with this code. Raises UnknownCode."""
    organization = queries.organization(db.session(), code)
    if organization is None:
        raise UnknownCode(code)
    return of(organization)


def of(organization: Organization) -> Said:
    """The words about an organisation: its figure comes out of the newest release in force that has one."""
    known, code = catalogue(db.session()), organization.code
    line = next((one for one in known.by_code.get(code, ()) if one.total is not None), None)
    survey = f"{current_app.config['BASE_URL']}/q/{code}?via=site"
    if line is None:
        label, figure, demo = _("Независимая оценка качества услуг"), "", ""
    else:
        label = _("Независимая оценка за %(year)s год", year=line.year)
        figure = _("%(total)s из 100", total=points(line.total))
        demo = _("Демонстрация: ответы не настоящие") if known.by_id[line.campaign_id].demo else ""
    told = f"{label}: {figure}" if figure else label
    typed = hosts.shown(survey).partition("?")[0]
    sentences = [
        organization.display_name,
        told,
        demo,
        _("Ответьте на вопросы о том, как вас приняли: %(address)s", address=typed),
        _("Откроется в новой вкладке."),
    ]
    return Said(
        code=code,
        name=organization.display_name,
        survey=survey,
        heading=_("Оцените, как вас приняли"),
        label=label,
        figure=figure,
        demo=demo,
        alt=" ".join(one if one.endswith(".") else f"{one}." for one in sentences if one),
    )
