"""What posters say in a language; the words themselves go through gettext, so a new language needs no code."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale, gettext, ngettext

from surveys.paper.poster import Asked
from surveys.press.faces import plain

SECONDS = 7
"""For a question, on a phone."""


@dataclass(frozen=True)
class Words:
    """The poster's own words in one language."""

    lang: str
    headline: str
    lead: str
    steps: tuple[str, ...]
    in_short: str
    nameless: str
    typed: str
    changed: str
    gives: str
    promise: str
    ours: str
    official: str
    official_site: str
    order: str
    demo: str
    leaflet: tuple[tuple[str, str], ...]
    leaflet_title: str
    code: str
    """What a screen reader says of our code; `%(address)s` is where it leads."""
    place: str
    """Tells whoever hangs the sheet which one it is: `%(number)s`."""


def words(lang: str, asked: Asked | None = None) -> Words:
    """The words of a language about what is asked, put together once an application."""
    kept: dict[tuple[str, Asked | None], Words]
    kept = current_app.extensions.setdefault("nok_poster_words", {})
    if (lang, asked) not in kept:
        with force_locale(lang):
            kept[lang, asked] = _said(lang, asked)
    return kept[lang, asked]


def how_many(questions: int) -> str:
    """«13 вопросов», in the language of the page."""
    return str(ngettext("%(count)s вопрос", "%(count)s вопросов", questions, count=questions))


def how_long(questions: int) -> str:
    """How long they take, to half a minute, from two minutes on to a whole one."""
    halves = round(questions * SECONDS / 30)
    if halves < 2:
        return str(gettext("меньше минуты"))
    if halves == 2:
        return str(gettext("около минуты"))
    if halves == 3:
        return str(gettext("около полутора минут"))
    minutes = (halves + 1) // 2
    return str(ngettext("около %(count)s минуты", "около %(count)s минут", minutes, count=minutes))


def _said(lang: str, asked: Asked | None) -> Words:
    yes_no = asked is not None and asked.yes_no
    return Words(
        lang=lang,
        headline=gettext("Как вас здесь приняли?"),
        lead=plain(_lead(asked)),
        steps=(
            plain(gettext("Откройте камеру телефона")),
            plain(gettext("Наведите на код")),
            plain(gettext("Ответьте «да» или «нет»") if yes_no else gettext("Ответьте на вопросы")),
        ),
        in_short=plain(
            gettext("Наведите камеру телефона на код и ответьте «да» или «нет»")
            if yes_no
            else gettext("Наведите камеру телефона на код и ответьте на вопросы")
        ),
        nameless=plain(gettext("Без имени и телефона. Мы не узнаем, кто отвечал")),
        typed=plain(gettext("Нет камеры? Наберите в браузере")),
        changed=gettext("Что изменилось благодаря вам"),
        gives=gettext("Что дают ваши ответы"),
        promise=plain(
            gettext(
                "Оценки получит общественный совет. По ним организация обязана составить план, "
                "что исправить и к какому сроку. Итоги и план публикуют для всех."
            )
        ),
        ours=plain(gettext("Короткий опрос: без входа и без имени")),
        official=plain(gettext("Можно и на официальном сайте bus.gov.ru (нужен вход через Госуслуги).")),
        official_site=gettext("Официальный сайт bus.gov.ru"),
        order=plain(
            gettext("Независимая оценка качества условий оказания услуг, приказ Минтруда России № 344н.")
        ),
        demo=gettext("Образец для показа. Оценку по этому коду не проводят"),
        leaflet=tuple((title, plain(text)) for title, text in _leaflet(asked)),
        leaflet_title=gettext("Памятка: оцените, как вас приняли"),
        code=gettext("Код опроса: %(address)s"),
        place=gettext("Место №\u00a0%(number)s."),
    )


def _lead(asked: Asked | None) -> str:
    if asked is None:
        return str(gettext("Ответьте на несколько вопросов — это недолго"))
    told = {"questions": how_many(asked.questions), "time": how_long(asked.questions)}
    return str(gettext("Ответьте на %(questions)s — это %(time)s", **told))


def _effort(asked: Asked | None) -> str:
    if asked is None:
        return str(gettext("Опрос короткий."))
    told = {"questions": how_many(asked.questions), "time": how_long(asked.questions)}
    said = gettext("%(questions)s, %(time)s.", **told)
    if asked.yes_no:
        said += " " + gettext(
            "На большинство отвечают «да» или «нет». Не знаете, что ответить, — выберите "
            "«Затрудняюсь ответить»."
        )
    return str(said)


def _leaflet(asked: Asked | None) -> tuple[tuple[str, str], ...]:
    return (
        (
            gettext("Что это"),
            gettext(
                "Независимая оценка качества. Закон велит спрашивать тех, кто получил услугу: понятно ли всё "
                "рассказали, удобно ли было, вежливы ли были сотрудники, доступно ли людям с инвалидностью."
            ),
        ),
        (
            gettext("Это анонимно"),
            gettext(
                "Имени, телефона и входа через Госуслуги не нужно. Хранятся только ответы, день и место плаката, "
                "без часов и минут. Организация видит, сколько людей ответило, и не видит, кто и как."
            ),
        ),
        (
            gettext("Сколько это займёт"),
            _effort(asked),
        ),
        (
            gettext("Что будет потом"),
            gettext(
                "Общественный совет посчитает баллы и опубликует их. Организация составит план, что исправить и "
                "к какому сроку. На той же странице видно, что уже сделано."
            ),
        ),
    )
