"""The row of a batch: claimed by one at a time, and told what became of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys.answers.settings import Setting
from surveys.answers.shapes import FileUntakable, Options, Report
from surveys.batches import Batch, State
from surveys.channels import BY_NUMBER
from surveys.happenings import tell
from surveys.refusals import NotFound, Refusal

WAITING = (State.UPLOADED, State.CHECKED)


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
            file_name=file_name[:255], file_sha256=sha256, made_by=by, made_at=datetime.now(UTC).replace(tzinfo=None),
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
            select(Batch).where(
                Batch.campaign_id == setting.campaign_id,
                Batch.file_sha256 == sha256,
                Batch.state == State.COUNTED,
            )
        )
    )


def must_be_new(
    session: Session, setting: Setting, sha256: str, options: Mapping[str, Any], *, unnumbered: bool
) -> None:
    """The same file by another channel, or read otherwise, would be counted twice. Raises FileUntakable."""
    for batch in counted_before(session, setting, sha256):
        way_out = f"Если так было неверно, отмените пакет на странице «Файлы» или командой nok answers undo {batch.id}."
        if batch.channel is not None and batch.channel != setting.number:
            title = BY_NUMBER[batch.channel].title
            raise FileUntakable(f"Этот файл уже посчитан пакетом № {batch.id}, канал «{title}». {way_out}")
        told = batch.mapping
        same = all(told.get(name) == options.get(name) for name in ("columns", "questionnaire"))
        if unnumbered and told.get("sheet") == options.get("sheet") and not same:
            raise FileUntakable(
                f"Этот файл уже посчитан пакетом № {batch.id}, но столбцы поняты иначе. {way_out}"
            )
