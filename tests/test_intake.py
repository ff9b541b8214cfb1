"""The one door in: counted once, tallied in the same transaction, whoever comes at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from build import CONTENT, a_campaign, an_organization, heard_about
from flask import Flask
from spoken import said
from sqlalchemy import func, select, text

from surveys import counts, queries, recount
from surveys.comments import Comment
from surveys.db import db, writing
from surveys.intake import Outcome, response_key, withdraw
from surveys.models import Response, Tally
from surveys.together import Together

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def here(session: object) -> tuple[str, int]:
    code = an_organization()
    return code, a_campaign()


def rows(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_questionnaire_is_counted(here):
    code, campaign = here
    assert heard_about(code, campaign, CONTENT, key=1) is Outcome.COUNTED
    assert rows(Response) == 1
    heard = next(iter(counts.heard(db.session(), campaign).values()))
    assert heard.responses == 1
    assert heard.channels == {"poster": 1}
    assert heard.answers()["overall"] == (1, 1)


def test_who_did_not_use_the_site_is_in_no_denominator(here):
    code, campaign = here
    heard_about(code, campaign, CONTENT, key=1)
    answers = next(iter(counts.heard(db.session(), campaign).values())).answers()
    assert answers["site"] is None
    assert answers["accessibility"] is None
    assert answers["stand"] == (1, 1)


def test_the_same_questionnaire_twice_is_counted_once(here):
    code, campaign = here
    outcomes = [heard_about(code, campaign, CONTENT, key="same") for _ in range(3)]
    assert outcomes == [Outcome.COUNTED, Outcome.REPEATED, Outcome.REPEATED]
    assert rows(Response) == 1
    assert db.session.scalar(select(func.sum(Tally.responses))) == 1


def test_other_answers_under_a_used_key_change_nothing(here):
    code, campaign = here
    heard_about(code, campaign, CONTENT, key="same")
    other = {**CONTENT, "overall": "no"}
    assert heard_about(code, campaign, other, key="same") is Outcome.DIFFERS
    assert next(iter(counts.heard(db.session(), campaign).values())).answers()["overall"] == (1, 1)


def test_a_proposal_lies_apart_and_is_kept_once(here):
    code, campaign = here
    for _ in range(2):
        heard_about(code, campaign, CONTENT, key=1, proposal="Поставьте скамейку")
    assert said() == ["Поставьте скамейку"]


def test_many_at_once_with_one_key_are_counted_once(app: Flask, here):
    code, campaign = here
    db.session.rollback()
    start = threading.Barrier(8)

    def send(_number: int) -> Outcome:
        with app.app_context():
            start.wait()
            return heard_about(code, campaign, CONTENT, key="one form")

    with ThreadPoolExecutor(8) as crowd:
        outcomes = list(crowd.map(send, range(8)))
    assert sorted(outcome.value for outcome in outcomes) == ["counted"] + ["repeated"] * 7


def test_a_crowd_at_one_organisation_loses_nobody(app: Flask, here):
    code, campaign = here
    db.session.rollback()

    def send(number: int) -> Outcome:
        with app.app_context():
            return heard_about(code, campaign, CONTENT, key=number)

    with ThreadPoolExecutor(8) as crowd:
        assert set(crowd.map(send, range(64))) == {Outcome.COUNTED}
    assert rows(Response) == 64
    assert next(iter(counts.heard(db.session(), campaign).values())).responses == 64
    assert list(recount.disagreements(db.session(), campaign)) == []


def test_tallies_keep_channels_and_questionnaires_apart(here):
    code, campaign = here
    heard_about(code, campaign, CONTENT, key=1)
    on_paper = {"stand_seen": "yes", "stand": "no", "site_seen": "no", "overall": "no"}
    heard_about(code, campaign, on_paper, key=2, channel="paper")
    assert len(queries.tallies(db.session(), campaign)) == 2
    heard = next(iter(counts.heard(db.session(), campaign).values()))
    assert heard.channels == {"poster": 1, "paper": 1}
    assert heard.answers()["stand"] == (1, 2)
    assert heard.answers()["overall"] == (1, 2)


def test_a_tally_that_was_touched_is_found_out(here):
    code, campaign = here
    heard_about(code, campaign, CONTENT, key=1)
    with writing() as session:
        session.execute(text("UPDATE tally SET overall_yes = overall_yes + 1"))
    found = list(recount.disagreements(db.session(), campaign))
    assert [(one.column, one.tally, one.responses) for one in found] == [("overall_yes", 2, 1)]


def test_a_response_that_vanished_is_found_out(here):
    code, campaign = here
    heard_about(code, campaign, CONTENT, key=1)
    with writing() as session:
        session.delete(session.scalars(select(Response)).one())
    assert {one.column for one in recount.disagreements(db.session(), campaign)} >= {
        "responses",
        "overall_yes",
    }


def test_a_failed_act_leaves_nothing_behind(here):
    code, campaign = here
    with pytest.raises(RuntimeError, match="half way"), writing() as session:
        session.add(Comment(key=1, form=3, assessment_id=1, month=queries.campaigns(session)[0].starts_on))
        session.flush()
        raise RuntimeError("half way")
    assert rows(Comment) == 0


def test_a_fault_in_a_shared_transaction_stays_with_its_owner(app: Flask, here):
    _code, campaign = here
    db.session.rollback()
    day = queries.campaigns(db.session())[0].starts_on
    assessment = queries.assessed(db.session(), campaign)[0][0].id
    db.session.rollback()
    gathered = threading.Event()

    def act(session, batch):
        gathered.wait(5)
        for number in batch:
            if number < 0:
                raise ValueError(number)
            session.add(Comment(key=number, form=3, assessment_id=assessment, month=day))
            session.flush()
        return list(batch)

    together = Together(act)

    def bring(number: int) -> int | str:
        with app.app_context():
            try:
                return int(together.do(number))
            except ValueError as error:
                return f"refused {error}"

    with ThreadPoolExecutor(5) as crowd:
        futures = [crowd.submit(bring, number) for number in (1, 2, -3, 4, 5)]
        gathered.set()
        results_ = [future.result(10) for future in futures]
    assert results_ == [1, 2, "refused -3", 4, 5]
    assert sorted(db.session.scalars(select(Comment.key))) == [1, 2, 4, 5]


def test_keys_are_63_bits_and_differ():
    made = {response_key("form", number) for number in range(10_000)}
    assert len(made) == 10_000
    assert all(0 <= key < 2**63 for key in made)
    assert response_key("a", "b") != response_key("ab")


def test_what_is_withdrawn_is_neither_kept_nor_counted(here):
    code, campaign = here
    for key in range(3):
        heard_about(code, campaign, {**CONTENT, "overall": "no" if key else "yes"}, key=key, batch_id=None)
    with writing() as session:
        assert withdraw(session, [response_key("test", 1), response_key("test", 77)]) == 1
    assert rows(Response) == 2
    heard = next(iter(counts.heard(db.session(), campaign).values()))
    assert (heard.responses, heard.answers()["overall"]) == (2, (1, 2))
    assert list(recount.disagreements(db.session(), campaign)) == []
    assert heard_about(code, campaign, CONTENT, key=1) is Outcome.COUNTED, "its key is free again"
