"""Taking a list of organisations in: the new is added, the known updated, nothing doubled (contracts §4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import codes
from surveys.models import Municipality, Organization, Region, searchable
from surveys.registry import OrganizationRow, Parsed, Refusal, Replaced, key

COPIED = (
    "name",
    "short_name",
    "inn",
    "ogrn",
    "kpp",
    "oktmo",
    "agency_id",
    "sector",
    "kind",
    "address",
    "website",
    "recipients_per_year",
)
SHOWN_REFUSALS = 20
BLANK_ROWS = 300
HEADINGS = (
    "Наименование",
    "Краткое наименование",
    "Сфера",
    "Регион",
    "Муниципальное образование",
    "ИНН",
    "ОГРН",
    "КПП",
    "Получателей за год",
    "Адрес",
    "Сайт",
    "ИНН головной организации",
)


@dataclass
class Report:
    """What became of a list's rows; `batch` is empty, for organisations are not undone by batch."""

    accepted: int = 0
    updated: int = 0
    repeated: int = 0
    refused: list[Refusal] = field(default_factory=list)
    replaced: tuple[Replaced, ...] = ()
    ignored_columns: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As every import prints it (contracts §2)."""
        return {
            "accepted": self.accepted,
            "updated": self.updated,
            "repeated": self.repeated,
            "refused": [
                {"row": one.row, "column": one.column, "value": one.value, "reason": one.reason}
                for one in self.refused
            ],
            "replaced": [{"row": one.row, "by": one.by} for one in self.replaced],
            "ignored_columns": list(self.ignored_columns),
            "batch": None,
        }


def take_in(session: Session, parsed: Parsed, *, strict: bool = False) -> Report:
    """Add or update every good row; under `strict` one refused row means that nothing is taken."""
    known = {one.key: one for one in session.scalars(select(Organization))}
    rows = {_digest(row): (number, row) for number, row in parsed.rows}
    orphans = _orphans(rows, known)
    report = Report(
        updated=len(parsed.replaced),
        repeated=parsed.repeated,
        refused=sorted([*parsed.refused, *orphans.values()], key=lambda one: one.row),
        replaced=parsed.replaced,
        ignored_columns=parsed.ignored_columns,
    )
    if strict and report.refused:
        return Report(refused=report.refused, ignored_columns=report.ignored_columns)
    places = _Places(session)
    taken = set(session.scalars(select(Organization.code)))
    for digest, (_number, row) in rows.items():
        if digest in orphans:
            continue
        found = known.get(digest)
        if found is None:
            found = known[digest] = Organization(key=digest, code=_free_code(taken))
            _copy(row, found, places)
            session.add(found)
            report.accepted += 1
        elif _copy(row, found, places):
            report.updated += 1
        else:
            report.repeated += 1
    session.flush()
    _adopt(rows, known, orphans)
    session.flush()
    return report


def _digest(row: OrganizationRow) -> str:
    return sha256(key(row).encode()).hexdigest()


def _orphans(
    rows: Mapping[str, tuple[int, OrganizationRow]], known: Mapping[str, Organization]
) -> dict[str, Refusal]:
    """Branches whose head office is neither in the list nor in the database: they wait for it."""
    heads = {one.inn for one in known.values() if one.inn and one.parent_id is None}
    heads |= {row.inn for _number, row in rows.values() if row.inn and not row.parent_inn}
    reason = "нет головной организации с таким ИНН: загрузите её вместе с филиалом или раньше"
    return {
        digest: Refusal(number, "parent_inn", row.parent_inn, reason)
        for digest, (number, row) in rows.items()
        if row.parent_inn and row.parent_inn not in heads
    }


def _copy(row: OrganizationRow, organization: Organization, places: "_Places") -> bool:
    """Write the row into the organisation; was anything new? An empty cell forgets nothing that was known."""
    region, municipality = places.of(row.region, row.municipality)
    told = {name: getattr(row, name) for name in COPIED}
    told |= {"region_id": region, "municipality_id": municipality}
    fresh = organization.id is None
    changed = False
    for name, value in told.items():
        if value in ("", None) and not fresh:
            continue
        if getattr(organization, name) != value:
            setattr(organization, name, value)
            changed = True
    organization.search = searchable(organization.name, organization.short_name)
    return changed


def _free_code(taken: set[str]) -> str:
    while (code := codes.fresh()) in taken:
        continue
    taken.add(code)
    return code


def _adopt(
    rows: Mapping[str, tuple[int, OrganizationRow]],
    known: Mapping[str, Organization],
    orphans: Mapping[str, Refusal],
) -> None:
    """Lead each branch to its head: the organisation with that INN which is nobody's branch."""
    branches = {
        digest: row for digest, (_number, row) in rows.items() if row.parent_inn and digest not in orphans
    }
    heads = {
        one.inn: one
        for digest, one in known.items()
        if one.inn and one.parent_id is None and digest not in branches
    }
    for digest, row in branches.items():
        known[digest].parent_id = heads[row.parent_inn].id


class _Places:
    """Regions and municipalities by name, made when first met."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.regions = {one.name: one.id for one in session.scalars(select(Region))}
        self.municipalities = {
            (one.region_id, one.name): one.id for one in session.scalars(select(Municipality))
        }

    def of(self, region: str, municipality: str) -> tuple[int | None, int | None]:
        """The numbers of a region and a municipality in it."""
        if not region:
            return None, None
        if region not in self.regions:
            self.regions[region] = self._made(Region(name=region))
        region_id = self.regions[region]
        if not municipality:
            return region_id, None
        if (region_id, municipality) not in self.municipalities:
            made = self._made(Municipality(region_id=region_id, name=municipality))
            self.municipalities[region_id, municipality] = made
        return region_id, self.municipalities[region_id, municipality]

    def _made(self, place: Region | Municipality) -> int:
        self.session.add(place)
        self.session.flush()
        return place.id


def blank() -> bytes:
    """An XLSX with headings alone, in the words that the reader knows; numbers are text, so that no nought is lost."""
    book, out = Workbook(), BytesIO()
    sheet = book.active
    sheet.title = "Организации"
    sheet.append(HEADINGS)
    for column, heading in enumerate(HEADINGS, 1):
        sheet.cell(1, column).font = Font(bold=True)
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = max(16, len(heading) + 2)
        for row in range(2, BLANK_ROWS + 2):
            sheet.cell(row, column).number_format = "@"
    sheet.freeze_panes = "A2"
    book.save(out)
    return out.getvalue()


def facts(organization: Organization) -> dict[str, Any]:
    """An organisation for a machine."""
    return {
        "code": organization.code,
        **{name: getattr(organization, name) for name in COPIED},
        "region": organization.region.name if organization.region else "",
        "municipality": organization.municipality.name if organization.municipality else "",
        "parent": organization.parent.code if organization.parent else None,
    }


def in_words(told: Mapping[str, Any]) -> str:
    """The report for a person."""
    lines = [
        "Пробный прогон, ничего не записано." if told["dry_run"] else "Готово.",
        f"Новых: {told['accepted']}, обновлено: {told['updated']}, без изменений: {told['repeated']}, "
        f"отклонено: {len(told['refused'])}.",
    ]
    if told["ignored_columns"]:
        lines.append(f"Не прочитаны столбцы: {', '.join(told['ignored_columns'])}.")
    lines += [
        f"  строка {one['row']} заменена строкой {one['by']}: у них один ОГРН или ИНН с тем же КПП или адресом"
        for one in told["replaced"][:SHOWN_REFUSALS]
    ]
    lines += _refusals(told["refused"])
    return "\n".join(lines)


def _refusals(refused: Iterable[Mapping[str, Any]]) -> list[str]:
    every = list(refused)
    lines = [
        f"  строка {one['row']}, {one['column']}: «{one['value']}» — {one['reason']}"
        for one in every[:SHOWN_REFUSALS]
    ]
    more = len(every) - SHOWN_REFUSALS
    return [*lines, f"  … и ещё {more}; полный список: --json"] if more > 0 else lines
