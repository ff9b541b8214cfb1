"""What stands behind the council's report: every organisation's indicators, counts, check-lists and traces.

All that is needed to count again by hand; figures are those of the results.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import nok
from documents import blocks
from documents.blocks import FIGURE, TEXT
from documents.figures import pinned, signs
from documents.overview import Overview
from documents.presentation import BLOCKS, called, cell, whole
from surveys.display import thousands
from surveys.inspected import ITEM_BLOCKS
from surveys.results import CampaignResults, Standing

#: Organisations whose steps stand in the document itself: with more of them each one's dossier is its volume.
TRACED = 60
ONE_LINE = 1_000  # two counts below it fit side by side; a second line costs a quarter more
ANSWERS = {
    "stand": _l("1.3, стенд"),
    "site": _l("1.3, сайт"),
    "on_time": _l("2.2, срок"),
    "comfort": "2.3",
    "accessibility": "3.3",
    "first_contact": "4.1",
    "service_staff": "4.2",
    "remote_staff": "4.3",
    "recommend": "5.1",
    "schedule": "5.2",
    "overall": "5.3",
}
#: Headings of narrow columns; in full each stands over its list.
SHORT = {
    "remote_ways": _l("Способы связи"),
    "comfort": _l("Комфорт"),
    "equipment": _l("Оборудование"),
    "accessibility": _l("Доступность"),
}


def annexes(results: CampaignResults, view: Overview, *, released: bool) -> Iterator[blocks.Section]:
    """In the order of a doubt: figures, what was found, what was answered, how it was counted, by what rules."""
    made: Sequence[Callable[[], blocks.Section]] = (
        lambda: indicators(results, len(results.standings)),
        lambda: _inspected(results),
        lambda: _answered(results),
        lambda: _traced(results),
        lambda: rules(results, view),
        lambda: _again(results, view, released),
    )
    for number, section in enumerate((one() for one in made), 1):
        title = str(_("Приложение %(n)s. %(title)s", n=number, title=section["title"]))
        yield {**section, "title": title, "own": number == 1}


def indicators(results: CampaignResults, most: int) -> blocks.Section:
    """The fifteen indicators of each organisation, unless there are more organisations than this."""
    if len(results.standings) > most:
        words = _("Организаций много: пятнадцать показателей каждой — в таблице Excel с формулами.")
        return blocks.section("indicators", _("Показатели организаций"), words)
    numbers = list(results.facts.norm.indicators)
    head = ((_("Организация"), TEXT, 34), *((number, FIGURE, 7) for number in numbers))
    rows = [(called(one), *(cell(one.result.indicators[n]) for n in numbers)) for one in results.standings]
    told = blocks.table(_("Пятнадцать показателей, баллы"), head, rows, side=True)
    return blocks.section("indicators", _("Показатели организаций"), "", [told])


def _inspected(results: CampaignResults) -> blocks.Section:
    edition, sector = results.facts.norm, results.facts.sector
    items = {block: [item.title for item in edition.items(block, sector)] for block in ITEM_BLOCKS}
    made: list[blocks.Block] = []
    for block, titles in items.items():
        if titles:
            listed = "\n".join(f"- {at}. {title}" for at, title in enumerate(titles, 1))
            made.append(blocks.said(f"{BLOCKS[block]}:\n{listed}"))
    head = (
        (_("Организация"), TEXT, 23),
        (_("Стенд"), TEXT, 11),
        (_("Сайт"), TEXT, 11),
        *((str(SHORT[block]), TEXT, 15) for block in ITEM_BLOCKS),
    )
    rows = [_found(one, items) for one in results.standings]
    made.append(blocks.table(_("Что нашла проверка"), head, rows))
    words = _(
        "Сколько из обязательного есть на стенде и на сайте и какие пункты чек-листов выполнены. Номера отсутствующих"
        " пунктов — по перечням ниже; чего нет на стенде и сайте, названо в разделе о недостатках."
    )
    return blocks.section("inspected", _("Чек-листы проверки"), words, made)


def _found(one: Standing, items: Mapping[str, Sequence[str]]) -> list[str]:
    seen: Mapping[str, Any] = one.observations.as_dict().get("inspection") or {}
    if not seen:
        return [called(one), str(_("нет проверки")), *[""] * (1 + len(items))]
    told = [called(one)]
    for key in ("stand", "site"):
        pair = seen.get(key)
        told.append(str(_("%(n)s из %(of)s", n=pair["present"], of=pair["required"])) if pair else "—")
    return [*told, *(_listed(one, seen.get(block) or 0, block, titles) for block, titles in items.items())]


def _listed(one: Standing, present: int, block: str, titles: Sequence[str]) -> str:
    if not titles:
        return "—"
    said = str(_("%(n)s из %(of)s", n=present, of=len(titles)))
    absent = [str(titles.index(title) + 1) for title in one.deficiencies.get(block, ()) if title in titles]
    return f"{said}\n{_('нет: %(items)s', items=', '.join(absent))}" if absent else said


def _answered(results: CampaignResults) -> blocks.Section:
    head = (
        (_("Организация"), TEXT, 22),
        (_("Сожид"), FIGURE, 6),
        (_("Анкет"), FIGURE, 6),
        *((str(title), FIGURE, 6) for title in ANSWERS.values()),
    )
    rows = []
    for one in results.standings:
        observed: Mapping[str, Any] = one.observations.as_dict()
        points = (observed.get("inspection") or {}).get("waiting_points")
        answers = observed.get("answers") or {}
        heard = (_pair(answers.get(key)) for key in ANSWERS)
        waiting = "—" if points is None else nok.comma(str(points))
        rows.append((called(one), waiting, thousands(one.responses), *heard))
    words = _(
        "До черты — сколько ответивших довольны, после неё — сколько всего ответили на этот вопрос. Сожид — баллы"
        " за время ожидания. Из этих счётов и из чек-листов следует каждая оценка."
    )
    made = [blocks.table(_("Довольны, из ответивших"), head, rows, side=True)]
    return blocks.section("answered", _("Счёты ответов"), words, made)


def _pair(pair: Sequence[int] | None) -> str:
    if not pair or not pair[1]:
        return "—"
    end = "\n" if pair[1] >= ONE_LINE else ""
    return f"{thousands(pair[0])}/{end}{thousands(pair[1])}"


def _traced(results: CampaignResults) -> blocks.Section:
    if len(results.standings) > TRACED:
        words = _(
            "Ход расчёта каждой организации — в её собственном документе: он лежит рядом с этим, на странице"
            " организации. Те же действия повторяет команда, названная в последнем приложении."
        )
        return blocks.section("traced", _("Ход расчёта"), words)
    made: list[blocks.Block] = []
    for one in results.standings:
        made += [blocks.heading(called(one)), _steps(one)]
    words = _("Каждая цифра: формула, она же с числами, точное значение и то, что напечатано.")
    return blocks.section("traced", _("Ход расчёта"), words, made)


def _steps(one: Standing) -> blocks.Block:
    head = (
        ("№", TEXT, 8),
        (_("Формула"), TEXT, 33),
        (_("С числами"), TEXT, 33),
        (_("Точно"), TEXT, 16),
        (_("Баллы"), FIGURE, 10),
    )
    steps = one.result.trace
    marks = signs(one.result, steps)
    rows = [
        (
            _("Итог") if step.at == "total" else step.at,
            step.formula,
            f"{marks[step.at]} {step.substituted}" if step.substituted and step.exact else step.note,
            whole(step.exact) if step.exact else "—",
            nok.comma(step.printed) if step.printed else _("н/д"),
        )
        for step in steps
    ]
    return blocks.table(_("Ход расчёта: %(name)s", name=called(one)), head, rows)


def rules(results: CampaignResults, view: Overview) -> blocks.Section:
    """Which rules the figures follow, and what was done where those are silent."""
    facts = results.facts
    listed = "\n".join(f"- {sentence}" for sentence in (*facts.practice.sentences(), *view.unverified))
    words = f"{facts.norm.title}. {facts.norm.act}.\n\n{_('Там, где порядок молчит, принято так:')}\n{listed}"
    return blocks.section("rules", _("По каким правилам посчитано"), words)


def _again(results: CampaignResults, view: Overview, released: bool) -> blocks.Section:
    file = "release.json" if released else "result.json"
    words = [
        _(
            "В этот файл вложены input.json (всё, что вошло в расчёт) и %(file)s (всё, что получилось). Сохраните"
            " input.json в папку программы и выполните команду; кроме Python 3.11 ничего не нужно:",
            file=file,
        ),
        view.command,
        _(
            "В разновидность PDF/A-2u, которую принимают архивы, вкладывать данные нельзя: они в обычном файле."
        ),
    ]
    if released:
        words.insert(
            0,
            _(
                "Откройте страницу проверки по коду на первом листе и отправьте ей этот PDF, или пересчитайте сами"
                " командой nok verify: что для этого нужно, написано на той же странице."
            ),
        )
    head = ((_("Что закреплено"), TEXT, 28), ("SHA-256", TEXT, 72))
    made = [blocks.table(_("Что закреплено за кампанией"), head, pinned(results.facts), code=True)]
    return blocks.section("again", _("Как проверить самим"), "\n\n".join(map(str, words)), made)
