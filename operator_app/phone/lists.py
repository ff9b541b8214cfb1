"""A list of people to call, out of CSV or XLSX. A row that is refused is known by its number and the reason alone."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from accounts import audit
from operator_app.phone import numbers, zones
from operator_app.phone.sealing import Keys, Person, keys_for, keys_of, row_name
from operator_app.phone.tables import Contact, Forgotten
from surveys.answers.places import Nowhere, Places, of_campaign
from surveys.db import writing
from surveys.intake import KEY_BITS
from surveys.models import Campaign
from surveys.refusals import Refusal
from surveys.registry.reading import FileRefused, Sheet, read

LONGEST = {"name": 80, "note": 200}
CHUNK = 2000
ORGANIZATION = ("code", "inn", "ogrn", "organization")
TITLES = {
    "phone": "Телефон",
    "organization": "Организация",
    "code": "Код",
    "inn": "ИНН",
    "ogrn": "ОГРН",
    "zone": "Часовой пояс",
    "name": "Как обращаться",
    "note": "Примечание",
}
HEADINGS = {
    "phone": (
        "телефон",
        "номер телефона",
        "номер",
        "тел",
        "тел.",
        "мобильный",
        "контактный телефон",
        "phone",
    ),
    "code": ("код", "код организации", "code"),
    "inn": ("инн", "инн организации", "inn"),
    "ogrn": ("огрн", "огрн организации", "ogrn"),
    "organization": (
        "организация",
        "наименование организации",
        "название организации",
        "учреждение",
        "organization",
    ),
    "name": ("имя", "фио", "как обращаться", "имя и отчество", "имя отчество", "name"),
    "zone": ("часовой пояс", "пояс", "время", "zone", "timezone"),
    "note": ("примечание", "комментарий", "заметка", "note"),
}


class Line(NamedTuple):
    """One understood row."""

    assessment_id: int
    person: Person
    zone: str


class Refused(NamedTuple):
    """One refused row; `value` is shown to whoever sent the file and kept nowhere."""

    row: int
    column: str
    value: str
    reason: str


@dataclass
class Report:
    """What became of a list's rows; nothing in it but `refused[].value` says anything of a person."""

    accepted: int = 0
    repeated: int = 0
    refused: list[Refused] = field(default_factory=list)
    ignored_columns: tuple[str, ...] = ()

    def as_dict(self, *, dry_run: bool) -> dict[str, Any]:
        """As every import prints it (contracts §2); a value would be somebody's number, so there is none."""
        refused = [
            {"row": one.row, "column": one.column, "value": "", "reason": one.reason} for one in self.refused
        ]
        return {
            "accepted": self.accepted,
            "updated": 0,
            "repeated": self.repeated,
            "refused": refused,
            "ignored_columns": list(self.ignored_columns),
            "dry_run": dry_run,
            "batch": None,
        }


def read_list(
    session: Session, campaign: Campaign, path: Path | str, zone: str = ""
) -> tuple[list[Line], Report]:
    """The rows of a file, understood or refused; `zone` is for rows that name none. Raises Refusal, FileRefused."""
    sheet = _sheet(path)
    if not set(ORGANIZATION) & set(sheet.columns):
        raise Refusal(
            "Нет столбца с организацией: нужен код, ИНН, ОГРН или название. Назовите столбец «Организация»."
        )
    places, default = of_campaign(session, campaign.id), zone or zones.of_region(campaign.region.name)
    lines, report = [], Report(ignored_columns=sheet.ignored)
    for number, cells in sheet.rows:
        told = {name: _clean(cell) for name, cell in zip(sheet.columns, cells, strict=False) if name}
        try:
            lines.append(_line(told, places, default))
        except _Unfit as unfit:
            report.refused.append(Refused(number, TITLES[unfit.column], unfit.value, unfit.reason))
    return lines, report


def load(
    secret: str, campaign_id: int, lines: Sequence[Line], report: Report, actor: str, *, dry_run: bool = False
) -> None:
    """Seal and store every number that the campaign does not know yet.

    Sealing takes longer than storing and is done between two transactions, so that answers are not kept waiting.
    """
    with writing() as session:
        keys = keys_for(session, secret, campaign_id)
        if dry_run:
            session.rollback()
    rows = [_row(keys, campaign_id, line) for line in lines]
    with writing() as session:
        if not dry_run and keys_of(session, secret, campaign_id) != keys:
            raise Refusal("Пока список читали, кампания закрылась: номера не загружены.")
        _store(session, campaign_id, rows, report)
        told = {"accepted": report.accepted, "repeated": report.repeated, "refused": len(report.refused)}
        audit.record(session, actor, "contacts-imported", str(campaign_id), **told)
        if dry_run:
            session.rollback()


def _store(session: Session, campaign_id: int, rows: Iterable[dict[str, Any]], report: Report) -> None:
    known = _known(session, campaign_id)
    fresh = []
    for row in rows:
        if row["mark"] in known:
            report.repeated += 1
        else:
            known.add(row["mark"])
            fresh.append(row)
    report.accepted = len(fresh)
    fresh.sort(key=itemgetter("key"))  # as the table lies: nothing is moved aside for the next
    for start in range(0, len(fresh), CHUNK):
        session.execute(insert(Contact.__table__), fresh[start : start + CHUNK])  # type: ignore[arg-type]


def _sheet(path: Path | str) -> Sheet:
    """The refusal of a table must not quote its first row: in a list without headings that is somebody's number."""
    try:
        return read(path, {word: name for name, words in HEADINGS.items() for word in words}, ("phone",))
    except FileRefused as error:
        if "нет столбцов" not in str(error):
            raise
        words = (
            "В первой строке нет столбца «Телефон»: добавьте заголовки, например «Телефон; Организация; Имя»."
        )
        raise FileRefused(words) from None


class _Unfit(Exception):
    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


def _line(told: Mapping[str, str], places: Places, default: str) -> Line:
    try:
        number = numbers.understood(told.get("phone", ""))
    except numbers.NotANumber as error:
        raise _Unfit("phone", told.get("phone", ""), str(error)) from error
    assessment_id = _about(told, places)
    zone = zones.understood(told["zone"]) if told.get("zone") else default
    if zone is None:
        raise _Unfit(
            "zone",
            told["zone"],
            "Пояс не понят: напишите «МСК+2», «UTC+5» или город, например «Екатеринбург».",
        )
    for column, longest in LONGEST.items():
        if len(told.get(column, "")) > longest:
            raise _Unfit(column, told[column], f"Слишком длинно: нужно не больше {longest} знаков.")
    extension = f"добавочный {number.extension}" if number.extension else ""
    note = ", ".join(filter(None, (extension, told.get("note", ""))))
    return Line(assessment_id, Person(number.e164, told.get("name", ""), note), zone)


def _about(told: Mapping[str, str], places: Places) -> int:
    """The one organisation that a row names; a row may name it in several ways at once. Raises _Unfit."""
    columns = [column for column in ORGANIZATION if told.get(column)]
    if not columns:
        raise _Unfit("organization", "", "Не сказано, о какой организации спрашивать.")
    found = places.find(tuple(told[column] for column in columns))
    if isinstance(found, Nowhere):
        column = columns[found.cell]
        raise _Unfit(column, told[column], f"{found.reason[:1].upper()}{found.reason[1:]}. {found.advice}")
    return found.assessment_id


def _known(session: Session, campaign_id: int) -> set[str]:
    """Marks of the numbers that are or were on the list: one person is called about one organisation."""
    here = select(Contact.mark).where(Contact.campaign_id == campaign_id, Contact.mark.is_not(None))
    gone = select(Forgotten.mark).where(Forgotten.campaign_id == campaign_id)
    return {mark for query in (here, gone) for mark in session.scalars(query) if mark is not None}


def _row(keys: Keys, campaign_id: int, line: Line) -> dict[str, Any]:
    key = secrets.randbits(KEY_BITS)
    return {
        "key": key,
        "campaign_id": campaign_id,
        "assessment_id": line.assessment_id,
        "sealed": keys.sealed(line.person, row_name(campaign_id, line.assessment_id, key)),
        "mark": keys.mark(line.person.number),
        "zone": line.zone,
        "finished": False,
        "attempts": 0,
    }


def _clean(cell: str) -> str:
    """Without what no screen shows: a zero byte, half a surrogate."""
    kept: Sequence[str] = [c if c.isprintable() else " " for c in cell if not 0xD800 <= ord(c) <= 0xDFFF]
    return " ".join("".join(kept).split())
