"""Sections 1–5: what was assessed and how, whom, what hangs on stands and sites, what people said (ПП 638, а–в)."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

import nok
from documents import blocks
from documents.blocks import FIGURE, TEXT, Block
from documents.presentation import called, cell, dated
from operator_app.handover.material import Draft, Material, of
from surveys.channels import CHANNELS
from surveys.display import channel, sector, thousands
from surveys.library import questionnaire
from surveys.measures import MEASURE, PROFILE_TITLES

SAMPLE = "объем выборки"  # as the edition names what it says of the sample


def basis(m: Material) -> Draft:
    """On what ground, by whom, when."""
    facts = m.facts
    ground = (
        _("Основание: %(order)s.", order=facts.order.rstrip("."))
        if facts.order
        else _("Основание: впишите договор или контракт, его номер и дату.")
    )
    words = [
        _(
            "Независимая оценка качества условий оказания услуг проведена в сфере «%(sector)s»"
            " (%(region)s) в %(year)s году.",
            sector=sector(facts.sector).lower(),
            region=facts.region,
            year=facts.year,
        ),
        ground,
        _(
            "Сбор и обобщение информации: %(operator)s. Ответы собирались с %(start)s по %(end)s",
            operator=facts.operator or _("впишите название оператора"),
            start=dated(facts.starts_on),
            end=dated(m.ended),
        ),
        _(
            "Отчёт содержит сведения, которые Правила сбора и обобщения информации требуют от оператора:"
            " перечень"
            " организаций, сведения об информации на стендах и сайтах, удовлетворённость граждан с"
            " объёмом и параметрами"
            " выборки, значения показателей в баллах, основные недостатки, выводы и предложения."
        ),
    ]
    return Draft("\n\n".join(words))


def method(m: Material) -> Draft:
    """How it was computed; the practice and what is unverified are fixed words."""
    words = _(
        "Показатели рассчитаны по документу: %(title)s. Информация на стендах и сайтах, способы связи,"
        " условия комфортности и"
        " доступности проверены оператором по чек-листам. Мнение граждан собрано опросом: анкеты %(forms)s."
        " Опрос анонимный: ни имён, ни телефонов рядом с ответами не хранится.\n\n"
        "Доля довольных считается от тех, кто ответил на вопрос «да» или «нет». Пятнадцать показателей"
        " складываются в пять"
        " критериев по весам порядка, итоговая оценка — среднее пяти критериев. Все расчёты точные, в"
        " дробях; округляется"
        " только напечатанное.",
        title=m.edition.title,
        forms=", ".join(_forms(m)) or _("их ещё нет"),
    )
    practice = "\n".join(f"- {sentence}" for sentence in m.facts.practice.sentences())
    return Draft(
        words,
        [
            blocks.heading(_("Где порядок молчит, принято так")),
            blocks.said(practice),
            blocks.heading(_("Что не сверено с официальным текстом")),
            blocks.said("\n\n".join(_unverified(m))),
        ],
    )


def _forms(m: Material) -> Iterator[str]:
    """Titles of the questionnaires by which somebody answered; those of silent channels are not spoken of."""
    heard = {code for one in m.results.standings for code, count in one.channels.items() if count}
    pinned = m.facts.questionnaires
    for name in dict.fromkeys(pinned[code] for code in CHANNELS if code in heard and code in pinned):
        yield f"«{questionnaire(name).title}»"


def _unverified(m: Material) -> Iterator[str]:
    """Rules that these results, this sample and this very report rest on."""
    yield from m.view.unverified
    for line in m.edition.unverified:
        if line.startswith(SAMPLE):
            yield f"{line[0].upper()}{line[1:]}."
    yield _(
        "Состав отчёта: Правила сбора и обобщения информации (ПП РФ № 638), их перечень сведений изложен по памяти."
    )


def organizations(m: Material) -> Draft:
    """а) The list of organisations."""
    silent = [one for one in m.standings if not one.responses]
    words = _(
        "Информация собрана об организациях: %(n)s. Анкет получено: %(responses)s.",
        n=thousands(len(m.standings)),
        responses=thousands(m.results.responses),
    )
    if silent:
        words += "\n\n" + _("Анкет нет об организациях: %(names)s.", names="; ".join(map(called, silent)))
    head = (
        ("№", FIGURE, 5),
        (_("Организация"), TEXT, 45),
        (_("ИНН"), TEXT, 14),
        (_("Муниципалитет"), TEXT, 20),
        (_("Анкет"), FIGURE, 8),
        (_("Норма"), FIGURE, 8),
    )
    rows = [
        (number, called(one), one.inn, one.municipality, thousands(one.responses), _target(one.target))
        for number, one in enumerate(m.standings, 1)
    ]
    return Draft(words, [blocks.table(_("Организации, о которых собрана информация"), head, rows)])


def _target(target: int | None) -> str:
    return "—" if target is None else thousands(target)


def openness(m: Material) -> Draft:
    """б) What was found on stands and sites."""
    means = m.results.means
    words = _(
        "На стендах и официальных сайтах проверялось, есть ли каждый материал, который там должен быть, и"
        " полон ли он."
        " Средние баллы: соответствие информации (1.1) — %(a)s, дистанционные способы связи (1.2) — %(b)s.",
        a=_score(means.get("1.1")),
        b=_score(means.get("1.2")),
    )
    bare = [one for one in m.standings if not one.inspected]
    if bare:
        words += "\n\n" + _("Проверка не проведена: %(names)s.", names="; ".join(map(called, bare)))
    head = (
        (_("Организация"), TEXT, 48),
        (_("На стенде"), FIGURE, 13),
        (_("На сайте"), FIGURE, 13),
        ("1.1", FIGURE, 13),
        ("1.2", FIGURE, 13),
    )
    rows = [
        (
            called(one),
            _posted(one, "stand"),
            _posted(one, "site"),
            cell(one.result.indicators["1.1"]),
            cell(one.result.indicators["1.2"]),
        )
        for one in m.standings
    ]
    return Draft(words, [blocks.table(_("Материалы: сколько есть и сколько требуется"), head, rows)])


def _posted(one: Any, side: str) -> str:
    seen = one.observations.as_dict()["inspection"][side] if one.inspected else None
    if not one.inspected:
        return str(_("н/д"))
    return of(seen["present"], seen["required"]) if seen else str(_("нет"))


def satisfaction(m: Material) -> Draft:
    """в) Satisfaction, with the size and the parameters of the sample."""
    view = m.view
    reached = _(
        "Норму анкет набрали организаций: %(reached)s из %(total)s.",
        reached=thousands(view.reached),
        total=thousands(view.organizations),
    )
    words = [
        _(
            "Опрошено: %(responses)s, при норме по всем организациям вместе: %(target)s. %(reached)s",
            responses=thousands(m.results.responses),
            target=thousands(view.target),
            reached=reached,
        )
        + " "
        + _(
            "Норма — %(share)s %% получателей услуг за прошлый год, но не больше %(most)s на организацию.",
            share=nok.printed(m.edition.sample.share * 100, 0),
            most=m.edition.sample.at_most,
        ),
        _digital(m),
        _("Пол и возраст указывают по желанию, поэтому их сумма бывает меньше числа анкет."),
    ]
    return Draft("\n\n".join(filter(None, words)), [*_sample(m), _questions(m)])


def _digital(m: Material) -> str:
    view = m.view
    if view.digital is None:
        return ""
    told = _("Через bus.gov.ru пришло %(share)s %% анкет", share=view.digital)
    bound = (
        _("не меньше требуемых %(target)s %%", target=view.digital_target)
        if view.digital_enough
        else _("меньше требуемых %(target)s %%", target=view.digital_target)
    )
    own = _("Через плакаты, сайты и терминалы: ещё %(share)s %%.", share=view.digital_own)
    return f"{told}, {bound}. {own if view.digital_own is not None else ''}".strip()


def _sample(m: Material) -> list[Block]:
    people: Counter[str] = Counter()
    for one in m.results.standings:
        people.update(one.profile)
    channels = [(channel(code), thousands(count)) for code, count in m.view.channels]
    told = [(PROFILE_TITLES[code], thousands(count)) for code, count in people.items() if count]
    head = ((_("Канал"), TEXT, 70), (_("Анкет"), FIGURE, 30))
    made = [
        blocks.table(_("Анкеты по каналам"), head, [*channels, (_("Всего"), thousands(m.results.responses))])
    ]
    if told:
        about = ((_("Кто отвечал"), TEXT, 70), (_("Анкет"), FIGURE, 30))
        made.append(blocks.table(_("Кто отвечал: пол и возраст"), about, told))
    return made


def _questions(m: Material) -> Block:
    yes: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for one in m.results.standings:
        for share in m.shares(one):
            yes[share.measure] += share.yes
            asked[share.measure] += share.asked
    rows = [
        (
            MEASURE[measure].title,
            thousands(yes[measure]),
            thousands(count),
            nok.comma(nok.printed(Fraction(yes[measure] * 100, count), 1)) + " %",
        )
        for measure, count in asked.items()
    ]
    head = (
        (_("Вопрос"), TEXT, 55),
        (_("«Да»"), FIGURE, 15),
        (_("Ответили"), FIGURE, 15),
        (_("Доля"), FIGURE, 15),
    )
    return blocks.table(_("Ответы по всем организациям вместе"), head, rows)


def _score(figure: nok.Figure | None) -> str:
    return str(_("нет данных")) if figure is None else nok.comma(figure.printed)
