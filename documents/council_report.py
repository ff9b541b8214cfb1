"""The council's result of a campaign as a report: sections of words, tables and charts, as documents.blocks has them.

Figures are those of the results, nothing is computed here; `report_docx` makes an editable file of it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _

import nok
from documents import blocks
from documents.blocks import FIGURE, TEXT
from documents.charts import WIDE
from documents.overview import Overview, Spread, campaign_view
from documents.presentation import BLOCKS, CAPTIONS, called, cell, dated, scored
from surveys.display import channel, sector, thousands
from surveys.results import CampaignFacts, CampaignResults, Standing

Section = dict[str, Any]
MANY = 1_000  # organisations: a table of fifteen columns for more of them is no text to be edited


def council_report(results: CampaignResults, proposals: str = "") -> dict[str, Any]:
    """The whole report; `proposals` are the words that the council was given, empty: those of missing items."""
    view = campaign_view(results, results.facts.norm, WIDE)
    sections = [
        _sample(results, view),
        *_criteria(results, view),
        _rating(results),
        _indicators(results),
        _deficiencies(results),
        _section("proposals", _("Предложения"), proposals or _absent(results)),
        _rules(results, view),
    ]
    for number, section in enumerate(sections, 1):
        section["title"] = f"{number}. {section['title']}"
    return {"cover": _cover(results), "sections": sections}


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


def _section(key: str, title: str, text: str, made: Sequence[blocks.Block] = ()) -> Section:
    return {"key": key, "title": title, "text": text, "blocks": list(made)}


def _cover(results: CampaignResults) -> dict[str, Any]:
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


def _sample(results: CampaignResults, view: Overview) -> Section:
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
    return _section(
        "sample", _("Выборка и каналы"), " ".join(told), [blocks.table(_("Анкеты по каналам"), head, rows)]
    )


def _criteria(results: CampaignResults, view: Overview) -> Iterator[Section]:
    norm = results.facts.norm
    spreads = {spread.id: spread for spread in view.spreads}
    for id, criterion in norm.criteria.items():
        own = [rule for rule in norm.indicators.values() if rule.criterion == id]
        lines = [
            (f"{key} {CAPTIONS.get(key, '')}".strip(), results.means.get(key))
            for key in (id, *(r.number for r in own))
        ]
        words = "\n\n".join(filter(None, (_defined(results, own), *_spread(spreads.get(id)))))
        chart = blocks.chart(_("%(id)s: средние баллы по организациям", id=id), lines)
        yield _section(id, f"{id}. {criterion.title}", words, [chart])


def _defined(results: CampaignResults, own: Sequence[nok.Indicator]) -> str:
    weights = results.facts.norm.weights(results.facts.sector)
    listed = "\n".join(f"- {rule.number} {rule.title}{_weight(weights.get(rule.number))}" for rule in own)
    return f"{_('Из чего складывается критерий:')}\n{listed}"


def _weight(weight: Any) -> str:
    if weight is None:
        return str(_("; в этой сфере не измеряется и выводится из остальных"))
    return str(_("; вес %(weight)s", weight=nok.comma(nok.printed(weight, 2).rstrip("0"))))


def _spread(spread: Spread | None) -> Iterator[str]:
    if spread is None:
        yield str(_("Критерий не рассчитан ни для одной организации."))
        return
    low, high, mean = scored(spread.low), scored(spread.high), scored(spread.mean)
    yield str(_("Минимум — %(low)s, максимум — %(high)s, среднее — %(mean)s.", low=low, high=high, mean=mean))
    for title, pairs in ((_("Выше других:"), spread.best), (_("Ниже других:"), spread.worst)):
        if pairs:
            yield f"{title}\n" + "\n".join(f"- {called(one)} — {scored(figure)}" for one, figure in pairs)


def _rating(results: CampaignResults) -> Section:
    criteria = list(results.facts.norm.criteria)
    head = (
        (_("Место"), FIGURE, 8),
        (_("Организация"), TEXT, 36),
        *((id, FIGURE, 9) for id in criteria),
        (_("Итог"), FIGURE, 10),
        (_("Анкет"), FIGURE, 9),
    )
    rows = [
        (
            str(one.place or "—"),
            f"{called(one)}{_few(one)}",
            *(cell(one.result.criteria[id]) for id in criteria),
            cell(one.result.total),
            thousands(one.responses),
        )
        for one in results.standings
    ]
    words = _("Организации с равным напечатанным итогом делят место. н/д — нет данных: это не ноль и не сто.")
    return _section(
        "rating", _("Рейтинг организаций"), words, [blocks.table(_("Места, критерии и итоги"), head, rows)]
    )


def _few(one: Standing) -> str:
    return f" ({_('мало анкет')})" if one.target and one.responses < one.target else ""


def _indicators(results: CampaignResults) -> Section:
    if len(results.standings) > MANY:
        words = _("Организаций много: пятнадцать показателей каждой — в таблице Excel с формулами.")
        return _section("indicators", _("Показатели организаций"), words)
    numbers = list(results.facts.norm.indicators)
    head = ((_("Организация"), TEXT, 34), *((number, FIGURE, 7) for number in numbers))
    rows = [(called(one), *(cell(one.result.indicators[n]) for n in numbers)) for one in results.standings]
    told = blocks.table(_("Пятнадцать показателей, баллы"), head, rows, side=True)
    return _section("indicators", _("Показатели организаций"), "", [told])


def _deficiencies(results: CampaignResults) -> Section:
    head = ((_("Организация"), TEXT, 30), (_("Чего не нашла проверка"), TEXT, 70))
    rows = [(called(one), "\n".join(_lacking(one))) for one in results.standings]
    return _section(
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


def _rules(results: CampaignResults, view: Overview) -> Section:
    facts = results.facts
    listed = "\n".join(f"- {sentence}" for sentence in (*facts.practice.sentences(), *view.unverified))
    words = f"{facts.norm.title}. {facts.norm.act}.\n\n{_('Там, где порядок молчит, принято так:')}\n{listed}"
    return _section("rules", _("По каким правилам посчитано"), words)
