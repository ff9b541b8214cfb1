"""`nok placement …`: where the code hangs, from the command line."""

import json
import sys
from typing import Any

import click
from flask.cli import AppGroup

from accounts import audit
from accounts.cli import refused_plainly
from council.placement import figures, patrolling, wording
from council.placement.looking import Look, Sought
from surveys import queries
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.placement import SiteCheck, SiteState
from surveys.refusals import NotFound

placement_group = AppGroup("placement", help="Где висят плакаты и стоит ли код на сайтах организаций.")

JSON = click.option("--json", "as_json", is_flag=True, help="Для машины.")
CAMPAIGN = click.option("--campaign", "campaign_id", type=int, required=True, help="Номер кампании.")


@placement_group.command("check")
@CAMPAIGN
@click.option("--organization", "codes", multiple=True, metavar="КОД", help="Только эти организации.")
@JSON
def check(campaign_id: int, codes: tuple[str, ...], as_json: bool) -> None:
    """Открыть главные страницы сайтов и найти на них код или ссылку.

    Пример: nok placement check --campaign 1

    К каждому сайту — не больше одного запроса в секунду. Адреса берутся из списка организаций.
    """
    with refused_plainly():
        _campaign(campaign_id)
    sought = patrolling.sought(db.session(), campaign_id, codes)
    db.session.rollback()
    looked: list[tuple[Sought, Look]] = []
    for part in patrolling.checked(sought):
        with writing() as session:
            for one, look in part:
                patrolling.keep(session, one.organization_id, look)
        looked += part
        if sys.stderr.isatty():
            click.echo(f"\r{len(looked)} / {len(sought)}", err=True, nl=False)
    found = sum(look.state is SiteState.FOUND for _one, look in looked)
    with writing() as session:
        counts = {"count": len(looked), "found": found}
        audit.record(session, "cli", "sites-checked", str(campaign_id), **counts)
    if as_json:
        click.echo(json.dumps([_told(*one) for one in looked], ensure_ascii=False, indent=1))
        return
    for one, look in looked:
        word = wording.site(SiteCheck(state=look.state, how=look.how, leads_to=look.leads_to)).word
        click.echo(f"{one.code}  {word}  {one.website}")
    click.echo(f"Проверено сайтов: {len(looked)}, с кодом или ссылкой: {found}.")


@placement_group.command("show")
@CAMPAIGN
@JSON
def show(campaign_id: int, as_json: bool) -> None:
    """Сколько организаций повесили плакат и поставили код на сайт.

    Пример: nok placement show --campaign 1 --json
    """
    with refused_plainly():
        campaign = _campaign(campaign_id)
    told = figures.shares(db.session(), [campaign])[campaign_id]._asdict()
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"Организаций: {told['organizations']}.")
    click.echo(f"Плакат видели: {told['posters']}, из них проверяющие: {told['by_officials']}.")
    click.echo(f"Сайтов проверено: {told['checked']}, с кодом или ссылкой: {told['sites']}.")
    click.echo(f"Код сканировали за закончившиеся недели года: {told['scanned']}.")
    if told["cut_short"]:
        click.echo(f"Не успели досмотреть: {told['cut_short']}.")


def _campaign(campaign_id: int) -> Campaign:
    found = queries.campaign(db.session(), campaign_id)
    if found is None:
        raise NotFound(f"Кампании № {campaign_id} нет. Список: nok campaigns list.")
    return found


def _told(one: Sought, look: Look) -> dict[str, Any]:
    return {
        "organization": one.code,
        "website": one.website,
        "state": look.state.value,
        "how": look.how,
        "leads_to": look.leads_to,
        "address": look.address,
    }
