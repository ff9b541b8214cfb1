"""The last sheets: means of municipalities, and how anybody checks the workbook."""

from collections.abc import Iterator

from flask_babel import gettext as _

from documents.figures import pinned
from documents.presentation import dated
from documents.workbook import formulas
from documents.workbook.places import (
    CHECK,
    CRITERIA,
    MEANS,
    NONE,
    RATING,
    YES,
    Columns,
    column,
    counts_column,
)
from documents.workbook.sheets import Formula, Paper
from surveys import territories
from surveys.results import CampaignResults

PLACES_SHEET = "Муниципалитеты"


def municipalities(paper: Paper, results: CampaignResults, columns: Columns) -> None:
    """Plain means of totals by municipality; no sheet where nobody names one."""
    found = territories.municipalities(results)
    if not found:
        return
    size = len(results.standings)
    sheet = paper.sheet(PLACES_SHEET, (44, 14, 14, 14))
    heads = [_("Муниципалитет"), _("Оценено организаций"), _("Средний итог"), _("Точно")]
    sheet.entitle(_("Муниципалитеты: средние итоги проверенных организаций"), "", {}, heads, 0)
    where, seen = counts_column("municipality", size), counts_column("inspected", size)
    exact = column(columns.criteria_exact["total"], size, CRITERIA)
    rated = column("N", size, RATING)
    for at, one in enumerate(found):
        row, name = MEANS + at, f"A{MEANS + at + 1}"
        sheet.put(row, 0, one.name or _("Муниципалитет не указан"), paper.text)
        told = f'=COUNTIFS({where},{name},{rated},">=0")'
        sheet.put(row, 1, Formula(told), paper.number, one.organizations)
        mean = f'AVERAGEIFS({exact},{where},{name},{seen},"{YES}")'
        told = "=" + formulas.known(mean, f"B{row + 1}>0")
        sheet.put(row, 3, Formula(told), paper.exact, one.total.value if one.total else NONE)
        printed = float(one.total.printed) if one.total else NONE
        sheet.put(row, 2, Formula(formulas.printed(f"D{row + 1}")), paper.strong, printed)


def checking(paper: Paper, results: CampaignResults) -> None:
    """«Как проверить»: in words, with a count of what does not agree."""
    sheet = paper.sheet(CHECK, (4, 110, 14))
    sheet.put(0, 0, _("Как проверить"), paper.title)
    told = column("R", len(results.standings), RATING)
    sheet.put(
        2, 1, _("Организаций, у которых итог или место в этой книге не сходятся с программой:"), paper.words
    )
    sheet.put(2, 2, Formula(f'=COUNTIF({told},"НЕТ")'), paper.number, 0)
    for at, text in enumerate(_sentences(results), 4):
        sheet.put(at, 1, text, paper.words)


def _sentences(results: CampaignResults) -> Iterator[str]:
    facts = results.facts
    yield _(
        "1. Лист «Исходные» — сколько людей ответили и сказали «да», что нашла проверка. "
        "Это и только это вошло в расчёт."
    )
    yield _(
        "2. Лист «Правила» — числа порядка: веса, баллы, пределы. Формулы ссылаются на эти ячейки по именам: "
        "Вес_1_1, Баллы_1_2, Предел_1_2."
    )
    yield _(
        "3. Листы «Показатели», «Критерии», «Рейтинг» — формулы. Встаньте на ячейку: в строке формул видно, "
        "из чего она посчитана."
    )
    yield _(
        "4. Измените число на листе «Исходные» — изменятся показатель, критерий, итог и место. "
        "Чтобы вернуть, закройте файл без сохранения."
    )
    yield _(
        "5. В последних столбцах «Рейтинга» — то, что посчитала программа. Пока вы ничего не меняли, "
        "в столбце «Сходится?» везде «да»."
    )
    yield _("н/д — нет данных: на вопрос никто не ответил или проверки не было. Это не ноль и не сто.")
    if facts.practice.rounding == "end":
        yield _(
            "Критерии и итог считаются по точным значениям (серые столбцы). "
            "Округляется только напечатанное, половина — вверх."
        )
    else:
        yield _("Округление на промежуточных шагах записано в формулах: так решено для этой кампании.")
    yield _(
        "Таблица считает до шестнадцатой цифры, поэтому перед округлением хвост после десятого знака "
        "отбрасывается."
    )
    if any(one.together is not None for one in results.standings):
        yield _(
            "Итога головной организации вместе с филиалами здесь нет: он в документе PDF и в данных JSON."
        )
    yield _(
        "Без таблицы то же пересчитывает программа: вложение input.json из документа PDF "
        "и команда nok indicators."
    )
    yield _(
        "Кампания: %(name)s, сбор с %(start)s по %(end)s.",
        name=facts.title,
        start=dated(facts.starts_on),
        end=dated(facts.ends_on).removesuffix("."),  # the sentence ends with one
    )
    named = (
        (_("Основание"), facts.order),
        (_("Оператор"), facts.operator),
        (_("Общественный совет"), facts.council),
    )
    for name, value in named:
        if value:
            yield f"{name}: {value}"
    for name, value in pinned(facts):
        yield f"{name}, SHA-256: {value}"
