"""How results speak, on the page and on paper alike: figures in words, Russian plurals, captions of codes."""

import re
from datetime import date
from fractions import Fraction

from flask_babel import format_date, gettext, lazy_gettext
from jinja2 import Environment

import nok
from documents import beside
from surveys import hosts
from surveys.channels import GROUPS
from surveys.display import NO_BREAK, unbroken
from surveys.measures import PROFILE_TITLES
from surveys.results import Standing

YEARLY = re.compile(r"\b(\d{4})(?:\s*(?:г\.?|год[ау]?))?\W*$")
FEW = 4  # digits after the comma of an exact value that has no end
BLOCKS = {
    "stand": lazy_gettext("Информация на стендах"),
    "site": lazy_gettext("Информация на официальном сайте"),
    "remote_ways": lazy_gettext("Дистанционные способы взаимодействия"),
    "comfort": lazy_gettext("Комфортные условия"),
    "equipment": lazy_gettext("Оборудование территории и помещений для инвалидов"),
    "accessibility": lazy_gettext("Условия доступности услуг для инвалидов"),
}
#: Our own short captions, for charts only; tables print the official titles of the edition.
CAPTIONS = {
    "K1": lazy_gettext("Открытость и доступность"),
    "K2": lazy_gettext("Комфортность условий"),
    "K3": lazy_gettext("Доступность для инвалидов"),
    "K4": lazy_gettext("Доброжелательность, вежливость"),
    "K5": lazy_gettext("Удовлетворённость"),
    "1.1": lazy_gettext("Информация на стенде и сайте"),
    "1.2": lazy_gettext("Дистанционные способы связи"),
    "1.3": lazy_gettext("Довольны открытостью"),
    "2.1": lazy_gettext("Комфортные условия"),
    "2.2": lazy_gettext("Время ожидания"),
    "2.3": lazy_gettext("Довольны комфортом"),
    "3.1": lazy_gettext("Оборудование для инвалидов"),
    "3.2": lazy_gettext("Условия доступности"),
    "3.3": lazy_gettext("Довольны доступностью"),
    "4.1": lazy_gettext("Вежливость при первом контакте"),
    "4.2": lazy_gettext("Вежливость при обслуживании"),
    "4.3": lazy_gettext("Вежливость на расстоянии"),
    "5.1": lazy_gettext("Готовы рекомендовать"),
    "5.2": lazy_gettext("Довольны графиком, навигацией"),
    "5.3": lazy_gettext("Довольны в целом"),
}


def scored(figure: nok.Figure | None) -> str:
    """A figure as the calculator printed it, with a decimal comma; undefined is a word, never a zero."""
    return gettext("нет данных") if figure is None else nok.comma(figure.printed)


def cell(figure: nok.Figure | None) -> str:
    """The same in a narrow column; the abbreviation is explained at the end of the document."""
    return gettext("н/д") if figure is None else nok.comma(figure.printed)


def called(standing: Standing) -> str:
    """The name for a table: the short form when the registry has one."""
    return unbroken(standing.short_name or standing.name)


def dated(value: date) -> str:
    """«14 марта 2026 г.», the whole of it on one line."""
    return str(format_date(value, "d MMMM y 'г.'")).replace(" ", NO_BREAK)


def whole(exact: str) -> str:
    """An exact value for reading: «90», «159/2 = 79,5», and «3259/36 ≈ 90,5278» where decimals are cut."""
    value = Fraction(exact)
    if value.denominator == 1:
        return str(value)
    few = nok.printed(value, FEW)
    cut = Fraction(few) != value
    return f"{exact} ≈ {nok.comma(few)}" if cut else f"{exact} = {nok.comma(few.rstrip('0'))}"


def equals(figure: nok.Figure) -> str:
    """The sign before a printed figure: «≈» when it was rounded on its way to paper."""
    return "=" if Fraction(figure.printed) == figure.exact else "≈"


def block(code: str) -> str:
    """The title of a check-list; an unknown code is shown as it is rather than dropped."""
    return str(BLOCKS.get(code, code))


def profile(code: str) -> str:
    """The caption of one count of the sample: a sex or an age band."""
    return gettext(PROFILE_TITLES[code]) if code in PROFILE_TITLES else code


def channel_group(code: str) -> str:
    """A way of asking in Russian; an unknown code is shown as it is rather than dropped."""
    return gettext(GROUPS[code]) if code in GROUPS else code


def furnish(environment: Environment) -> None:
    """The filters of results, beside those of `surveys.display`; safe to call again."""
    environment.filters.update(
        scored=scored,
        cell=cell,
        called=called,
        dated=dated,
        whole=whole,
        equals=equals,
        decimal=nok.comma,
        profile=profile,
        block=block,
        spanned=beside.spanned,
        ranged=beside.ranged,
        share_of=beside.share_of,
        shown=hosts.shown,
        channel_group=channel_group,
    )


def with_year(title: str, year: int) -> str:
    """A campaign on a title page: «Поликлиники Москвы, 2026», whether or not its own title ends with the year."""
    found = YEARLY.search(title)
    return title if found and int(found[1]) == year else f"{title}, {year}"
