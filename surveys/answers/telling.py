"""A report for a person at a terminal."""

from collections.abc import Sequence
from pathlib import Path

from surveys.answers.shapes import Found, Report

SHOWN = 20


def in_words(report: Report, refused_to: Path | None = None) -> str:
    """The whole report in lines; of refused rows the first."""
    begun = "Ничего не посчитано: есть негодные строки." if report.stopped else "Готово."
    lines = ["Пробный прогон, ничего не записано." if report.dry_run else begun]
    what = "организаций" if report.kind == "counters" else "анкет"
    lines.append(
        f"Строк: {report.rows}. Новых {what}: {report.accepted}, исправлено: {report.updated}, "
        f"посчитаны раньше: {report.repeated}, не принято: {len(report.refused)}."
    )
    if report.batch is not None:
        lines.append(f"Пакет № {report.batch}. Отменить: nok answers undo {report.batch}")
    lines += [f"! {note}" for note in report.notes]
    lines += _listed("Не приняты:", report.refused)
    lines += _listed("Приняты, но:", report.warnings)
    if refused_to is not None and report.refused:
        lines.append(f"Непринятые строки: {refused_to}. Исправьте их там и загрузите этот файл.")
    return "\n".join(lines)


def _listed(title: str, found: Sequence[Found]) -> list[str]:
    if not found:
        return []
    lines = [title]
    lines += [
        f"  строка {one.row}, {one.column[:60]}: «{one.value}» — {one.reason}. {one.advice}"
        for one in found[:SHOWN]
    ]
    more = len(found) - SHOWN
    return [*lines, f"  … и ещё {more}; полный список: --json"] if more > 0 else lines
