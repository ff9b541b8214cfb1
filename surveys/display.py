"""How figures, days and names are written for people: filters of every template, in one place."""

import re
from datetime import date, datetime
from fractions import Fraction
from functools import cache, lru_cache

from flask import Flask
from flask_babel import format_date, get_locale, gettext, lazy_gettext
from markupsafe import Markup
from pyphen import Pyphen

import nok
from surveys import clock
from surveys.channels import CHANNELS
from surveys.languages import RUSSIAN, Language, languages
from surveys.models import Stage

NARROW = "\u202f"
NO_BREAK = "\u00a0"
SOFT_HYPHEN = "\u00ad"
LONG_WORD = re.compile("[а-яё]{14,}", re.IGNORECASE)
STAGE_TITLES = {
    Stage.COLLECTING: lazy_gettext("Идёт сбор ответов"),
    Stage.REVIEW: lazy_gettext("На рассмотрении совета"),
    Stage.PUBLISHED: lazy_gettext("Утверждено и опубликовано"),
}


def thousands(number: int) -> str:
    """12640 → «12 640», with narrow no-break spaces."""
    return f"{number:,}".replace(",", NARROW)


def points(figure: "nok.Figure | str | None") -> str:
    """A figure as people read it: decimal comma; a dash where there is none."""
    if figure is None:
        return "—"
    return nok.comma(figure if isinstance(figure, str) else figure.printed)


def spelled(figure: str) -> str:
    """What `points` gives, with the decimal sign of the page's language."""
    locale = get_locale()
    return figure.replace(",", locale.number_symbols["latn"]["decimal"]) if locale else figure


def percent(share: Fraction | None) -> str:
    """A share of one as whole percents, by the one rounding function."""
    return "—" if share is None else f"{nok.printed(share * 100, 0)}{NARROW}%"


def day(value: date | datetime | None) -> str:
    """21 ноября 2026; a moment of the database is told by the clock of the service's own place."""
    if isinstance(value, datetime):
        value = (value.astimezone() if value.tzinfo else clock.local(value)).date()
    return str(format_date(value, "d MMMM y")) if value else ""


def unbroken(name: str) -> str:
    """A name whose «№ 12» never falls apart over two lines."""
    return name.replace("№ ", f"№{NO_BREAK}")


@lru_cache(maxsize=512)
def softened(text: str) -> str:
    """Long words with soft hyphens, for columns narrower than a word: not every browser knows Russian syllables."""
    return LONG_WORD.sub(lambda found: _syllables().inserted(found[0], SOFT_HYPHEN), text)


@cache
def _syllables() -> Pyphen:
    return Pyphen(lang="ru_RU", left=3, right=3)


def sector(name: str) -> str:
    """The sphere in Russian."""
    return str(gettext(nok.SECTOR_TITLES.get(name, name)))


def channel(name: str) -> str:
    """The channel in Russian."""
    return str(gettext(CHANNELS[name].title)) if name in CHANNELS else name


def stage(name: str) -> str:
    """The campaign's stage in Russian."""
    return str(STAGE_TITLES[Stage(name)])


def spoken() -> Language:
    """The language of the page that is being drawn."""
    return languages().get(str(get_locale()), languages()[RUSSIAN])


def in_russian(left: bool = True) -> Markup:
    """The attribute of an element whose words are Russian on a page of another language."""
    return Markup(' lang="ru"') if left and not spoken().russian else Markup()


def as_russian(text: str) -> str:
    """Russian words inside a sentence of another language."""
    return text if spoken().russian else Markup('<span lang="ru">{}</span>').format(text)


def init_app(app: Flask) -> None:
    """Give the filters to every template, and what tells one language from another."""
    filters = (thousands, points, spelled, percent, day, unbroken, softened, sector, channel, stage)
    app.jinja_env.filters.update({filter_.__name__: filter_ for filter_ in filters})
    app.jinja_env.globals.update(page_language=spoken, in_russian=in_russian, as_russian=as_russian)
