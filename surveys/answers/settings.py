"""What a file is taken into: the campaign, the channel and its questionnaire, the organisations it may name."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from surveys import gate, library, queries
from surveys.answers.places import Assessed, Nowhere, Places, of_campaign
from surveys.answers.shapes import FileUntakable, Options
from surveys.campaigns import pin_questionnaire
from surveys.channels import CHANNELS
from surveys.models import Campaign, Stage
from surveys.questionnaire import Questionnaire
from surveys.refusals import NotFound, Refusal

TAKEN_FROM_FILES = ("import", "paper", "phone", "interview", "official")


@dataclass(frozen=True)
class Setting:
    """Plain facts: the file is read outside any transaction. `questionnaire_id` is None until another one is pinned."""

    campaign_id: int
    sector: str
    starts_on: date
    ends_on: date
    channel: str
    questionnaire: Questionnaire
    questionnaire_id: int | None
    places: Places
    fixed: Assessed | None

    @property
    def number(self) -> int:
        """The channel's number, as rows carry it."""
        return CHANNELS[self.channel].number

    def pinned_id(self, session: Session) -> int:
        """The questionnaire's number, pinned now if it is not the channel's own (norms A1)."""
        if self.questionnaire_id is not None:
            return self.questionnaire_id
        return pin_questionnaire(session, self.questionnaire.id, self.sector).id


def setting(session: Session, campaign_id: int, options: Options) -> Setting:
    """What the options mean in this campaign. Raises Refusal and its kin, PinnedChanged."""
    campaign = queries.campaign(session, campaign_id)
    if campaign is None:
        raise NotFound(f"Нет кампании № {campaign_id}. Список: nok campaigns list.")
    if options.channel not in TAKEN_FROM_FILES:
        raise Refusal(
            f"Каналом «{options.channel}» файлы не приходят: ожидался {', '.join(TAKEN_FROM_FILES)}."
        )
    questionnaire, pinned_id = questionnaire_of(campaign, options.channel, options.questionnaire)
    places = of_campaign(session, campaign_id)
    return Setting(
        campaign_id=campaign_id,
        sector=campaign.sector,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        channel=options.channel,
        questionnaire=questionnaire,
        questionnaire_id=pinned_id,
        places=places,
        fixed=_fixed(places, options.organization),
    )


def must_collect(session: Session, campaign_id: int) -> None:
    """Asked where it matters: inside the transaction that would count. Raises Refusal."""
    gate.hold_open(session.connection(), [campaign_id])
    campaign = queries.campaign(session, campaign_id)
    if campaign is None or campaign.stage != Stage.COLLECTING:
        raise Refusal("Кампания больше не собирает ответы: загрузить или отменить ничего нельзя.")


def questionnaire_of(campaign: Campaign, channel: str, name: str) -> tuple[Questionnaire, int | None]:
    """The channel's own questionnaire, or one of the library that was named instead of it."""
    pinned = campaign.questionnaire_of(CHANNELS[channel].number)
    if name in ("", pinned.name):
        return library.pinned(pinned.name, pinned.sha256), pinned.id
    for row in campaign.questionnaires:
        if row.questionnaire.name == name:
            return library.pinned(name, row.questionnaire.sha256), row.questionnaire_id
    try:
        found = library.questionnaire(name)
    except LookupError as error:
        raise Refusal(f"Анкеты «{name}» нет в библиотеке (список: nok questionnaires list).") from error
    if campaign.sector not in found.spheres:
        raise Refusal(f"Анкета «{name}» не предназначена для этой сферы.")
    return found, None


def _fixed(places: Places, code: str) -> Assessed | None:
    if not code:
        return None
    found = places.find((code,))
    if isinstance(found, Nowhere):
        raise FileUntakable(f"Организация «{code}»: {found.reason}. {found.advice}")
    return found
