"""Words laid anew: neither the stamp of a row nor its place leads from somebody's words to their answer."""

from typing import Any

import pytest
from build import CONTENT, a_campaign, an_organization
from psycopg import connect
from spoken import comments, said
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from surveys import laying, library, queue, voices
from surveys.bell import NOW_AND_THEN
from surveys.clock import today
from surveys.comments import Comment, CommentState
from surveys.db import db, writing
from surveys.intake import Finished, accept
from surveys.models import Assessment, Pinned
from surveys.opinions import Form
from surveys.questionnaire import packed
from surveys.voices import Said

ON_POSTGRES = pytest.mark.parametrize("database", ["postgres"], indirect=True)
SAID = [f"Слова {number:02}" for number in range(12)]
JOINED = (
    "SELECT count(*) FROM comment JOIN (SELECT xmin FROM response UNION ALL SELECT xmin FROM opinion) told "
    "ON told.xmin = comment.xmin"
)


def heard(words: list[str]) -> None:
    """Each says theirs in an answer of their own, the last in form 1."""
    place, form = db.session.scalars(select(Assessment)).one(), library.questionnaire("bus-gov-13")
    asked = db.session.scalars(select(Pinned.id).where(Pinned.name == form.id)).one()
    facts = (place.campaign_id, place.id, form, asked, 1, today(), packed(form, CONTENT))
    campaign_id, place_id = facts[:2]
    db.session.rollback()
    key = db.session.scalar(text("SELECT count(*) FROM comment")) or 0
    for number, one in enumerate(words[:-1], key + 1):
        accept(Finished(number, *facts, proposal=one))
    voices.accept(
        Said(
            Form.SCORES, key + 99, place_id, 1, 0, today(), "55555", words=words[-1], campaign_id=campaign_id
        )
    )


def told(statement: str) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(text(statement)))


def as_stored() -> list[tuple[object, ...]]:
    names = [name for name in Comment.__table__.columns.keys() if name != "laid"]
    db.session.rollback()
    return [tuple(getattr(one, name) for name in names) for one in comments()]


def test_before_they_are_laid_anew_words_can_be_joined_and_after_it_they_cannot(session: Session) -> None:
    an_organization()
    a_campaign()
    heard(SAID)
    before = as_stored()
    laying.lay_all()
    assert as_stored() == before and said() == SAID
    if db.engine.dialect.name == "sqlite":  # no stamp, and the rows lie in the order of their random keys
        assert told("SELECT rowid FROM comment ORDER BY rowid") == [row[0] for row in before]
        return
    assert told(JOINED) == [0]
    assert len(told("SELECT DISTINCT xmin::text FROM comment")) == 1


@ON_POSTGRES
def test_the_search_for_a_join_works_and_places_tell_the_order_until_then(session: Session) -> None:
    an_organization()
    a_campaign()
    heard(SAID)
    assert told(JOINED) == [len(SAID)]
    arrived = told("SELECT key FROM comment ORDER BY ctid")
    laying.lay_all()
    lying = told("SELECT key FROM comment ORDER BY ctid")
    assert sorted(lying) == sorted(arrived)
    assert lying not in (arrived, arrived[::-1])


@ON_POSTGRES
def test_fresh_words_are_laid_among_those_of_before_and_nothing_is_done_without_them(
    session: Session, monkeypatch
) -> None:
    an_organization()
    a_campaign()
    heard(SAID[:6])
    laying.lay_all()
    stamps = told("SELECT xmin::text FROM comment")
    laying.lay_all()
    assert told("SELECT xmin::text FROM comment") == stamps
    heard(SAID[6:])
    assert told(JOINED) == [6]
    laying.lay_all()
    assert told(JOINED) == [0]
    [one] = set(told("SELECT xmin::text FROM comment"))
    assert one not in stamps, "those of before were laid with them"
    monkeypatch.setattr(laying, "AT_ONCE", 5)
    heard([f"{words}, ещё" for words in SAID])
    laying.lay_all()
    assert told(JOINED) == [0] and len(said()) == 24, "in turns, when they are many"
    assert told("SELECT count(*) FROM comment WHERE NOT laid") == [0]


@ON_POSTGRES
def test_what_is_decided_is_left_and_whoever_writes_is_not_waited_for_long(
    app, session: Session, caplog
) -> None:
    an_organization()
    a_campaign()
    heard(SAID)
    with writing() as opened:
        decided = opened.scalars(select(Comment)).first()
        assert decided is not None
        decided.state, decided.reason = CommentState.WITHHELD, "empty"
    stamp = "SELECT xmin::text FROM comment WHERE state = 'withheld'"
    before = told(stamp)
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with connect(url) as other:
        other.execute("UPDATE comment SET version = version WHERE key = -1")
        laying.lay_all()
        assert told(JOINED) == [len(SAID) - 1], "next time"
    laying.lay_all()
    assert told(JOINED) == [0] and told(stamp) == before


def test_a_worker_does_it_every_ten_minutes(session: Session) -> None:
    assert laying.lay_all in queue.OFTEN
    names = [task.__name__ for task in queue.bell().huey._registry._periodic_tasks]
    assert sorted(names) == ["every_minute", "every_night", "now_and_then"]
    assert NOW_AND_THEN is not None
