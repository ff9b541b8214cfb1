"""The protocol of the meeting upon a package, of what the service holds: meeting, votes, objections, release."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

import nok
from accounts import people
from council import documents
from council.approval.votes import Tally, counted, members
from documents import blocks
from documents.blocks import TEXT
from documents.presentation import dated
from documents.protocol import Part, Protocol
from surveys import frozen
from surveys.clock import today
from surveys.display import thousands
from surveys.models import Assessment, Campaign, Organization
from surveys.releases import Choice, Meeting, Objection, Release, Vote
from surveys.submissions import Package, PackageState

NOT_HELD = Meeting(number="", held_on=None, place="", chair="", secretary="", present=[], text="")
VOTED = {Choice.FOR: _l("за"), Choice.AGAINST: _l("против"), Choice.ABSTAIN: _l("воздержался(ась)")}


class About(NamedTuple):
    """What the meeting was about, and whose it was."""

    title: str
    year: int
    council: str


def protocol(session: Session, campaign: Campaign, package: Package) -> Protocol:
    """The protocol as it stands; until the package is decided upon and the day is named, a draft."""
    meeting = session.get(Meeting, package.id) or NOT_HELD
    votes = session.scalars(select(Vote).where(Vote.package_id == package.id).order_by(Vote.at)).all()
    released = [one for one in frozen.releases(session, campaign.id) if one.package_id == package.id]
    about = _about(campaign, package)
    parts = [
        Part(_("Присутствовали"), _listed(meeting.present) or _("Список не заполнен.")),
        Part(_("Повестка дня"), _agenda(about)),
        Part(_("Слушали и обсудили"), "\n\n".join(filter(None, (_heard(package), meeting.text)))),
        *_objections(session, package),
        *_voted(session, votes, _counted(session, campaign, package, votes, released)),
        Part(_("Решили"), _decided(about, package, released[0] if released else None)),
    ]
    return Protocol(
        number=meeting.number,
        body=about.council,
        campaign=about.title,
        held_on=meeting.held_on,
        place=meeting.place,
        people=((_("Председательствовал"), meeting.chair), (_("Вёл протокол"), meeting.secretary)),
        parts=parts,
        signatures=((_("Председатель"), meeting.chair), (_("Секретарь"), meeting.secretary)),
        draft=_draft(package, meeting),
        day=meeting.held_on or today(),
        demo=campaign.demo,
        verify=documents.printed(released[0].short)._asdict() if released else None,
    )


def _draft(package: Package, meeting: Meeting) -> str:
    if package.state == PackageState.SUBMITTED:
        return str(_("Проект: решение не принято"))
    return "" if meeting.number and meeting.held_on else str(_("Проект: нет номера или дня заседания"))


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _about(campaign: Campaign, package: Package) -> About:
    """As the package has it once it is decided upon: what is renamed later leaves the protocol as it was."""
    if package.state == PackageState.SUBMITTED:
        return About(campaign.title, campaign.year, campaign.council)
    told = package.report["data"]["campaign"]
    return About(told["title"], told["year"], told["council"])


def _agenda(about: About) -> str:
    return str(
        _(
            "Об утверждении результатов независимой оценки качества условий оказания услуг: %(name)s, %(year)s.",
            name=about.title,
            year=about.year,
        )
    )


def _heard(package: Package) -> str:
    """What lay before the council, in figures of the package itself."""
    data = package.report["data"]
    total = data["means"].get("total")
    told = _(
        "Рассмотрен пакет оператора № %(number)s, отправленный %(day)s. Организаций: %(organizations)s,"
        " анкет: %(responses)s.",
        number=package.number,
        day=dated(package.submitted_at.date()).removesuffix("."),  # the sentence ends with one
        organizations=thousands(len(data["organizations"])),
        responses=thousands(data["responses"]),
    )
    if total:
        told += " " + _("Средний итог — %(total)s из 100 баллов.", total=nok.comma(total["printed"]))
    return f"{told} {_('Контрольная сумма пакета (SHA-256):')} {package.sha256}."


def _objections(session: Session, package: Package) -> Iterator[Part]:
    asked = (
        select(Objection, Organization)
        .join(Assessment, Assessment.id == Objection.assessment_id)
        .join(Organization, Organization.id == Assessment.organization_id)
        .where(Objection.package_id == package.id)
        .order_by(Objection.id)
    )
    rows = [
        (organization.short_name or organization.name, one.figure, one.text, _answered(one))
        for one, organization in session.execute(asked)
    ]
    if not rows:
        return
    head = (
        (_("Организация"), TEXT, 26),
        (_("К чему"), TEXT, 10),
        (_("Возражение"), TEXT, 32),
        (_("Решение совета"), TEXT, 32),
    )
    yield Part(_("Возражения организаций"), "", [blocks.table(_("Возражения и ответы совета"), head, rows)])


def _answered(one: Objection) -> str:
    if one.answered_at is None:
        return str(_("Ответа нет."))
    verdict = _("Обосновано.") if one.upheld else _("Не обосновано.")
    return f"{verdict} {one.answer or ''}".strip()


def _counted(
    session: Session, campaign: Campaign, package: Package, votes: Sequence[Vote], released: Sequence[Release]
) -> Tally:
    sitting = {one.login for one in members(session, campaign)}
    return counted(package, votes, sitting, released[0] if released else None)


def _voted(session: Session, votes: Sequence[Vote], tally: Tally) -> Iterator[Part]:
    """The count, each by name, and every dissenting opinion in full."""
    if not votes:
        yield Part(_("Голосовали"), _("Голосования не было."))
        return
    called = people.names(session, [vote.login for vote in votes])
    lay = str(
        _(
            "За — %(f)s, против — %(a)s, воздержались — %(n)s.",
            f=tally.favour,
            a=tally.against,
            n=tally.abstain,
        )
    )
    if tally.cast < len(votes):
        lay += " " + str(_("Голоса тех, кто вышел из совета до решения, в таблице есть, но не считаются."))
    head = ((_("Член совета"), TEXT, 70), (_("Голос"), TEXT, 30))
    rows = [(called[vote.login], VOTED[Choice(vote.choice)]) for vote in votes]
    yield Part(_("Голосовали"), lay, [blocks.table(_("Поимённое голосование"), head, rows)])
    opinions = [vote for vote in votes if vote.opinion]
    if opinions:
        said: list[Any] = []
        for vote in opinions:
            said += [blocks.heading(called[vote.login]), blocks.said(vote.opinion)]
        yield Part(_("Особые мнения"), "", said)


def _decided(about: About, package: Package, release: Release | None) -> str:
    if package.state == PackageState.SUBMITTED:
        return str(_("Решение ещё не принято."))
    if package.state == PackageState.RETURNED:
        listed = _listed(
            [" ".join(filter(None, (one.place and f"{one.place}:", one.text))) for one in package.remarks]
        )
        return f"{_('Вернуть пакет оператору. Замечания:')}\n{listed}"
    if release is None:
        return str(_("Принять пакет оператора."))
    said = [
        _(
            "- Утвердить результаты независимой оценки качества условий оказания услуг «%(name)s», %(year)s:"
            " выпуск № %(version)s, контрольная сумма (SHA-256) %(sha256)s.",
            name=about.title,
            year=about.year,
            version=release.version,
            sha256=release.sha256,
        ),
        _(
            "- Направить результаты и предложения об улучшении деятельности организаций в уполномоченный орган."
        ),
    ]
    return "\n".join([*said, f"\n{release.note}" if release.note else ""]).strip()
