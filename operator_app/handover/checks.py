"""Checks before submission: what is wrong, where, how grave, what to do. Pure: a desk in, findings out.

What the operator can put right alone at the desk blocks the submission. What depends on people outside (nobody
answered, the site was closed) only has to be explained: a check that blocks there would ask for made-up answers
(docs/decisions/0018).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from operator_app.handover import collected, unfinished
from operator_app.handover.desk import Desk
from operator_app.handover.finding import BLOCKS, EXPLAIN, GRAVITY, SHORTEST, Finding

Check = Callable[[Desk], Iterable[Finding]]

CHECKS: Sequence[Check] = (
    unfinished.rules_changed,
    collected.nothing_collected,
    unfinished.open_remarks,
    unfinished.uncounted_batches,
    unfinished.unreviewed_batches,
    unfinished.waiting_sheets,
    unfinished.unread_scans,
    unfinished.waiting_scans,
    unfinished.disputed_scans,
    unfinished.held_answers,
    unfinished.unconfirmed_visits,
    unfinished.inspectors_differ,
    collected.empty_organizations,
    collected.not_inspected,
    collected.thin_samples,
    collected.undefined_indicators,
    collected.refused_results,
    collected.disability_floor,
    collected.official_share,
    unfinished.drafts,
    unfinished.unseen_samples,
    unfinished.untyped_words,
    unfinished.promised_calls,
    collected.targets_unknown,
    collected.unverified_rules,
)


def findings(desk: Desk) -> list[Finding]:
    """Everything found, the gravest first."""
    return gravest_first(finding for check in CHECKS for finding in check(desk))


def gravest_first(found: Iterable[Finding]) -> list[Finding]:
    """In the order in which they are to be settled."""
    return sorted(found, key=lambda finding: list(GRAVITY).index(finding.gravity))


def in_the_way(found: Iterable[Finding], explained: Mapping[str, str]) -> list[Finding]:
    """What still stops the submission: blocks, and what is not explained yet."""
    return [
        finding
        for finding in found
        if finding.gravity == BLOCKS
        or (finding.gravity == EXPLAIN and len(explained.get(finding.key, "")) < SHORTEST)
    ]
