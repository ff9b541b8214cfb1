"""Making a campaign: rules and questionnaires are pinned by hash, organisations are listed with their targets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

import nok
from surveys import gate, library
from surveys.channels import CHANNELS, default_questionnaire
from surveys.happenings import closing
from surveys.models import Assessment, Campaign, CampaignQuestionnaire, Organization, Pinned, Region, Stage
from surveys.refusals import PinnedChanged, Refusal


@dataclass(frozen=True)
class Plan:
    """What a campaign is made of; `questionnaires` names those channels that do not ask their usual one."""

    title: str
    year: int
    sector: str
    region: str
    starts_on: date
    ends_on: date
    edition: str = "344n-2024"
    practice: Mapping[str, str | int] = field(default_factory=dict)
    questionnaires: Mapping[str, str] = field(default_factory=dict)
    operator: str = ""
    council: str = ""
    order: str = ""
    shows_interim: bool = False
    demo: bool = False


def create(session: Session, plan: Plan) -> Campaign:
    """A new campaign over every organisation of its sector and region. Raises Refusal, nok.Refused."""
    region = session.scalar(select(Region).where(Region.name == plan.region))
    if region is None:
        raise Refusal(f"Нет региона «{plan.region}»: сначала загрузите организации этого региона.")
    if plan.sector not in nok.SECTORS:
        raise Refusal(f"Нет сферы «{plan.sector}»: ожидалась одна из {', '.join(nok.SECTORS)}.")
    if not plan.title.strip():
        raise Refusal("У кампании должно быть название.")
    if plan.ends_on < plan.starts_on:
        raise Refusal("Кампания заканчивается раньше, чем начинается.")
    practice = nok.Practice.of(plan.practice)
    campaign = Campaign(
        title=plan.title,
        year=plan.year,
        sector=plan.sector,
        region_id=region.id,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        edition_id=_pin_edition(session, plan.edition).id,
        practice=practice.as_dict(),
        practice_sha256=practice.content_hash,
        operator=plan.operator,
        council=plan.council,
        order=plan.order,
        shows_interim=plan.shows_interim,
        demo=plan.demo,
    )
    session.add(campaign)
    session.flush()
    check_alone(session, campaign)
    _ask(session, campaign, plan)
    enlist(session, campaign, _organizations(session, campaign))
    return campaign


def newcomers(session: Session, campaign: Campaign) -> list[Organization]:
    """Organisations of the campaign's sphere and region that came after it was made."""
    listed = select(Assessment.organization_id).where(Assessment.campaign_id == campaign.id)
    return [one for one in _organizations(session, campaign, Organization.id.not_in(listed))]


def move(session: Session, campaign: Campaign, stage: Stage) -> None:
    """To another stage (norms A6), but for publication, which takes a release. Raises Refusal."""
    if campaign.stage == Stage.PUBLISHED and stage != Stage.PUBLISHED:
        raise Refusal(
            "Опубликованные результаты не возвращают: исправление — новый выпуск рядом. Его начинает председатель"
            " совета на странице «Утверждение»."
        )
    if stage == Stage.PUBLISHED and campaign.stage != Stage.PUBLISHED:
        raise Refusal(
            "Публикуют утверждённый выпуск: совет утверждает пакет оператора на странице «Утверждение», затем"
            f" публикует уполномоченный орган или команда nok campaigns publish {campaign.id}."
        )
    if campaign.stage == Stage.COLLECTING and stage != Stage.COLLECTING:
        gate.shut(session.connection(), campaign.id)
        closing.send(session, campaign=campaign)
    campaign.stage = stage


def enlist(session: Session, campaign: Campaign, organizations: Iterable[Organization]) -> int:
    """Put organisations on the campaign's list, each with its sample target (norms A5); returns how many."""
    rows = [
        Assessment(
            campaign_id=campaign.id,
            organization_id=organization.id,
            target=nok.sample.target(organization.recipients_per_year)
            if organization.recipients_per_year is not None
            else None,
        )
        for organization in organizations
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def check_alone(session: Session, campaign: Campaign) -> None:
    """One code leads to one campaign at a time, so two that collect must not overlap. Raises Refusal."""
    if campaign.stage != Stage.COLLECTING:
        return
    other = session.scalar(
        select(Campaign).where(
            Campaign.id != campaign.id,
            Campaign.sector == campaign.sector,
            Campaign.region_id == campaign.region_id,
            Campaign.stage == Stage.COLLECTING,
            Campaign.starts_on <= campaign.ends_on,
            Campaign.ends_on >= campaign.starts_on,
        )
    )
    if other is not None:
        raise Refusal(
            f"В эти дни уже идёт кампания № {other.id} той же сферы и региона: по одному коду собирает одна кампания."
        )


def rules(campaign: Campaign) -> tuple[nok.Edition, nok.Practice]:
    """The edition and the practice pinned by a campaign. Raises PinnedChanged."""
    edition = nok.edition(campaign.edition.name)
    if edition.content_hash != campaign.edition.sha256:
        raise PinnedChanged(
            f"Редакция «{campaign.edition.name}» изменилась после того, как её закрепила кампания № {campaign.id}."
        )
    for pinned in {row.questionnaire for row in campaign.questionnaires}:
        library.pinned(pinned.name, pinned.sha256)
    practice = nok.Practice.of(campaign.practice)
    if practice.content_hash != campaign.practice_sha256:
        raise PinnedChanged(f"Правила расчёта кампании № {campaign.id} изменились после закрепления.")
    return edition, practice


def _organizations(
    session: Session, campaign: Campaign, *also: ColumnElement[bool]
) -> Iterable[Organization]:
    return session.scalars(
        select(Organization)
        .where(Organization.sector == campaign.sector, Organization.region_id == campaign.region_id, *also)
        .order_by(Organization.id)
    )


def _ask(session: Session, campaign: Campaign, plan: Plan) -> None:
    unknown = sorted(plan.questionnaires.keys() - CHANNELS.keys())
    if unknown:
        raise Refusal(f"Нет канала «{unknown[0]}»: ожидался один из {', '.join(CHANNELS)}.")
    for channel in CHANNELS.values():
        name = plan.questionnaires.get(channel.id) or default_questionnaire(channel.id, plan.sector)
        pinned = pin_questionnaire(session, name, plan.sector)
        session.add(
            CampaignQuestionnaire(campaign_id=campaign.id, channel=channel.number, questionnaire_id=pinned.id)
        )
    session.flush()


def _pin_edition(session: Session, name: str) -> Pinned:
    edition = nok.edition(name)
    content = files("nok").joinpath(f"editions/{name}.toml").read_text("utf-8")
    return _pinned(session, "edition", name, edition.content_hash, content)


def pin_questionnaire(session: Session, name: str, sector: str) -> Pinned:
    """A questionnaire of the library as it is now, kept for good. Raises Refusal: unknown, or of another sphere."""
    try:
        questionnaire = library.questionnaire(name)
    except LookupError as error:
        raise Refusal(f"Анкеты «{name}» нет в библиотеке (список: nok questionnaires list).") from error
    if sector not in questionnaire.spheres:
        raise Refusal(f"Анкета «{name}» не предназначена для этой сферы.")
    content = files("surveys").joinpath(f"library/{name}.toml").read_text("utf-8")
    return _pinned(session, "questionnaire", name, questionnaire.content_hash, content)


def _pinned(session: Session, kind: str, name: str, sha256: str, content: str) -> Pinned:
    found = session.scalar(select(Pinned).where(Pinned.sha256 == sha256))
    if found is None:
        found = Pinned(kind=kind, name=name, sha256=sha256, content=content)
        session.add(found)
        session.flush()
    return found
