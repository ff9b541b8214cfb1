"""Checks of what is not finished at the desk: files, paper, visits, calls, answers to the council."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from operator_app.handover.desk import Desk
from operator_app.handover.finding import BLOCKS, EXPLAIN, Finding, Place
from surveys.batches import Kind, State
from surveys.models import Stage


def _listed(
    key: str,
    weight: str,
    title: str,
    advice: str,
    places: Sequence[Place],
    door: str,
    count: int | None = None,
) -> Iterator[Finding]:
    """What is not finished at these places, if any; `title` has room for their number, or for another count."""
    if places:
        said = title % {"n": len(places) if count is None else count}
        yield Finding(key, weight, said, advice, places, door)


def _counted(
    key: str, weight: str, title: str, advice: str, counts: Mapping[str, int], words: str, door: str
) -> Iterator[Finding]:
    """The same, where each place says how many in `words` and the title their sum."""
    places = [Place("", name, words % {"n": count}) for name, count in counts.items()]
    return _listed(key, weight, title, advice, places, door, sum(counts.values()))


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
        if batch.state in (State.UPLOADED, State.CHECKED) and batch.kind not in (Kind.KEYING, Kind.SCANS)
    ]
    return _listed(
        "uncounted",
        BLOCKS,
        _("Файлы загружены, но не учтены: %(n)s"),
        _("Учтите файл или откажитесь от него: после отправки он в оценку не попадёт."),
        places,
        "files.index",
    )


def unreviewed_batches(desk: Desk) -> Iterator[Finding]:
    """Counted files whose warnings nobody has looked at."""
    places = [
        Place("", batch.file_name or f"№ {batch.id}", warned(batch.report))
        for batch in desk.batches
        if batch.state == State.COUNTED
        and batch.kind != Kind.SCANS
        and batch.reviewed_by is None
        and warned(batch.report)
    ]
    return _listed(
        "unreviewed",
        BLOCKS,
        _("Файлы с замечаниями, которых никто не посмотрел: %(n)s"),
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
    return _counted(
        "waiting_sheets",
        BLOCKS,
        _("Бумажные анкеты ждут второго ввода: %(n)s"),
        _("Закончите ввод и разберите расхождения: эти анкеты ещё не учтены."),
        desk.waiting_sheets,
        _("листов: %(n)s"),
        "keying.index",
    )


def _open(desk: Desk) -> bool:
    """Can sheets still be counted or put right? Nobody can do it once the campaign collects no more."""
    return desk.campaign.stage == Stage.COLLECTING


def _while_open(desk: Desk) -> str:
    return BLOCKS if _open(desk) else EXPLAIN


def unread_scans(desk: Desk) -> Iterator[Finding]:
    """Scans whose files are not read to the end: their sheets are not even known."""
    if desk.scans.unread:
        yield Finding(
            "unread_scans",
            _while_open(desk),
            _("Сканы прочитаны не до конца: пакетов %(n)s", n=len(desk.scans.unread)),
            _("Дождитесь конца чтения или отмените пакет: его анкеты ещё не учтены.")
            if _open(desk)
            else _("Сбор закончен, учесть их анкеты уже нельзя. Напишите, почему их не дочитали."),
            [Place("", title) for title in desk.scans.unread],
            "scans.index",
        )


def waiting_scans(desk: Desk) -> Iterator[Finding]:
    """Scanned sheets that wait for a person or for their other side: uncounted so far."""
    return _counted(
        "waiting_scans",
        _while_open(desk),
        _("Листы из сканов ждут человека: %(n)s"),
        _("Посмотрите сомнительное и разберите листы: эти анкеты ещё не учтены.")
        if _open(desk)
        else _("Сбор закончен, учесть эти анкеты уже нельзя. Напишите, почему листы не разобрали."),
        desk.scans.waiting,
        _("листов: %(n)s"),
        "scans.index",
    )


def disputed_scans(desk: Desk) -> Iterator[Finding]:
    """A counted answer is in doubt: a person read it otherwise than the reader, or a filter was put right."""
    return _counted(
        "disputed_scans",
        _while_open(desk),
        _("Спорные места на сканах: %(n)s"),
        _("Посмотрите их или отдайте второму человеку: пока неизвестно, верно ли учтён ответ.")
        if _open(desk)
        else _("Сбор закончен, исправить ответ уже нельзя. Напишите, почему о них не решили."),
        desk.scans.disputed,
        _("мест: %(n)s"),
        "scans.review",
    )


def unseen_samples(desk: Desk) -> Iterator[Finding]:
    """Drawn for the blind check of reading, and nobody has looked."""
    return _counted(
        "unseen_samples",
        EXPLAIN,
        _("Слепая проверка чтения не закончена: ответов %(n)s"),
        _("Посмотрите их: без этого доля ошибок чтения известна хуже. Если нельзя, напишите почему."),
        desk.scans.samples,
        _("ответов: %(n)s"),
        "scans.review",
    )


def untyped_words(desk: Desk) -> Iterator[Finding]:
    """Words written by hand that nobody has typed in."""
    return _counted(
        "untyped_words",
        EXPLAIN,
        _("Слова от руки не набраны: мест %(n)s"),
        _("Наберите их или напишите, почему нет: в предложения получателей они не попадут."),
        desk.scans.words,
        _("мест: %(n)s"),
        "scans.review",
    )


def held_answers(desk: Desk) -> Iterator[Finding]:
    """Answers that lie on devices in halls: once the campaign collects no more, they are refused."""
    if _open(desk):
        yield from _counted(
            "held_answers",
            EXPLAIN,
            _("Ответы ждут отправки на терминалах: %(n)s"),
            _("Дайте терминалам сеть или загрузите с них файл: после отправки эти ответы не учтут."),
            desk.held,
            _("ответов: %(n)s"),
            "",
        )


def unconfirmed_visits(desk: Desk) -> Iterator[Finding]:
    """Finished visits that nobody has confirmed yet."""
    places = [
        Place(v.code, v.name, _("визитов: %(n)s", n=v.unconfirmed)) for v in desk.visits if v.unconfirmed
    ]
    return _listed(
        "unconfirmed",
        BLOCKS,
        _("Визиты ждут подтверждения: организаций %(n)s"),
        _("Верификатор смотрит визит и подтверждает его или возвращает инспектору."),
        places,
        "inspections.index",
    )


def inspectors_differ(desk: Desk) -> Iterator[Finding]:
    """Two visits say different things, and nobody has said which is right."""
    places = [Place(v.code, v.name, _("пунктов: %(n)s", n=len(v.differ))) for v in desk.visits if v.differ]
    return _listed(
        "differ",
        BLOCKS,
        _("Инспекторы расходятся: организаций %(n)s"),
        _("Сравните визиты и подтвердите тот, который верен."),
        places,
        "inspections.index",
    )


def drafts(desk: Desk) -> Iterator[Finding]:
    """Visits that an inspector began and did not finish."""
    places = [Place(v.code, v.name, _("черновиков: %(n)s", n=v.drafts)) for v in desk.visits if v.drafts]
    return _listed(
        "drafts",
        EXPLAIN,
        _("Незаконченные визиты: организаций %(n)s"),
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
