"""A campaign that closes waits for the answers under way, and lets none in after."""

import threading

import pytest
from build import CONTENT, a_campaign, an_organization
from flask import Flask
from sqlalchemy import func, select

from surveys import campaigns, handover, library, queries
from surveys.channels import CHANNELS
from surveys.clock import today
from surveys.db import db, writing
from surveys.intake import Finished, Outcome, accept_all, response_key
from surveys.models import Campaign, Response, Stage
from surveys.questionnaire import packed

PATIENCE = 10


@pytest.fixture
def campaign_id(session) -> int:
    an_organization()
    return a_campaign()


def an_answer(campaign_id: int, key: int) -> Finished:
    campaign = db.session.get_one(Campaign, campaign_id)
    pinned = campaign.questionnaire_of(CHANNELS["poster"].number)
    [row] = queries.assessed(db.session(), campaign_id)
    form = library.questionnaire(pinned.name)
    made = Finished(
        key=response_key("gate", key), campaign_id=campaign_id, assessment_id=row[0].id, questionnaire=form,
        questionnaire_id=pinned.id, channel=1, day=today(), answers=packed(form, CONTENT),
    )  # fmt: skip
    db.session.rollback()
    return made


@pytest.mark.parametrize("how", ["moved", "handed over"])
def test_whoever_closes_sees_the_answer_that_was_under_way(app: Flask, campaign_id: int, how: str) -> None:
    first, late = an_answer(campaign_id, 1), an_answer(campaign_id, 2)
    inside, seen, outcomes = threading.Event(), [], []

    def close() -> None:
        with app.app_context():
            inside.wait(PATIENCE)
            with writing() as session:
                if how == "moved":
                    campaigns.move(session, session.get_one(Campaign, campaign_id), Stage.REVIEW)
                else:
                    campaign = handover.locked(session, campaign_id)
                    seen.append(session.scalar(select(func.count()).select_from(Response)))
                    campaigns.move(session, campaign, Stage.REVIEW)

    closer = threading.Thread(target=close)
    closer.start()
    with writing() as session:
        outcomes += accept_all(session, [first])
        inside.set()
        closer.join(0.3)
        assert closer.is_alive(), "it waits for the answer under way"
    closer.join(PATIENCE)
    assert not closer.is_alive()
    with writing() as session:
        outcomes += accept_all(session, [late])
    assert outcomes == [Outcome.COUNTED, Outcome.CLOSED]
    assert seen in ([], [1])
    assert db.session.get_one(Campaign, campaign_id).stage == Stage.REVIEW
