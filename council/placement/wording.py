"""What is said of posters and sites, on pages and in tables."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from council.placement.figures import NO_POSTER, NO_SITE, Known, Scanned, Spot
from council.placement.looking import PICTURE
from council.placement.meaning import OFFICIAL
from surveys.display import day, thousands
from surveys.placement import SiteCheck, SiteState

WITHOUT = {NO_POSTER: _l("плакат не видели"), NO_SITE: _l("на сайте кода нет")}


class Word(NamedTuple):
    """A state in a word, how grave it is (badges.html), what to do about it."""

    word: str
    kind: str
    advice: str = ""


_SITES = {
    SiteState.ANOTHER: Word(
        _l("код другой организации"), "bad", _l("Замените код и ссылку на сайте своими: возьмите виджет.")
    ),
    SiteState.STALE: Word(
        _l("код устарел"), "bad", _l("Код на сайте ведёт на прежний адрес службы. Возьмите виджет заново.")
    ),
    SiteState.MISSING: Word(
        _l("кода нет"), "bad", _l("На главной странице нет ни кода, ни ссылки. Поставьте виджет.")
    ),
    SiteState.CUT_SHORT: Word(
        _l("не успели досмотреть"),
        "warn",
        _l("Открыли не всё: картинок много, сайт медленный или не пускает роботов. Посмотрите сами."),
    ),
    SiteState.NO_ADDRESS: Word(
        _l("адрес сайта не указан"), "warn", _l("Впишите адрес сайта в список организаций.")
    ),
    SiteState.REFUSED: Word(
        _l("адрес не подходит"),
        "warn",
        _l("Открываем только сайты в интернете, http и https. Исправьте адрес."),
    ),
    SiteState.ROBOTS: Word(
        _l("сайт не пускает роботов"), "warn", _l("Файл robots.txt запрещает главную. Посмотрите сами.")
    ),
    SiteState.UNREACHABLE: Word(
        _l("сайт не открылся"), "warn", _l("Проверьте адрес и попробуйте ещё раз позже.")
    ),
    SiteState.CERTIFICATE: Word(
        _l("сертификат не проверен"),
        "warn",
        _l("Сервер службы не доверяет сертификату сайта. Скажите администратору службы."),
    ),
}
UNKNOWN = Word(_l("не проверяли"), "plain")


def site(check: SiteCheck | None) -> Word:
    """What the last look at a site found."""
    if check is None:
        return UNKNOWN
    if check.state != SiteState.FOUND:
        return _SITES[SiteState(check.state)]
    if check.how == PICTURE:
        words = _("есть код bus.gov.ru") if check.leads_to == OFFICIAL else _("есть наш код")
    else:
        words = _("есть ссылка на bus.gov.ru") if check.leads_to == OFFICIAL else _("есть наша ссылка")
    return Word(words, "ok")


def place(spot: Spot) -> str:
    """What a place is called."""
    numbered = _("место № %(number)s", number=spot.place) if spot.place else _("плакат без места")
    return spot.name or str(numbered)


def table(found: Iterable[Known]) -> Iterator[Sequence[str]]:
    """The list as a table, a row an organisation."""
    yield [
        _("Код"),
        _("Организация"),
        _("ИНН"),
        _("Плакат видели"),
        _("Видел сотрудник"),
        _("Места, где видели"),
        _("Неделя последнего сканирования"),
        _("Неделя последнего ответа по коду"),
        _("Сайт"),
        _("На сайте"),
        _("Сайт проверен"),
        _("Код на сайте был"),
    ]
    for one in found:
        official, check = one.by_official, one.site
        places = "; ".join(place(spot) for spot in one.spots if spot.visitor or spot.official)
        yield [
            one.organization.code,
            one.organization.name,
            one.organization.inn,
            _iso(one.seen_on),
            _iso(official.seen_on if official else None),
            places,
            _iso(one.scanned),
            _iso(one.answered),
            one.organization.website,
            str(site(check).word),
            _iso(check.checked_on if check else None),
            _iso(check.found_on if check else None),
        ]


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""


def scanned(found: Scanned | None) -> str:
    """The last week that is over and its scans, and whether there were some in this one."""
    if found is None:
        return "—"
    if found.over is None:
        return str(_("неделя с %(day)s, ещё идёт", day=day(found.last)))
    few = current_app.config["SMALLEST_GROUP"]
    if found.scans is None:
        told = _("неделя с %(day)s: меньше %(count)s", day=day(found.over), count=few)
    else:
        told = _("неделя с %(day)s: %(count)s", day=day(found.over), count=thousands(found.scans))
    return str(told if found.over == found.last else _("%(told)s; и на этой неделе", told=told))


def seen(spot: Spot) -> str:
    """Who saw the poster of a place, and when."""
    parts = []
    if spot.official:
        parts.append(_("проверяющий %(day)s", day=day(spot.official.seen_on)))
    if spot.visitor:
        parts.append(_("посетитель %(day)s", day=day(spot.visitor)))
    return ", ".join(parts) or _("никто не видел")
