"""Section 9: how far the data can be trusted: files, paper, telephone, mystery visits, each as it was measured."""

from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

import nok
from documents import blocks
from documents.blocks import FIGURE, TEXT, Block
from operator_app.handover.desk import Desk
from operator_app.inspections import mystery
from operator_app.keying.quality import error_rate
from operator_app.phone import outcomes
from paper import quality as reading
from paper import settling
from paper.report import ScanReport
from paper.reviewing import GONE
from paper.tables import ScanBatch
from surveys.batches import Batch, Kind, State
from surveys.display import thousands

KINDS = (Kind.ANSWERS, Kind.COUNTERS, Kind.CHECKLISTS)


def told(session: Session, desk: Desk) -> tuple[str, list[Block]]:
    """Words and tables; what a campaign did not use is not spoken of."""
    words: list[str] = []
    tables: list[Block] = []
    for paragraph, made in (
        _files(desk),
        _keying(session, desk.campaign.id),
        _scans(session, desk),
        _telephone(session, desk.campaign.id),
        _mystery(session, desk.campaign.id) if desk.results is not None else ("", []),
    ):
        words += [paragraph] if paragraph else []
        tables += made
    if not words:
        words.append(
            _("Файлов, бумажных анкет, телефонных звонков и визитов «тайного клиента» в кампании не было.")
        )
    return "\n\n".join(words), tables


def _files(desk: Desk) -> tuple[str, list[Block]]:
    counted = [b for b in desk.batches if b.state == State.COUNTED and b.kind in KINDS]
    if not counted:
        return "", []
    words = [_("Загружено файлов: %(files)s.", files=thousands(len(counted)))]
    words += [_rows(kind, own) for kind in KINDS if (own := [b for b in counted if b.kind == kind])]
    head = (
        (_("Файл"), TEXT, 50),
        (_("Учтено"), FIGURE, 16),
        (_("Повторов"), FIGURE, 17),
        (_("Отклонено"), FIGURE, 17),
    )
    rows = [
        (
            b.file_name or f"№ {b.id}",
            thousands(_number(b, "accepted") + _number(b, "updated")),
            thousands(_number(b, "repeated")),
            thousands(_number(b, "refused_rows")),
        )
        for b in counted
    ]
    return " ".join(map(str, words)), [blocks.table(_("Загруженные файлы"), head, rows)]


def _rows(kind: str, own: Sequence[Batch]) -> str:
    """A row of each kind is something else: a person, an organisation's counts, a check-list."""
    numbers = {
        "counted": thousands(sum(_number(b, "accepted") + _number(b, "updated") for b in own)),
        "refused": thousands(sum(_number(b, "refused_rows") for b in own)),
    }
    if kind == Kind.ANSWERS:
        return str(_("Анкет учтено: %(counted)s, строк отклонено: %(refused)s.", **numbers))
    if kind == Kind.COUNTERS:
        return str(_("Строк готовых счётчиков учтено: %(counted)s, отклонено: %(refused)s.", **numbers))
    return str(_("Чек-листов учтено: %(counted)s, отклонено: %(refused)s.", **numbers))


def _number(batch: Batch, key: str) -> int:
    found = batch.report.get(key)
    return found if isinstance(found, int) else 0


def _keying(session: Session, campaign_id: int) -> tuple[str, list[Block]]:
    found = error_rate(session, campaign_id)
    if not found.sheets:
        return "", []
    words = _(
        "Бумажных анкет введено вручную: %(sheets)s, из них испорчено: %(spoiled)s. %(rate)s",
        sheets=thousands(found.sheets),
        spoiled=thousands(found.spoiled),
        rate=found.told,
    )
    return str(words), []


def _scans(session: Session, desk: Desk) -> tuple[str, list[Block]]:
    own = [batch.id for batch in desk.batches if batch.kind == Kind.SCANS and batch.state not in GONE]
    found = reading.of_batches(session, desk.campaign.id)
    known = {number: found[number] for number in own}
    sums = {number: settling.report(session, number) for number in own}
    if not any(one.forms for one in sums.values()):
        return "", []
    whole = reading.together(known.values())
    words = [
        _(
            "Бумажных анкет отсканировано: %(sheets)s. Из них учтено %(counted)s, ждут человека %(waiting)s, повторов"
            " %(repeated)s, испорчено %(spoiled)s.",
            sheets=thousands(sum(one.forms for one in sums.values())),
            counted=thousands(sum(one.counted for one in sums.values())),
            waiting=thousands(sum(one.review for one in sums.values())),
            repeated=thousands(sum(one.repeated for one in sums.values())),
            spoiled=thousands(sum(one.spoiled_forms for one in sums.values())),
        ),
        *_besides(sums.values()),
        whole.told,
    ]
    if whole.rate.compared:
        words.append(
            _("Проверка слепая: человек не знал, сомневалась ли служба. Интервал точный, Клоппера — Пирсона.")
        )
    if whole.to_people:
        words.append(_("В учтённых листах человек решил сам ответов: %(share)s.", share=whole.to_people))
    head = (
        (_("Пакет"), TEXT, 12),
        (_("Листов"), FIGURE, 12),
        (_("Учтено"), FIGURE, 12),
        (_("Решил человек"), FIGURE, 16),
        (_("Проверено"), FIGURE, 12),
        (_("Неверно"), FIGURE, 11),
        (_("Доля ошибок чтения"), TEXT, 25),
    )
    gone = {number: session.get_one(ScanBatch, number).destroyed_at is not None for number in own}
    rows = [
        (
            f"№ {number}",
            thousands(sums[number].forms),
            thousands(sums[number].counted),
            thousands(one.by_people),
            thousands(one.rate.compared),
            thousands(one.rate.wrong) if one.rate.compared else "—",
            one.rate.percent if one.rate.compared or not gone[number] else _("не измерялась"),
        )
        for number, one in known.items()
        if sums[number].forms
    ]
    tables = [blocks.table(_("Чтение сканов"), head, rows)]
    if whole.whys:
        why = ((_("Почему ответ решал человек"), TEXT, 70), (_("Ответов"), FIGURE, 30))
        tables.append(
            blocks.table(
                _("Что ушло на просмотр"), why, [(one.title, thousands(one.answers)) for one in whole.whys]
            )
        )
    return " ".join(map(str, words)), tables


def _besides(sums: Iterable[ScanReport]) -> list[str]:
    """What lay among the questionnaires and is none."""
    found, told = list(sums), []
    if untaken := sum(one.untaken for one in found):
        told.append(_("Не открылось и не разбиралось файлов и страниц: %(count)s.", count=thousands(untaken)))
    if foreign := sum(one.foreign for one in found):
        told.append(
            _(
                "Страниц, на которых не анкета этого опроса: %(count)s, они не считались.",
                count=thousands(foreign),
            )
        )
    return [str(one) for one in told]


def _telephone(session: Session, campaign_id: int) -> tuple[str, list[Block]]:
    found = outcomes.summary(session, campaign_id)
    if not found.called:
        return "", []
    words = _(
        "Телефонный опрос: контактов %(contacts)s, из них звонили %(called)s, звонков %(calls)s, полных"
        " интервью %(interviews)s."
        " Исходы разобраны по стандартным определениям AAPOR.",
        contacts=thousands(found.contacts),
        called=thousands(found.called),
        calls=thousands(found.calls),
        interviews=thousands(found.interviews),
    )
    ended = [(one.disposition.title, one.category, thousands(one.contacts)) for one in found.ended]
    rates = [
        (
            rate.name,
            rate.title,
            rate.formula,
            _("%(a)s / %(b)s", a=rate.numerator, b=rate.denominator),
            _percent(rate),
        )
        for rate in found.rates
    ]
    return str(words), [
        blocks.table(
            _("Исходы звонков"),
            ((_("Исход"), TEXT, 50), (_("Группа"), TEXT, 32), (_("Контактов"), FIGURE, 18)),
            ended,
        ),
        blocks.table(
            _("Показатели телефонного опроса"),
            (
                (_("AAPOR"), TEXT, 12),
                (_("Что это"), TEXT, 38),
                (_("Формула"), TEXT, 24),
                (_("Счёт"), FIGURE, 14),
                (_("Доля"), FIGURE, 12),
            ),
            rates,
        ),
    ]


def _percent(rate: outcomes.Rate) -> str:
    return "—" if rate.share is None else nok.comma(nok.printed(rate.share * 100, 1)) + " %"


def _mystery(session: Session, campaign_id: int) -> tuple[str, list[Block]]:
    met = mystery.summary(session, campaign_id)
    if not met:
        return "", []
    words = _(
        "Визитов «тайного клиента»: %(n)s. Они дополняют отчёт и не входят ни в один показатель порядка №"
        " 344н.",
        n=thousands(len(met)),
    )
    head = (
        (_("Организация"), TEXT, 34),
        (_("День"), TEXT, 14),
        (_("Как должно быть"), FIGURE, 14),
        (_("Что было не так"), TEXT, 38),
    )
    rows = [
        (one.name, f"{one.visited_on:%d.%m.%Y}", f"{one.good}/{one.asked}", "\n".join(_bad(one)))
        for one in met
    ]
    return str(words), [blocks.table(_("Визиты «тайного клиента»"), head, rows)]


def _bad(one: mystery.Met) -> Iterator[str]:
    for title, note in one.bad:
        yield f"{title}: {note}" if note else title
    if one.note:
        yield one.note
