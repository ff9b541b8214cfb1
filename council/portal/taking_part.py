"""Who took part: questionnaires of published campaigns by channel, form, sphere, region, year, sex and age.

Every count is told, however small: it says who was asked, nobody's answer, and releases hold the same counts.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from textwrap import shorten

from flask_babel import gettext as _

import nok
from council.portal.catalogue import Published
from documents import charts
from documents.figures import counts_in_order
from documents.presentation import profile
from surveys import library
from surveys.channels import CHANNELS
from surveys.display import channel, sector
from surveys.measures import PROFILE

WIDEST = 34  # letters over a bar of the chart; the table has the whole name


@dataclass(frozen=True)
class Group:
    """One line: how many questionnaires, and their share of all."""

    title: str
    count: int
    share: Fraction


@dataclass(frozen=True)
class Table:
    """Groups under a heading, and the chart that is their twin."""

    id: str
    title: str
    heading: str
    groups: Sequence[Group]
    total: int

    @property
    def chart(self) -> charts.Chart:
        """Shares out of a hundred."""
        lines = [
            (shorten(group.title, WIDEST, placeholder="…"), nok.Figure(group.share * 100, 1))
            for group in self.groups
        ]
        return charts.chart(_("%(title)s, %% анкет", title=self.title), lines, charts.NARROW)


@dataclass(frozen=True)
class Digital:
    """The gauge of Order 777n: the share of bus.gov.ru, our own digital ways beside it, and what is asked for."""

    share: Fraction | None
    own: Fraction | None
    target: Fraction

    @property
    def enough(self) -> bool:
        """Is it as much as is asked for?"""
        return self.share is not None and self.share >= self.target


@dataclass(frozen=True)
class TakingPart:
    """Everything that the page shows."""

    responses: int
    organizations: int
    target: int
    digital: Digital | None
    tables: Sequence[Table]


def taking_part(campaigns: Sequence[Published]) -> TakingPart:
    """The sums over these campaigns; O(campaigns) but for counting organisations."""
    channels = _summed(campaigns, lambda one: one.channels)
    people = _summed(campaigns, lambda one: one.profile)
    tables = [
        _table("channels", _("По каналам"), _("Канал"), channels, channel, CHANNELS),
        _table(
            "forms",
            _("По анкетам каналов"),
            _("Анкета, назначенная каналу"),
            _summed(campaigns, _forms),
            form,
        ),
        _table(
            "sectors",
            _("По сферам"),
            _("Сфера"),
            _by(campaigns, lambda it: it.sector),
            sector,
            nok.SECTORS,
        ),
        _table("regions", _("По регионам"), _("Регион"), _by(campaigns, lambda it: it.region), str),
        _table("years", _("По годам"), _("Год"), _by(campaigns, lambda it: str(it.year)), str),
        *(
            _table(group, title, heading, _kin(people, group), profile, _codes(group))
            for group, title, heading in (
                ("sex", _("По полу"), _("Пол")),
                ("age", _("По возрасту"), _("Возраст, лет")),
            )
        ),
    ]
    return TakingPart(
        responses=sum(one.responses for one in campaigns),
        organizations=len({line.code for one in campaigns for line in one.lines}),
        target=sum(line.target or 0 for one in campaigns for line in one.lines),
        digital=_digital(campaigns),
        tables=[table for table in tables if table.groups],
    )


def form(name: str) -> str:
    """A questionnaire's title; of one that is no longer in the library its name."""
    if not name:
        return str(_("Каналу анкета не назначена"))
    try:
        return str(library.questionnaire(name).title)
    except LookupError:
        return name


def _table(
    id: str,
    title: str,
    heading: str,
    counts: Mapping[str, int],
    called: Callable[[str], str],
    order: Iterable[str] = (),
) -> Table:
    total = sum(counts.values())
    known = counts_in_order(counts, dict.fromkeys(order))
    groups = [Group(called(name), count, Fraction(count, total)) for name, count in known]
    return Table(id, title, heading, groups, total)


def _summed(campaigns: Iterable[Published], counts: Callable[[Published], Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for campaign in campaigns:
        total.update(counts(campaign))
    return total


def _by(campaigns: Iterable[Published], name: Callable[[Published], str]) -> Counter[str]:
    return _summed(campaigns, lambda one: {name(one): one.responses})


def _forms(campaign: Published) -> Mapping[str, int]:
    """By the questionnaire that the campaign gave to a channel: a release does not say which one a file named."""
    total: Counter[str] = Counter()
    for each, count in campaign.channels.items():
        total[campaign.forms.get(each, "")] += count
    return total


def _kin(people: Mapping[str, int], group: str) -> dict[str, int]:
    return {code: people.get(code, 0) for code in _codes(group)}


def _codes(group: str) -> list[str]:
    return [f"{group}_{value}" for value in PROFILE[group]]


def _digital(campaigns: Sequence[Published]) -> Digital | None:
    """Shares of all questionnaires together; the strictest of what the editions ask for."""
    everyone = sum(one.responses for one in campaigns)
    if not everyone:
        return None
    official = sum((one.digital_share or 0) * one.responses for one in campaigns)
    own = sum((one.own_digital_share or 0) * one.responses for one in campaigns)
    target = max(one.digital_target for one in campaigns)
    return Digital(Fraction(official) / everyone, Fraction(own) / everyone, target)
