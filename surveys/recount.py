"""Counting anew from the responses themselves: the tallies must agree, and a command says whether they do."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Row, select, text, union
from sqlalchemy.orm import Session

from surveys import library, queries
from surveys.batches import Batch
from surveys.measures import TALLY_COLUMNS
from surveys.models import Assessment, CampaignQuestionnaire, Pinned, Tally
from surveys.questionnaire import Questionnaire, increments

COUNTED = ("responses", *TALLY_COLUMNS)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One count that the tally and the responses tell differently."""

    assessment_id: int
    channel: int
    questionnaire: str
    column: str
    tally: int
    responses: int


def disagreements(session: Session, campaign_id: int) -> Iterator[Disagreement]:
    """Every count of a campaign on which its tallies and an SQL recount of its responses differ."""
    names = _questionnaires(session, campaign_id)
    nothing = (0,) * len(COUNTED)
    kept = {
        (row[0], row[1], row[2]): tuple(map(int, row[3:])) for row in queries.tallies(session, campaign_id)
    }
    found = {
        (row[0], row[1], pinned_id): tuple(map(int, row[2:]))
        for pinned_id, name in names.items()
        for row in recounted(session, campaign_id, pinned_id, library.questionnaire(name))
    }
    for group in sorted(kept.keys() | found.keys()):
        pairs = zip(COUNTED, kept.get(group, nothing), found.get(group, nothing), strict=True)
        for column, tally, responses in pairs:
            if tally != responses:
                assessment, channel, pinned_id = group
                name = names.get(pinned_id, str(pinned_id))
                yield Disagreement(assessment, channel, name, column, tally, responses)


def recounted(
    session: Session, campaign_id: int, pinned_id: int, questionnaire: Questionnaire
) -> Iterator[Row[*tuple[int, ...]]]:
    """(assessment, channel, responses, *TALLY_COLUMNS) by one pass of SQL over the responses: O(responses)."""
    sums = ", ".join(_sum(questionnaire, column) for column in TALLY_COLUMNS)
    statement = text(  # names and letters of our own, values are bound
        f"SELECT r.assessment_id, r.channel, count(*), {sums} FROM response r "  # noqa: S608
        "JOIN assessment a ON a.id = r.assessment_id "
        "WHERE a.campaign_id = :campaign AND r.questionnaire_id = :questionnaire "
        "GROUP BY r.assessment_id, r.channel"
    )
    yield from session.execute(statement, {"campaign": campaign_id, "questionnaire": pinned_id})


def _sum(questionnaire: Questionnaire, column: str) -> str:
    """SQL that counts the answers which the engine would put into this column."""
    place = TALLY_COLUMNS.index(column)
    blank = ["-"] * len(questionnaire.closed)
    tests = []
    for position, question in enumerate(questionnaire.closed):
        for code in question.codes.values():
            packed = "".join(blank[:position] + [code] + blank[position + 1 :])
            if increments(questionnaire, packed)[place]:
                tests.append(f"substr(r.answers, {position + 1}, 1) = '{code}'")
    return f"sum(CASE WHEN {' OR '.join(tests)} THEN 1 ELSE 0 END)" if tests else "0"


def _questionnaires(session: Session, campaign_id: int) -> dict[int, str]:
    """Those of the channels, and those that a batch named instead (norms A1)."""
    about = select(Assessment.id).where(Assessment.campaign_id == campaign_id)
    used = union(
        select(CampaignQuestionnaire.questionnaire_id).where(
            CampaignQuestionnaire.campaign_id == campaign_id
        ),
        select(Batch.questionnaire_id).where(Batch.campaign_id == campaign_id),
        select(Tally.questionnaire_id).where(Tally.assessment_id.in_(about)),
    ).subquery()
    rows = session.execute(select(Pinned.id, Pinned.name).where(Pinned.id.in_(select(used.c[0]))))
    return {pinned_id: name for pinned_id, name in rows}
