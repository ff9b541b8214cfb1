"""Annexes: requisites, channels, counts behind every share, what the inspections found, rules with their hashes."""

from flask_babel import gettext as _

from documents import blocks
from documents.blocks import FIGURE, TEXT
from documents.figures import pinned
from documents.presentation import called, cell
from operator_app.handover.finding import NOTE
from operator_app.handover.material import Draft, Material
from surveys.channels import CHANNELS
from surveys.display import channel, thousands
from surveys.inspected import ITEM_BLOCKS
from surveys.measures import FEEDS, MEASURE


def requisites(m: Material) -> Draft:
    """Names in full, INN, OGRN, addresses."""
    head = (
        (_("Код"), TEXT, 14),
        (_("Полное название"), TEXT, 40),
        (_("ИНН, ОГРН"), TEXT, 18),
        (_("Адрес"), TEXT, 28),
    )
    rows = [
        (one.code, one.name, "\n".join(filter(None, (one.inn, one.ogrn))), one.address) for one in m.standings
    ]
    return Draft("", [blocks.table(_("Реквизиты организаций"), head, rows)])


def channels(m: Material) -> Draft:
    """How many questionnaires came by each channel."""
    used = [code for code in CHANNELS if any(one.channels.get(code) for one in m.standings)]
    head = (
        (_("Организация"), TEXT, 40),
        *((channel(code), FIGURE, 60 / (len(used) + 1)) for code in used),
        (_("Всего"), FIGURE, 60 / (len(used) + 1)),
    )
    rows = [
        (
            called(one),
            *(thousands(one.channels.get(code, 0)) for code in used),
            thousands(one.responses),
        )
        for one in m.standings
    ]
    return Draft("", [blocks.table(_("Анкеты по каналам"), head, rows, side=True)])


def counts(m: Material) -> Draft:
    """«Да» and how many answered, for every question that feeds an indicator."""
    head = (
        (_("Организация"), TEXT, 26),
        *(
            (f"{MEASURE[measure].indicator} {_short(measure)}".strip(), FIGURE, 74 / len(FEEDS))
            for measure in FEEDS
        ),
    )
    rows = []
    for one in m.standings:
        told = {share.measure: f"{share.yes}/{share.asked}" for share in m.shares(one)}
        rows.append((called(one), *(told.get(measure, "—") for measure in FEEDS)))
    words = _("В каждой клетке: ответили «да» / ответили на вопрос.")
    return Draft("", [blocks.said(words), blocks.table(_("Ответы получателей услуг"), head, rows, side=True)])


def _short(measure: str) -> str:
    return {"stand": str(_("стенд")), "site": str(_("сайт"))}.get(measure, "")


def inspections(m: Material) -> Draft:
    """The counts of the check-lists, and the points for waiting."""
    columns = [_("Стенд"), _("Сайт"), "1.2", "2.1", "3.1", "3.2", _("Сожид")]
    head = ((_("Организация"), TEXT, 44), *((title, FIGURE, 8) for title in columns))
    rows = []
    for one in m.standings:
        seen = one.observations.as_dict()["inspection"]
        told = [_pair(seen[side]) for side in ("stand", "site")]
        told += [_count(seen[block]) for block in ITEM_BLOCKS]
        told.append(_count(seen["waiting_points"]).replace(".", ","))
        rows.append((called(one), *(told if one.inspected else ["—"] * len(columns))))
    words = _(
        "Стенд и сайт: материалов есть / требуется. Остальное: сколько пунктов чек-листа найдено. Сожид —"
        " баллы за время ожидания."
    )
    return Draft("", [blocks.said(words), blocks.table(_("Что нашли проверки"), head, rows, side=True)])


def _pair(seen: dict[str, int] | None) -> str:
    return f"{seen['present']}/{seen['required']}" if seen else "—"


def _count(value: object) -> str:
    return "—" if value is None else str(value)


def everything(m: Material) -> Draft:
    """Fifteen indicators of everybody on one sheet."""
    head = (
        (_("Организация"), TEXT, 25),
        *((number, FIGURE, 5) for number in m.edition.indicators),
    )
    rows = [
        (called(one), *(cell(one.result.indicators[number]) for number in m.edition.indicators))
        for one in m.standings
    ]
    words = _(
        "н/д — показатель не определён: на вопрос никто не ответил или проверки не было. Это не ноль и не"
        " сто."
    )
    return Draft("", [blocks.said(words), blocks.table(_("Пятнадцать показателей"), head, rows, side=True)])


def rules(m: Material) -> Draft:
    """The edition, the questionnaires and the practice by their hashes."""
    head = ((_("Что закреплено"), TEXT, 30), (_("SHA-256"), TEXT, 70))
    words = _("%(title)s. %(act)s.", title=m.edition.title, act=m.edition.act)
    return Draft(
        "",
        [
            blocks.said(words),
            blocks.table(_("Правила по контрольным суммам"), head, pinned(m.facts), code=True),
        ],
    )


def checks(m: Material) -> Draft:
    """What the checks before submission found, and how the operator explains it."""
    found = [
        (
            finding.title,
            "\n".join(filter(None, (f"{p.name}{': ' if p.told else ''}{p.told}" for p in finding.places))),
            m.explained.get(finding.key, "") or ("—" if finding.gravity == NOTE else ""),
        )
        for finding in m.findings
    ]
    if not found:
        return Draft("", [blocks.said(_("Проверки перед отправкой ничего не нашли."))])
    head = ((_("Что найдено"), TEXT, 26), (_("Где"), TEXT, 44), (_("Пояснение оператора"), TEXT, 30))
    return Draft("", [blocks.table(_("Проверки перед отправкой"), head, found)])
