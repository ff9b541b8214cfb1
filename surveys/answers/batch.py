"""The row of a batch: claimed by one at a time, and told what became of it."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveys.answers.settings import Setting
from surveys.answers.shapes import ORGANIZATION, ROW_KEY, TIME, FileUntakable, Options, Report
from surveys.batches import Batch, Declared, Kind, State
from surveys.channels import BY_NUMBER
from surveys.clock import now
from surveys.happenings import tell
from surveys.models import Assessment, Tally
from surveys.refusals import NotFound, Refusal

WAITING = (State.UPLOADED, State.CHECKED)
KNOWN_BY = (ORGANIZATION, ROW_KEY, TIME)
DECIDES = {
    "columns": "столбцы поняты иначе",
    "questionnaire": "по другой анкете",
    "infer_filters": "с другим решением о вопросах без фильтра",
    "off_path": "с другим решением об ответах мимо фильтра",
    "separate": "с другим решением, считать ли строки без номера другими анкетами",
}
"""What changes the key of a row that has no number of its own: such a file is counted in one way alone."""


def begun(
    session: Session,
    setting: Setting,
    batch_id: int | None,
    *,
    kind: str,
    by: str,
    file_name: str,
    sha256: str,
) -> Batch:
    """The batch to count into, held until the transaction ends. Raises Refusal if it has been counted."""
    if batch_id is None:
        batch = Batch(
            campaign_id=setting.campaign_id, kind=kind, state=State.CHECKED, channel=setting.number,
            file_name=file_name[:255], file_sha256=sha256, made_by=by, made_at=now(),
        )  # fmt: skip
        session.add(batch)
        session.flush()
        return batch
    found = session.get(Batch, batch_id, with_for_update=True)
    if found is None or found.campaign_id != setting.campaign_id:
        raise NotFound("Такого пакета в этой кампании нет.")
    if found.state not in WAITING:
        raise Refusal(f"Пакет № {batch_id} уже посчитан или отменён: второй раз он не считается.")
    found.kind, found.channel, found.file_sha256 = kind, setting.number, sha256
    return found


def finished(session: Session, batch: Batch, state: State, options: Options, report: Report, by: str) -> None:
    """Write down what became of the batch; the trail is told."""
    batch.state = state
    batch.mapping = options.as_dict()
    batch.report = {**batch.report, **report.as_dict()}
    if state == State.COUNTED:
        counts = {"accepted": report.accepted, "updated": report.updated, "repeated": report.repeated}
        tell(
            session,
            by,
            "answers-imported",
            f"{batch.campaign_id}/{batch.id}",
            channel=report.channel,
            **counts,
        )


def counted_before(session: Session, setting: Setting, sha256: str) -> list[Batch]:
    """Batches of this campaign that counted this very file."""
    return list(
        session.scalars(
            select(Batch)
            .where(
                Batch.campaign_id == setting.campaign_id,
                Batch.file_sha256 == sha256,
                Batch.state == State.COUNTED,
                Batch.kind.in_((Kind.ANSWERS, Kind.COUNTERS)),
            )
            .order_by(Batch.id)
        )
    )


def must_be_new(
    session: Session, setting: Setting, sha256: str, options: Options, *, unnumbered: bool
) -> list[int]:
    """The batches that counted this very file in the same way. Raises FileUntakable if one did it in another.

    By another channel, about another organisation, known by other columns the same people would be counted twice;
    where rows have no number, so they would be by anything that changes what a row says.
    """
    before = counted_before(session, setting, sha256)
    now = options.as_dict()
    for batch in before:
        told = Options.from_dict(batch.mapping).as_dict()
        how = _otherwise(told, now, unnumbered=unnumbered)
        if batch.channel is not None and batch.channel != setting.number:
            how = f"канал «{BY_NUMBER[batch.channel].title}»"
        if how:
            raise FileUntakable(
                f"Этот файл уже посчитан пакетом № {batch.id}: {how}. Ещё раз те же люди не считаются. Если так было "
                f"неверно, отмените пакет на странице «Файлы» или командой nok answers undo {batch.id}."
            )
    return [batch.id for batch in before]


def _otherwise(told: Mapping[str, Any], now: Mapping[str, Any], *, unnumbered: bool) -> str:
    """How the file was counted before, where that differs so that its rows would get other keys; "" if it does not."""
    if told["sheet"] != now["sheet"]:
        return ""
    if told["organization"] != now["organization"]:
        whom = told["organization"]
        return f"все анкеты — организации {whom}" if whom else "организации — из столбца таблицы"
    if _knowing(told) != _knowing(now) or told["kind"] != now["kind"]:
        return "столбцы поняты иначе"
    if not unnumbered:
        return ""
    return next((how for name, how in DECIDES.items() if told[name] != now[name]), "")


def _knowing(told: Mapping[str, Any]) -> dict[str, str]:
    return {index: target for index, target in told["columns"].items() if target in KNOWN_BY}


def beside(session: Session, setting: Setting, assessments: Collection[int], *, counters: bool) -> list[str]:
    """A note where this channel has both rows and ready counters of one organisation: they add up."""
    mine = select(Assessment.id).where(Assessment.campaign_id == setting.campaign_id)
    if counters:
        had = select(Tally.assessment_id, func.sum(Tally.responses)).where(
            Tally.channel == setting.number, Tally.assessment_id.in_(mine)
        )
        rows = session.execute(had.group_by(Tally.assessment_id)).all()
    else:
        rows = session.execute(
            select(Declared.assessment_id, Declared.responses).where(
                Declared.channel == setting.number, Declared.assessment_id.in_(mine)
            )
        ).all()
    there = [count for assessment, count in rows if count and assessment in assessments]
    if not there:
        return []
    what = "посчитаны и анкеты" if counters else "есть и готовые счётчики"
    return [
        f"По организациям этого файла ({len(there)}) в том же канале {what}: {sum(there)}. Они складываются. Если это "
        "одни и те же люди, отмените один из пакетов."
    ]
