"""Checks of what is not finished at the desk: files, paper, visits, calls, answers to the council."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from operator_app.handover.desk import Desk
from operator_app.handover.finding import BLOCKS, EXPLAIN, Finding, Place
from surveys.batches import Kind, State


def rules_changed(desk: Desk) -> Iterator[Finding]:
    """Nothing can be computed by rules that are no longer the pinned ones."""
    if desk.changed:
        yield Finding(
            "rules_changed",
            BLOCKS,
            _("Закреплённые правила изменились"),
            _("Сообщите администратору службы: нужно вернуть файл правил в прежнем виде."),
            [Place("", desk.changed)],
        )


def open_remarks(desk: Desk) -> Iterator[Finding]:
    """Remarks of the council that have no answer yet."""
    if desk.unanswered:
        yield Finding(
            "open_remarks",
            BLOCKS,
            _("Замечания совета без ответа: %(n)s", n=desk.unanswered),
            _("Ответьте на каждое: что исправили или почему оставили как есть."),
        )


def uncounted_batches(desk: Desk) -> Iterator[Finding]:
    """Files that were brought and neither counted nor let go."""
    places = [
        Place("", batch.file_name or f"№ {batch.id}")
        for batch in desk.batches
        if batch.state in (State.UPLOADED, State.CHECKED) and batch.kind != Kind.KEYING
    ]
    if places:
        yield Finding(
            "uncounted",
            BLOCKS,
            _("Файлы загружены, но не учтены: %(n)s", n=len(places)),
            _("Учтите файл или откажитесь от него: после отправки он в оценку не попадёт."),
            places,
            "files.index",
        )


def unreviewed_batches(desk: Desk) -> Iterator[Finding]:
    """Counted files whose warnings nobody has looked at."""
    places = [
        Place("", batch.file_name or f"№ {batch.id}", warned(batch.report))
        for batch in desk.batches
        if batch.state == State.COUNTED and batch.reviewed_by is None and warned(batch.report)
    ]
    if places:
        yield Finding(
            "unreviewed",
            BLOCKS,
            _("Файлы с замечаниями, которых никто не посмотрел: %(n)s", n=len(places)),
            _("Откройте отчёт о загрузке, прочтите замечания и отметьте, что посмотрели."),
            places,
            "files.index",
        )


def warned(report: Mapping[str, Any]) -> str:
    """What a report of an import warns of, in words; empty when of nothing."""
    refused = report.get("refused_rows") or 0
    flagged = report.get("warned_rows") or len(report.get("warnings") or ())
    told = [
        _("строк отклонено: %(n)s", n=refused) if refused else "",
        _("предупреждений: %(n)s", n=flagged) if flagged else "",
    ]
    return ", ".join(filter(None, told))


def waiting_sheets(desk: Desk) -> Iterator[Finding]:
    """Paper forms that wait for a second keying or for a third person: uncounted so far."""
    if desk.waiting_sheets:
        yield Finding(
            "waiting_sheets",
            BLOCKS,
            _("Бумажные анкеты ждут второго ввода: %(n)s", n=sum(desk.waiting_sheets.values())),
            _("Закончите ввод и разберите расхождения: эти анкеты ещё не учтены."),
            [Place("", title, _("листов: %(n)s", n=count)) for title, count in desk.waiting_sheets.items()],
            "keying.index",
        )


def unconfirmed_visits(desk: Desk) -> Iterator[Finding]:
    """Finished visits that nobody has confirmed yet."""
    places = [
        Place(v.code, v.name, _("визитов: %(n)s", n=v.unconfirmed)) for v in desk.visits if v.unconfirmed
    ]
    if places:
        yield Finding(
            "unconfirmed",
            BLOCKS,
            _("Визиты ждут подтверждения: организаций %(n)s", n=len(places)),
            _("Верификатор смотрит визит и подтверждает его или возвращает инспектору."),
            places,
            "inspections.index",
        )


def inspectors_differ(desk: Desk) -> Iterator[Finding]:
    """Two visits say different things, and nobody has said which is right."""
    places = [Place(v.code, v.name, _("пунктов: %(n)s", n=len(v.differ))) for v in desk.visits if v.differ]
    if places:
        yield Finding(
            "differ",
            BLOCKS,
            _("Инспекторы расходятся: организаций %(n)s", n=len(places)),
            _("Сравните визиты и подтвердите тот, который верен."),
            places,
            "inspections.index",
        )


def drafts(desk: Desk) -> Iterator[Finding]:
    """Visits that an inspector began and did not finish."""
    places = [Place(v.code, v.name, _("черновиков: %(n)s", n=v.drafts)) for v in desk.visits if v.drafts]
    if places:
        yield Finding(
            "drafts",
            EXPLAIN,
            _("Незаконченные визиты: организаций %(n)s", n=len(places)),
            _("Инспектор заканчивает визит. Если он не нужен, напишите почему."),
            places,
            "inspections.index",
        )


def promised_calls(desk: Desk) -> Iterator[Finding]:
    """People who were promised a call that nobody has made."""
    if desk.appointments:
        yield Finding(
            "appointments",
            EXPLAIN,
            _("Обещали перезвонить и не перезвонили: %(n)s", n=desk.appointments),
            _("Позвоните или напишите, почему нет. С отправкой номера стираются, позвонить будет некому."),
            door="phone.index",
        )
