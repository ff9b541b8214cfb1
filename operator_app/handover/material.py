"""What a report is made of, and what is told of one organisation in more than one of its sections."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from flask_babel import gettext as _

import nok
from documents import charts
from documents.blocks import Block
from documents.overview import Overview, campaign_view
from documents.presentation import called
from operator_app.handover.desk import Desk
from operator_app.handover.finding import Finding
from operator_app.handover.wording import Wording, wording
from surveys.display import thousands
from surveys.results import CampaignFacts, CampaignResults, Standing


class Draft(NamedTuple):
    """A section as the service drafts it: words that may be written over, blocks that may not."""

    text: str
    blocks: Sequence[Block] = ()


class Share(NamedTuple):
    """Who was content among those who answered one question about one organisation."""

    measure: str
    yes: int
    asked: int

    @property
    def exact(self) -> Fraction:
        """Of one."""
        return Fraction(self.yes, self.asked)

    @property
    def told(self) -> str:
        """«77 из 100 (77,0 %)»."""
        percent = nok.comma(nok.printed(self.exact * 100, 1))
        return str(_("%(yes)s из %(asked)s (%(p)s %%)", yes=self.yes, asked=self.asked, p=percent))


@dataclass(frozen=True)
class Material:
    """Everything a section may speak of; `quality` holds what the desk knows about the data themselves."""

    results: CampaignResults
    desk: Desk
    findings: Sequence[Finding]
    explained: Mapping[str, str]
    quality: Sequence[Block]
    quality_text: str
    until: date | None = None

    @property
    def facts(self) -> CampaignFacts:
        """The campaign as documents name it."""
        return self.results.facts

    @property
    def ended(self) -> date:
        """The last day of which there can be answers."""
        return self.until or self.facts.ends_on

    @cached_property
    def edition(self) -> nok.Edition:
        """The edition pinned."""
        return nok.edition(self.facts.edition)

    @cached_property
    def view(self) -> Overview:
        """Spreads, best and worst, the sample."""
        return campaign_view(self.results, self.edition, charts.WIDE)

    @property
    def wording(self) -> Wording:
        """The rules of drafting."""
        return wording()

    @cached_property
    def standings(self) -> Sequence[Standing]:
        """Organisations by name, as lists name them."""
        return sorted(self.results.standings, key=lambda one: (one.short_name or one.name).lower())

    def absent(self, one: Standing) -> dict[str, Sequence[str]]:
        """Block → titles of what the inspection did not find; the stand and the site first."""
        found = self.desk.inspections.get(one.code)
        posted = {block: titles for block, titles in (found.missing or {}).items() if titles} if found else {}
        return {**{b: posted[b] for b in ("stand", "site") if b in posted}, **one.deficiencies}

    def shares(self, one: Standing) -> Iterator[Share]:
        """Every question that somebody answered about it."""
        answers: Mapping[str, Any] = one.observations.as_dict()["answers"]
        for measure, pair in answers.items():
            if pair and pair[1]:
                yield Share(measure, *pair)

    def low(self, one: Standing) -> list[Share]:
        """Shares that the rules call low; where few answered nothing is said."""
        rules = self.wording
        bound = Fraction(rules.low_share, 100)
        return [
            share
            for share in self.shares(one)
            if share.asked >= rules.asked_at_least and share.exact < bound and share.measure in rules.shares
        ]


def names(standings: Sequence[Standing]) -> str:
    """«А; Б; В» on one line."""
    return "; ".join(called(one) for one in standings)


def of(count: int, total: int) -> str:
    """«12 из 20»."""
    return str(_("%(count)s из %(total)s", count=thousands(count), total=thousands(total)))
