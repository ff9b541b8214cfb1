"""Who took part: questionnaires of published campaigns by channel, form, sphere, region, year, sex and age.

A group of fewer than the smallest that may be shown is not shown, and when it is the only one, neither is the next:
a total would tell it.
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
    """One line: how many questionnaires, None where they are too few to be told, and their share of all."""

    title: str
    count: int | None
    share: Fraction | None


@dataclass(frozen=True)
class Table:
    """Groups under a heading, and the chart that is their twin."""

    id: str
    title: str
    heading: str
    groups: Sequence[Group]
    total: int

    @property
    def hidden(self) -> bool:
        """Is a group too small to be told?"""
        return any(group.count is None for group in self.groups)

    @property
    def chart(self) -> charts.Chart:
        """Shares of those that are told, out of a hundred."""
        lines = [
            (shorten(group.title, WIDEST, placeholder="…"), nok.Figure(group.share * 100, 1))
            for group in self.groups
            if group.share is not None
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


def taking_part(campaigns: Sequence[Published], smallest: int) -> TakingPart:
    """The sums over these campaigns; O(campaigns) but for counting organisations."""
    channels = _summed(campaigns, lambda one: one.channels)
    people = _summed(campaigns, lambda one: one.profile)
    tables = [
        _table("channels", _("По каналам"), _("Канал"), channels, channel, smallest, CHANNELS),
        _table("forms", _("По анкетам"), _("Анкета"), _summed(campaigns, _forms), form, smallest),
        _table(
            "sectors",
            _("По сферам"),
            _("Сфера"),
            _by(campaigns, lambda it: it.sector),
            sector,
            smallest,
            nok.SECTORS,
        ),
        _table("regions", _("По регионам"), _("Регион"), _by(campaigns, lambda it: it.region), str, smallest),
        _table("years", _("По годам"), _("Год"), _by(campaigns, lambda it: str(it.year)), str, smallest),
        *(
            _table(group, title, heading, _kin(people, group), profile, smallest, _codes(group))
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
        return str(_("Анкета не указана"))
    try:
        return str(library.questionnaire(name).title)
    except LookupError:
        return name


def too_small(counts: Mapping[str, int], smallest: int) -> set[str]:
    """Groups that are not told."""
    small = {name for name, count in counts.items() if 0 < count < smallest}
    others = sorted((count, name) for name, count in counts.items() if count >= smallest)
    if len(small) == 1 and others:
        small.add(others[0][1])
    return small


def _table(
    id: str,
    title: str,
    heading: str,
    counts: Mapping[str, int],
    called: Callable[[str], str],
    smallest: int,
    order: Iterable[str] = (),
) -> Table:
    total, small = sum(counts.values()), too_small(counts, smallest)
    known = counts_in_order(counts, dict.fromkeys(order))
    return Table(
        id, title, heading, [_group(called(n), n in small, count, total) for n, count in known], total
    )


def _group(title: str, small: bool, count: int, total: int) -> Group:
    return Group(title, None, None) if small else Group(title, count, Fraction(count, total))


def _summed(campaigns: Iterable[Published], counts: Callable[[Published], Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for campaign in campaigns:
        total.update(counts(campaign))
    return total


def _by(campaigns: Iterable[Published], name: Callable[[Published], str]) -> Counter[str]:
    return _summed(campaigns, lambda one: {name(one): one.responses})


def _forms(campaign: Published) -> Mapping[str, int]:
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
