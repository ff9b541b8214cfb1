"""`nok campaigns …`."""

import json
from datetime import date, datetime

import click
from flask.cli import AppGroup

import nok
from surveys import campaigns as planned
from surveys import library, queries
from surveys.channels import CHANNELS
from surveys.db import db, writing
from surveys.happenings import tell
from surveys.models import Campaign, Stage
from surveys.refusals import NotFound, Refusal

campaign_group = AppGroup("campaigns", help="Кампании.")

REFUSED = 2


@campaign_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Для машины.")
def list_campaigns(as_json: bool) -> None:
    """Все кампании.

    Пример: nok campaigns list --json
    """
    rows = [_campaign_facts(campaign) for campaign in queries.campaigns(db.session())]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['id']:>4}  {row['year']}  {row['sector']:10} {row['region']}  {row['title']}")


def _campaign_facts(campaign: Campaign) -> dict[str, object]:
    screen = campaign.questionnaire_of(CHANNELS["poster"].number)
    return {
        "id": campaign.id,
        "title": campaign.title,
        "year": campaign.year,
        "sector": campaign.sector,
        "region": campaign.region.name,
        "edition": campaign.edition.name,
        "questionnaire": screen.name,
        "questionnaires": {
            channel.id: campaign.questionnaire_of(channel.number).name for channel in CHANNELS.values()
        },
        "practice": campaign.practice,
        "stage": campaign.stage,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "demo": campaign.demo,
    }


def _pairs(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    if any(not equals for _name, equals, _value in pairs):
        raise click.BadParameter("ожидалось ИМЯ=ЗНАЧЕНИЕ")
    return {name: value for name, _equals, value in pairs}


def _day(context: click.Context, option: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(value, pattern).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    raise click.BadParameter(f"«{value}»: ожидалась дата вида 2026-03-01 или 01.03.2026")


@campaign_group.command("create")
@click.option("--title", required=True, help="Название, каким его увидят люди.")
@click.option("--year", required=True, type=click.IntRange(2018, 2100), help="Год оценки.")
@click.option("--sector", required=True, type=click.Choice(list(nok.SECTORS)), help="Сфера.")
@click.option("--region", required=True, help="Регион, как он назван в списке организаций.")
@click.option("--from", "starts_on", required=True, callback=_day, help="Первый день сбора.")
@click.option("--to", "ends_on", required=True, callback=_day, help="Последний день сбора.")
@click.option("--edition", default="344n-2024", show_default=True, help="Редакция Порядка.")
@click.option(
    "--practice", multiple=True, callback=_pairs, help="Решение там, где Порядок молчит: ключ=значение."
)
@click.option("--questionnaire", multiple=True, callback=_pairs, help="Анкета канала: канал=анкета.")
@click.option("--operator", default="", help="Кто собирает.")
@click.option("--council", default="", help="Какой совет утверждает.")
@click.option("--order", default="", help="Решение, по которому проводится оценка.")
@click.option("--interim/--no-interim", default=False, help="Показывать всем результаты по ходу сбора.")
def create(
    title: str,
    year: int,
    sector: str,
    region: str,
    starts_on: date,
    ends_on: date,
    edition: str,
    practice: dict[str, str],
    questionnaire: dict[str, str],
    operator: str,
    council: str,
    order: str,
    interim: bool,
) -> None:
    """Начать кампанию: закрепить редакцию, анкеты и правила, внести в неё организации сферы и региона.

    Пример: nok campaigns create --title "Поликлиники Москвы" --year 2026 --sector health --region "г. Москва"
    --from 2026-03-01 --to 2026-11-30
    """
    plan = planned.Plan(
        title,
        year,
        sector,
        region,
        starts_on,
        ends_on,
        edition,
        practice,
        questionnaire,
        operator,
        council,
        order,
        interim,
    )
    try:
        with writing() as session:
            number = planned.create(session, plan).id
            tell(session, "cli", "campaign-created", str(number), sector=sector, region=region, year=year)
    except (Refusal, nok.Refused, library.QuestionnaireRefused) as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from error
    click.echo(f"Кампания № {number} создана.")


@campaign_group.command("change")
@click.argument("campaign_id", metavar="НОМЕР", type=int)
@click.option("--title", help="Новое название.")
@click.option("--to", "ends_on", callback=_day, help="Новый последний день сбора.")
@click.option(
    "--stage",
    type=click.Choice([stage.value for stage in Stage]),
    help="Этап: сбор, рассмотрение, публикация.",
)
@click.option("--interim/--no-interim", default=None, help="Показывать всем результаты по ходу сбора.")
@click.option("--enlist", is_flag=True, help="Внести организации, загруженные после начала кампании.")
def change(
    campaign_id: int,
    title: str | None,
    ends_on: date | None,
    stage: str | None,
    interim: bool | None,
    enlist: bool,
) -> None:
    """Изменить кампанию. Редакция, анкеты и правила закреплены: их не меняют.

    Пример: nok campaigns change 3 --to 2026-12-20 --enlist
    """
    try:
        with writing() as session:
            campaign = queries.campaign(session, campaign_id)
            if campaign is None:
                raise NotFound(f"Нет кампании № {campaign_id}. Список: nok campaigns list.")
            if ends_on is not None and ends_on < campaign.starts_on:
                raise Refusal("Кампания не может закончиться раньше, чем началась.")
            campaign.title, campaign.ends_on = title or campaign.title, ends_on or campaign.ends_on
            if stage is not None:
                planned.move(session, campaign, Stage(stage))
            planned.check_alone(session, campaign)
            if interim is not None:
                campaign.shows_interim = interim
            new = planned.enlist(session, campaign, planned.newcomers(session, campaign)) if enlist else 0
            tell(session, "cli", "campaign-changed", str(campaign_id), stage=campaign.stage, enlisted=new)
    except Refusal as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from error
    click.echo(f"Кампания № {campaign_id} изменена." + (f" Внесено организаций: {new}." if enlist else ""))
