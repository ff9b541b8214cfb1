"""The council's result of a campaign as a report: sections of words, tables and charts, as documents.blocks has them.

Figures are those of the results, nothing is computed here; `report_docx` makes an editable file of it, documents.bound
the document of the council, with the annexes of documents.council_annexes behind it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _

from documents import blocks
from documents.beside import ranged, spanned
from documents.blocks import FIGURE, TEXT
from documents.charts import WIDE
from documents.council_annexes import indicators, rules
from documents.council_criteria import criteria, means_of
from documents.figures import captioned
from documents.overview import Overview, campaign_view
from documents.presentation import BLOCKS, called, cell, dated, scored
from surveys.display import channel, sector, thousands
from surveys.results import CampaignFacts, CampaignResults, Standing

MANY = 1_000  # organisations: a table of fifteen columns for more of them is no text to be edited


def council_report(results: CampaignResults, proposals: str = "") -> dict[str, Any]:
    """The whole report; `proposals` are the words that the council was given, empty: those of missing items."""
    view = campaign_view(results, results.facts.norm, WIDE)
    last = [indicators(results, MANY), rules(results, view)]
    return {"cover": cover(results), "sections": list(_numbered([*_body(results, view, proposals), *last]))}


def council_sections(results: CampaignResults, proposals: str = "") -> Iterator[blocks.Section]:
    """The report without its last tables, which are annexes of the bound document, a section at a time."""
    view = campaign_view(results, results.facts.norm, WIDE)
    return _numbered(_body(results, view, proposals))


def _numbered(sections: Iterable[blocks.Section]) -> Iterator[blocks.Section]:
    for number, section in enumerate(sections, 1):
        yield {**section, "title": f"{number}. {section['title']}"}


def _body(results: CampaignResults, view: Overview, proposals: str) -> Iterator[blocks.Section]:
    yield _sample(results, view)
    yield _means(results, view)
    yield from criteria(results, view)
    yield _rating(results)
    yield _deficiencies(results)
    yield blocks.section("proposals", _("Предложения"), proposals or _absent(results))


def stamp(facts: CampaignFacts, day: str) -> dict[str, str]:
    """What is printed on it: approved, with the meeting and the release, or not yet."""
    if facts.issue is None:
        state = _("Предварительные результаты: не утверждены советом")
        return {"state": str(state), "foot": str(_("Предварительные результаты")), "day": day, "sha256": ""}
    issue = facts.issue
    held = _(" от %(day)s", day=dated(issue.held_on)) if issue.held_on else ""
    approved = _("Утверждено: протокол № %(number)s%(held)s", number=issue.meeting, held=held)
    told = str(approved if issue.meeting else _("Утверждено"))
    return {"state": told, "foot": str(_("Выпуск № %(n)s", n=issue.version)), "day": day, "sha256": ""}


def cover(results: CampaignResults) -> dict[str, Any]:
    """The title page: what was assessed, by whom, on what ground."""
    facts, issue = results.facts, results.facts.issue
    period = _("с %(start)s по %(end)s", start=dated(facts.starts_on), end=dated(facts.ends_on))
    lines = [
        (_("Основание"), facts.order),
        (_("Оператор"), facts.operator),
        (_("Общественный совет"), facts.council),
        (_("Сфера"), sector(facts.sector)),
        (_("Территория"), facts.region),
        (_("Сбор ответов"), period),
        (_("Порядок расчёта"), facts.norm.title),
        (_("Организаций"), thousands(len(results.standings))),
        (_("Анкет"), thousands(results.responses)),
        (_("Средняя итоговая оценка"), scored(results.means.get("total"))),
        (_("Контрольная сумма выпуска (SHA-256)"), issue.sha256 if issue else ""),
    ]
    return {
        "title": _("Результаты независимой оценки качества условий оказания услуг"),
        "campaign": facts.title,
        "year": facts.year,
        "demo": facts.demo,
        "lines": [[str(name), str(value)] for name, value in lines if value],
    }


def _sample(results: CampaignResults, view: Overview) -> blocks.Section:
    told = [_("Получено анкет: %(n)s.", n=thousands(results.responses))]
    if view.target:
        told.append(
            _(
                "Норма — %(target)s; набрали норму организаций: %(reached)s, всего организаций: %(all)s.",
                target=thousands(view.target),
                reached=thousands(view.reached),
                all=thousands(view.organizations),
            )
        )
    if view.digital is not None:
        told.append(
            _(
                "Через bus.gov.ru — %(share)s %%, требуется не меньше %(target)s %%.",
                share=view.digital,
                target=view.digital_target,
            )
        )
    head = ((_("Канал"), TEXT, 70), (_("Анкет"), FIGURE, 30))
    rows = [(channel(code), thousands(count)) for code, count in view.channels]
    return blocks.section(
        "sample", _("Выборка и каналы"), " ".join(told), [blocks.table(_("Анкеты по каналам"), head, rows)]
    )


def _means(results: CampaignResults, view: Overview) -> blocks.Section:
    norm = results.facts.norm
    made = [
        blocks.chart(_("Средние баллы по критериям"), list(captioned(means_of(results, norm.criteria)))),
        blocks.chart(_("Средние баллы по показателям"), list(captioned(means_of(results, norm.indicators)))),
    ]
    if view.municipalities:
        head = (
            (_("Муниципалитет"), TEXT, 52),
            (_("Оценено организаций"), FIGURE, 26),
            (_("Средний итог"), FIGURE, 22),
        )
        rows = [
            (one.name or _("Муниципалитет не указан"), thousands(one.organizations), scored(one.total))
            for one in view.municipalities
        ]
        made.append(blocks.table(_("Средний итог по муниципалитетам"), head, rows))
    total = scored(results.means.get("total"))
    words = _("Средняя итоговая оценка — %(total)s из 100 баллов.", total=total)
    note = _("Средние простые: точные оценки складываются и делятся на их число, округляется только ответ.")
    return blocks.section("means", _("Общие результаты"), f"{words} {note}", made)


def _rating(results: CampaignResults) -> blocks.Section:
    criteria = list(results.facts.norm.criteria)
    head = (
        (_("Место"), FIGURE, 9),
        (_("Организация"), TEXT, 33),
        *((id, FIGURE, 9) for id in criteria),
        (_("Итог"), FIGURE, 12),
        (_("Анкет"), FIGURE, 9),
    )
    rows = [
        (
            _placed(one),
            f"{called(one)}{_few(one)}",
            *(cell(one.result.criteria[id]) for id in criteria),
            _totalled(one),
            thousands(one.responses),
        )
        for one in results.standings
    ]
    words = _("Организации с равным напечатанным итогом делят место. н/д — нет данных: это не ноль и не сто.")
    if any(one.intervals for one in results.standings):
        words += " " + _(
            "Второй строкой под местом — лучшее и худшее место, которое допускают данные, под итогом — его границы"
            " с погрешностью выборки."
        )
    return blocks.section(
        "rating", _("Рейтинг организаций"), words, [blocks.table(_("Места, критерии и итоги"), head, rows)]
    )


def _placed(one: Standing) -> str:
    wide = one.place_range and one.place_range[0] != one.place_range[1]
    return f"{one.place or '—'}\n{ranged(one.place_range)}" if wide else str(one.place or "—")


def _totalled(one: Standing) -> str:
    bounds = one.intervals.get("total")
    return (
        f"{cell(one.result.total)}\n{spanned(bounds, one.result.practice.places)}"
        if bounds
        else cell(one.result.total)
    )


def _few(one: Standing) -> str:
    return f" ({_('мало анкет')})" if one.target and one.responses < one.target else ""


def _deficiencies(results: CampaignResults) -> blocks.Section:
    head = ((_("Организация"), TEXT, 30), (_("Чего не нашла проверка"), TEXT, 70))
    rows = [(called(one), "\n".join(_lacking(one))) for one in results.standings]
    return blocks.section(
        "deficiencies", _("Недостатки"), "", [blocks.table(_("Недостатки по организациям"), head, rows)]
    )


def _lacking(one: Standing) -> list[str]:
    if not one.inspected:
        return [str(_("Проверка не проведена."))]
    found = [
        f"{BLOCKS.get(key, key)}: {'; '.join(titles)}." for key, titles in one.deficiencies.items() if titles
    ]
    return found or [str(_("Недостатков не выявлено."))]


def _absent(results: CampaignResults) -> str:
    """What is missing at most organisations first, each with how many of them."""
    lacking: dict[tuple[str, str], int] = {}
    for one in results.standings:
        for key, titles in one.deficiencies.items():
            for title in titles:
                lacking[key, title] = lacking.get((key, title), 0) + 1
    if not lacking:
        return str(_("Общих недостатков не выявлено."))
    ordered = sorted(lacking.items(), key=lambda pair: (-pair[1], pair[0]))
    listed = "\n".join(
        f"- {BLOCKS.get(key, key)}: {title} — {_('организаций: %(n)s', n=thousands(count))}."
        for (key, title), count in ordered
    )
    return f"{_('Учесть в планах по устранению недостатков:')}\n{listed}"
