"""What the official form of a plan says, in words: whatever is printed or written to a file is drawn of this alone."""

from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _

from council.opinions import words
from council.plans.form import ROMAN, Form
from council.plans.reading import Line, Sheet, approved_once, years
from surveys.models import Assessment


class Row(NamedTuple):
    """The six cells of a line of the form."""

    deficiency: str
    text: str
    due: str
    responsible: str
    done: str
    done_on: str


class Part(NamedTuple):
    """A section: its title and its rows; without rows the form says that nothing was found."""

    title: str
    rows: list[Row]
    empty: str


class Paper(NamedTuple):
    """All that the official form says, in words: what is printed is drawn of this alone."""

    title: str
    organization: str
    term: str
    approver: str
    approved_on: str
    state: str
    columns: tuple[str, ...]
    parts: list[Part]
    unverified: tuple[str, ...]
    demo: bool
    reviews: tuple[str, ...] = ()


def paper(assessment: Assessment, sheet: Sheet, form: Form) -> Paper:
    """A plan as the form prints it."""
    plan = sheet.plan
    final = sheet.agreed and approved_once(plan)
    return Paper(
        title=form.title,
        organization=assessment.organization.name,
        term=term(years(sheet)),
        approver=plan.approver if final else "",
        approved_on=short(plan.approved_at.date() if final and plan.approved_at else None),
        state="" if final else _("Проект: план ещё не утверждён"),
        columns=form.columns,
        parts=[
            Part(
                form.section(number),
                [row(line) for line in sheet.section(number)],
                emptiness(sheet, number, form),
            )
            for number in range(1, len(ROMAN) + 1)
        ],
        unverified=form.unverified,
        demo=assessment.campaign.demo,
        reviews=tuple(said(line) for line in sheet.kept if sheet.agreed and line.reviews),
    )


def said(line: Line) -> str:
    """What citizens say of a measure, for the note under the form: «Нет указателей: 7 отзывов: исправлено — 4…»."""
    return f"{ROMAN[line.section - 1]}. {line.deficiency.rstrip('.')}: {words.reviews(line.reviews)}"


def term(named: str) -> str:
    """«на 2027 год», «на 2026–2027 годы»."""
    if not named:
        return ""
    return str(_("на %(year)s год", year=named) if len(named) == 4 else _("на %(years)s годы", years=named))


def emptiness(sheet: Sheet, number: int, form: Form) -> str:
    """What a section without rows says: nothing was found, or what was found and why it was left out."""
    left = [
        _("Не включено в план: %(what)s. Причина: %(why)s", what=one.deficiency.rstrip("."), why=one.dropped)
        for one in sheet.left_out_of(number)
    ]
    return "\n".join(left) or form.empty


def row(line: Line) -> Row:
    """A line in the columns of the form."""
    return Row(
        line.deficiency, line.text, short(line.due_on), line.responsible, line.done, short(line.done_on)
    )


def short(day: date | None) -> str:
    """«15.03.2027», nothing for no day."""
    return f"{day:%d.%m.%Y}" if day else ""
