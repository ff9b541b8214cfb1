"""What is said about a file as a whole: loudly where answers are left uncounted."""

from collections import Counter
from collections.abc import Mapping, Sequence

from surveys.answers.identity import By
from surveys.answers.settings import Setting
from surveys.answers.shapes import SKIP, TIME, UNKNOWN, Column, Report
from surveys.measures import FILTER_OF

MANY = 3
FEW = 50  # one row in so many may be without number and time, and nothing is said
INFERRED = ("stand_seen", "site_seen")


def about_columns(columns: Sequence[Column], setting: Setting) -> list[str]:
    """Columns that were not read and questions that have none."""
    notes = []
    unread = [column for column in columns if column.target in (SKIP, UNKNOWN) and column.heading]
    if unread:
        notes.append("Не прочитаны столбцы: " + "; ".join(map(_unread, unread)) + ".")
    notes += [f"{one.name}: {one.why}." for one in columns if one.target == TIME and one.sure and one.why]
    at = {column.target for column in columns}
    absent = [q for q in setting.questionnaire.closed if q.id not in at and q.profile is None]
    if absent:
        named = "; ".join(f"{q.number}. {q.caption}" if q.number else q.caption for q in absent)
        notes.append(f"В таблице нет столбцов для вопросов: {named}")
    return notes


def _unread(column: Column) -> str:
    return f"{column.letter} «{column.heading[:60]}»" + (f" — {column.why}" if column.why else "")


def unfiltered(counted: Counter[str], setting: Setting) -> list[str]:
    """Answers that were not counted because the table has no column of their filter."""
    notes = []
    for id, rows in counted.items():
        question = setting.questionnaire.question(id)
        filter_ = FILTER_OF.get(question.measure or "", next(iter(question.when), ""))
        gate = setting.questionnaire.question(next(iter(question.when)))
        way = (
            " Если спрашивали только тех, кто обращался, загрузите с пометкой «считать, что обращались»."
            if filter_ in INFERRED
            else ""
        )
        notes.append(
            f"Ответы на вопрос «{question.caption}» не посчитаны ({rows}): в таблице нет столбца с вопросом "
            f"«{gate.caption}», и неизвестно, кого о нём спрашивали.{way}"
        )
    return notes


def about_rows(
    report: Report, by: Mapping[By, int], outside: int, setting: Setting, *, known: bool = False
) -> list[str]:
    """What the rows together give away; `known`: these very bytes were counted before."""
    notes = []
    shifted = sum("столбцы сдвинуты" in one.reason for one in report.refused)
    if shifted >= MANY and shifted * 2 > report.rows:
        notes.append(
            "Почти во всех строках ответы стоят не в своих столбцах: похоже, столбец сдвинут во всём файле."
        )
    if outside:
        first, last = setting.starts_on, setting.ends_on
        notes.append(
            f"Дата ответа вне дней сбора ({first:%d.%m.%Y} — {last:%d.%m.%Y}): {outside}. Они посчитаны."
        )
    unnumbered = by[By.ANSWERS] * FEW > sum(by.values())
    if known:
        notes.append("Точно этот файл уже посчитан: то, что в нём было, второй раз не прибавлено.")
    elif unnumbered and report.repeated:
        way = "загрузите" if report.dry_run else "отмените этот пакет и загрузите"
        notes.append(
            "У анкет нет номера и времени, а ответы тех же организаций уже посчитаны точно такие же "
            f"({report.repeated}): они не прибавлены. Если это другие люди, {way} файл с пометкой «другие анкеты»."
        )
    elif unnumbered:
        notes.append(
            "У анкет нет номера и времени: исправленная строка при новой загрузке посчитается ещё раз. Прежде чем "
            "загружать исправленный файл, отмените этот пакет."
        )
    if by[By.NUMBER] and report.accepted and (report.updated or report.repeated):
        notes.append(
            "Часть номеров уже посчитана, часть новая у своих организаций. Если вы исправили в строке организацию, "
            "анкета под прежней организацией осталась: отмените пакет, которым она пришла."
        )
    if report.updated:
        notes.append(
            f"Анкет, которые заменили посчитанные раньше под тем же номером или временем: {report.updated}."
        )
    return notes
