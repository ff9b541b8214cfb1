"""The table to fill in: human headings above codes, drop-downs, the campaign's organisations, how to fill it in."""

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from surveys.models import Organization
from surveys.questionnaire import Question, Questionnaire

READY_ROWS = 5_000
FIRST_ROW = 3
_HEAD = PatternFill("solid", fgColor="E8EEF7")
_CODES = PatternFill("solid", fgColor="F5F5F5")


def template(questionnaire: Questionnaire, organizations: Iterable[Organization]) -> bytes:
    """See `surveys.answers.template`."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Анкеты"
    listed = sorted(
        ((one.code, one.name, one.address) for one in organizations), key=lambda one: (one[1], one[0])
    )
    columns = [
        ("row_key", "№ анкеты"),
        ("date", "Дата"),
        ("organization", "Организация: код с листа «Организации»"),
        *((question.id, _heading(question)) for question in questionnaire.questions),
    ]
    _headings(sheet, columns)
    _choices(sheet, questionnaire.questions, len(columns) - len(questionnaire.questions) + 1)
    _organizations(book.create_sheet("Организации"), listed)
    _drop_down(sheet, 3, f"Организации!$A$2:$A${max(2, len(listed) + 1)}", as_range=True)
    _manual(book.create_sheet("Как заполнять"), questionnaire)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _heading(question: Question) -> str:
    return f"{question.number}. {question.caption}" if question.number else question.caption


def _headings(sheet: Worksheet, columns: Sequence[tuple[str, str]]) -> None:
    for place, (code, heading) in enumerate(columns, 1):
        top, below = sheet.cell(1, place, heading), sheet.cell(2, place, code)
        top.font, top.fill = Font(bold=True), _HEAD
        top.alignment = Alignment(wrap_text=True, vertical="top")
        below.font, below.fill = Font(color="777777", size=9), _CODES
        sheet.column_dimensions[get_column_letter(place)].width = 14 if place <= 2 else 22
    sheet.row_dimensions[1].height = 75
    sheet.freeze_panes = "D3"
    sheet.cell(2, 1).comment = Comment(
        "Коды столбцов: по ним таблица читается. Не меняйте эту строку.", "НОК"
    )


def _choices(sheet: Worksheet, questions: Sequence[Question], first: int) -> None:
    for column, question in enumerate(questions, first):
        if question.choices and question.profile != "age":
            words = ",".join(choice.text for choice in question.choices if "," not in choice.text)
            if len(words) < 250:  # what Excel keeps of a list
                _drop_down(sheet, column, words, as_range=False)


def _drop_down(sheet: Worksheet, column: int, what: str, *, as_range: bool) -> None:
    formula = what if as_range else f'"{what}"'
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=not as_range)
    rule.error, rule.errorTitle = "Выберите ответ из списка или оставьте пустым.", "Такого ответа нет"
    letter = get_column_letter(column)
    rule.add(f"{letter}{FIRST_ROW}:{letter}{READY_ROWS}")
    sheet.add_data_validation(rule)


def _organizations(sheet: Worksheet, listed: Sequence[tuple[str, str, str]]) -> None:
    sheet.append(["Код", "Наименование", "Адрес"])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), _HEAD
    for row in listed:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"  # a name that begins with «=» is a name
    for letter, width in (("A", 14), ("B", 70), ("C", 60)):
        sheet.column_dimensions[letter].width = width


def _manual(sheet: Worksheet, questionnaire: Questionnaire) -> None:
    lines = [
        f"Анкета: {questionnaire.title}",
        "",
        "Одна строка — один человек. Первые две строки листа «Анкеты» не меняйте.",
        "№ анкеты — номер, который вы поставили на бумаге или в журнале; у одной организации номера не повторяются.",
        "Строка, которая придёт ещё раз с тем же номером, заменит прежнюю: так исправляют ошибки.",
        "Дата — день, когда человек ответил. Пусто — день загрузки.",
        "Организация — код с листа «Организации»; можно ИНН, ОГРН или точное название.",
        "Ответы: «Да», «Нет», «Не пользовался», где это есть в списке. Не ответил — оставьте пустым.",
        "Возраст — числом полных лет. Имён, телефонов и сведений о здоровье не пишите.",
        "",
        "Кого о чём спрашивают:",
    ]
    for question in questionnaire.questions:
        for name, value in question.when.items():
            gate = questionnaire.question(name)
            answer = next((choice.text for choice in gate.choices if choice.value == value), value)
            lines.append(f"«{question.caption}» — только если на «{gate.caption}» ответили «{answer}».")
    lines += ["", "Вопросы полностью:"]
    lines += [f"{question.number or '—'}. {question.wording}" for question in questionnaire.questions]
    for line in lines:
        sheet.append([line])
    sheet.column_dimensions["A"].width = 120
    for row in sheet.iter_rows():
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
