"""The operator's report by ПП 638: one structure for the page, the PDF and the DOCX, frozen whole into a package."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from documents import exports
from documents.overview import Overview
from documents.presentation import dated
from operator_app.handover import annexes, opening, quality, scores, shortcomings
from operator_app.handover.checks import findings, gravest_first
from operator_app.handover.desk import Desk, of_campaign
from operator_app.handover.finding import EXPLAIN, Finding, Place
from operator_app.handover.material import Draft, Material
from operator_app.handover.period import collected_until
from surveys.display import channel, sector, thousands
from surveys.handover import digest
from surveys.models import Campaign
from surveys.submissions import ReportSection

FORMAT = "nok-operator-report/1"
CHECK = "check."  # of the keys under which explanations are kept beside the sections
OUTDATED = "outdated-"  # of the finding about words older than the figures


class Part(NamedTuple):
    """One section: `editable` ones have words that the operator may write over."""

    key: str
    title: Any
    drafted: Callable[[Material], Draft]
    editable: bool = True


def _quality(m: Material) -> Draft:
    return Draft(m.quality_text, m.quality)


PARTS: Sequence[Part] = (
    Part("basis", _l("1. Основание и предмет оценки"), opening.basis),
    Part("method", _l("2. Как проводилась оценка"), opening.method),
    Part("organizations", _l("3. Перечень организаций"), opening.organizations),
    Part("openness", _l("4. Информация на стендах и официальных сайтах"), opening.openness),
    Part("satisfaction", _l("5. Удовлетворённость граждан и выборка"), opening.satisfaction),
    Part("K1", _l("6.1. Открытость и доступность информации"), scores.criterion("K1")),
    Part("K2", _l("6.2. Комфортность условий"), scores.criterion("K2")),
    Part("K3", _l("6.3. Доступность услуг для инвалидов"), scores.criterion("K3")),
    Part("K4", _l("6.4. Доброжелательность, вежливость работников"), scores.criterion("K4")),
    Part("K5", _l("6.5. Удовлетворённость условиями"), scores.criterion("K5")),
    Part("rating", _l("7. Итоговые оценки и места"), scores.rating),
    Part("deficiencies", _l("8. Основные недостатки"), shortcomings.deficiencies),
    Part("quality", _l("9. Качество данных"), _quality),
    Part("conclusions", _l("10. Выводы"), shortcomings.conclusions),
    Part("proposals", _l("11. Предложения"), shortcomings.proposals),
    Part("annex-requisites", _l("Приложение 1. Реквизиты организаций"), annexes.requisites, False),
    Part("annex-channels", _l("Приложение 2. Анкеты по каналам"), annexes.channels, False),
    Part("annex-counts", _l("Приложение 3. Ответы получателей услуг"), annexes.counts, False),
    Part("annex-inspections", _l("Приложение 4. Что нашли проверки"), annexes.inspections, False),
    Part("annex-indicators", _l("Приложение 5. Пятнадцать показателей"), annexes.everything, False),
    Part("annex-checks", _l("Приложение 6. Проверки перед отправкой"), annexes.checks, False),
    Part("annex-rules", _l("Приложение 7. Редакция порядка и правила"), annexes.rules, False),
)
BY_KEY: Mapping[str, Part] = {part.key: part for part in PARTS}


def written(session: Session, campaign_id: int) -> dict[str, ReportSection]:
    """What people have written over or explained, by key."""
    rows = session.scalars(select(ReportSection).where(ReportSection.campaign_id == campaign_id))
    return {row.key: row for row in rows}


def explanations(held: Mapping[str, ReportSection]) -> dict[str, str]:
    """Check → the operator's explanation."""
    return {key.removeprefix(CHECK): row.text for key, row in held.items() if key.startswith(CHECK)}


def material(session: Session, desk: Desk, held: Mapping[str, ReportSection]) -> Material:
    """Everything the sections speak of. The desk has results: PinnedChanged was told before."""
    assert desk.results is not None  # noqa: S101  the page of a changed rule shows no report
    words, tables = quality.told(session, desk)
    until = collected_until(session, desk.campaign)
    m = Material(desk.results, desk, findings(desk), explanations(held), tables, words, until)
    return replace(m, findings=gravest_first([*m.findings, *outdated(m, held)]))


def found(session: Session, campaign: Campaign) -> Sequence[Finding]:
    """Everything that the checks find now; without results, what can be seen without them."""
    desk = of_campaign(session, campaign)
    if desk.results is None:
        return findings(desk)
    return material(session, desk, written(session, campaign.id)).findings


def outdated(m: Material, held: Mapping[str, ReportSection]) -> list[Finding]:
    """Sections whose words are older than the figures beside them.

    The key names these very data: an explanation given for them says nothing of the next ones.
    """
    drafted = {key: basis(BY_KEY[key].drafted(m)) for key in held if key in BY_KEY}
    moved = {key: now for key, now in drafted.items() if held[key].basis != now}
    if not moved:
        return []
    return [
        Finding(
            OUTDATED + digest(moved)[:16],
            EXPLAIN,
            _("Разделы переписаны до того, как изменились данные: %(n)s", n=len(moved)),
            _(
                "Откройте раздел, нажмите «Изменить текст», сверьте слова с таблицами и сохраните. Если слова"
                " верны и так, напишите об этом."
            ),
            [Place("", str(part.title)) for part in PARTS if part.key in moved],
        )
    ]


def section(part: Part, m: Material, held: ReportSection | None) -> dict[str, Any]:
    """One section: the words in force, who wrote them, whether the data have changed since."""
    draft = part.drafted(m)
    mine = basis(draft)
    return {
        "key": part.key,
        "title": str(part.title),
        "editable": part.editable,
        "text": held.text if held else draft.text,
        "drafted": draft.text,
        "basis": mine,
        "version": held.version if held else 0,
        "by": held.edited_by if held else "",
        "at": held.edited_at.isoformat() if held else "",
        "changed": held is not None and held.basis != mine,
        "blocks": [dict(block) for block in draft.blocks],
    }


def basis(draft: Draft) -> str:
    """SHA-256 of what the service drafted: figures of its tables and its own words."""
    return digest([draft.text, list(draft.blocks)])


def report(m: Material, held: Mapping[str, ReportSection]) -> dict[str, Any]:
    """The whole report; `data` are the results as machines read them, input of the calculator included."""
    return {
        "format": FORMAT,
        "cover": cover(m),
        "sections": [section(part, m, held.get(part.key)) for part in PARTS],
        "data": exports.campaign_json(m.results),
    }


def cover(m: Material) -> dict[str, Any]:
    """The title page: who, for whom, on what ground, when, how many and by which channels."""
    facts, view = m.facts, m.view
    lines = [
        (_("Сфера"), sector(facts.sector)),
        (_("Территория"), facts.region),
        (_("Оператор"), facts.operator),
        (_("Общественный совет"), facts.council),
        (_("Основание"), facts.order),
        (_("Порядок расчёта"), m.edition.title),
        (_("Сбор ответов"), _("с %(a)s по %(b)s", a=dated(facts.starts_on), b=dated(m.ended))),
        (_("Организаций"), thousands(view.organizations)),
        (_("Выборка"), _sampled(m, view)),
        (_("Каналы"), "; ".join(f"{channel(code)} — {thousands(count)}" for code, count in view.channels)),
    ]
    return {
        "title": str(_("Отчёт о сборе и обобщении информации о качестве условий оказания услуг")),
        "campaign": facts.title,
        "year": facts.year,
        "until": m.ended.isoformat(),
        "demo": facts.demo,
        "lines": [[str(name), str(value)] for name, value in lines if value],
    }


def _sampled(m: Material, view: Overview) -> str:
    told = _("анкет: %(n)s", n=thousands(m.results.responses))
    return f"{told}, {_('норма: %(n)s', n=thousands(view.target))}" if view.target else str(told)
