"""A look at a file: what was understood, what is asked, what is remembered; nothing is counted."""

import pytest
from build import a_campaign, an_organization
from sqlalchemy import func, select
from tables import FULL, NAME, as_csv, google, numbered, responses, stored, take, told, xlsx

from surveys import answers, library
from surveys.answers import ORGANIZATION, SKIP, TIME, words
from surveys.batches import Batch
from surveys.comments import Comment
from surveys.db import db, writing
from surveys.models import Campaign


@pytest.fixture
def campaign(session) -> int:
    an_organization(NAME)
    return a_campaign()


def look(file, campaign: int, **given) -> answers.Look:
    db.session.rollback()
    return answers.look(db.session(), file, db.session.get_one(Campaign, campaign), "import", **given)


def test_a_form_of_google_is_understood_whole(campaign, tmp_path) -> None:
    seen = look(
        xlsx(tmp_path / "a.xlsx", google({}, {"overall": "нет"}, {"organization": "Чужая"})), campaign
    )
    assert (seen.kind, seen.rows, seen.header_rows, seen.unsure, seen.missing) == ("answers", 3, (1,), (), ())
    assert seen.mapping[0] == TIME and seen.mapping[1] == ORGANIZATION
    assert (seen.questionnaire, seen.fits[0].questionnaire) == ("675n-full", "675n-full")
    assert [one.row for one in seen.preview] == [2, 3, 4]
    assert (seen.preview[1].organization, seen.preview[1].answers["overall"]) == (NAME, "Нет")
    assert seen.preview[0].answers["age"] == "45–59"
    assert "нет организации" in seen.preview[2].problems[0]
    assert dict(seen.choices)["overall"].startswith("15. ")
    assert stored() == 0


def test_twenty_rows_are_shown_of_many(campaign, tmp_path) -> None:
    seen = look(xlsx(tmp_path / "a.xlsx", google(*[{} for _ in range(50)])), campaign)
    assert (len(seen.preview), seen.rows) == (20, 50)


def test_the_questionnaire_that_fits_best_is_named(campaign, tmp_path) -> None:
    short = library.questionnaire("bus-gov-13")
    rows = [["Организация", *(q.wording for q in short.closed if q.profile is None)], [NAME, *["Да"] * 13]]
    seen = look(xlsx(tmp_path / "a.xlsx", rows), campaign)
    assert seen.fits[0].questionnaire == "bus-gov-13"
    assert any("bus-gov-13" in note for note in seen.notes)
    again = look(xlsx(tmp_path / "a.xlsx", rows), campaign, questionnaire="bus-gov-13")
    assert (again.questionnaire, again.missing) == ("bus-gov-13", ())


def test_a_confirmed_mapping_is_asked_once(campaign, tmp_path) -> None:
    rows = [
        ["Организация", "Стенд", "Вопрос А", "Вопрос Б"],
        [NAME, "Да", "Да", "Нет"],
        [NAME, "Да", "Нет", "Нет"],
    ]
    file = as_csv(tmp_path / "a.csv", rows)
    seen = look(file, campaign)
    assert not seen.remembered
    chosen = {0: ORGANIZATION, 1: SKIP, 2: "recommend", 3: "overall"}
    shown = look(file, campaign, columns=chosen)
    assert shown.preview[0].answers == {"recommend": "Да", "overall": "Нет"}
    with writing() as session:
        answers.remember(session, seen, chosen)
        answers.remember(session, seen, chosen)
    again = look(as_csv(tmp_path / "b.csv", [[one.upper() for one in rows[0]], *rows[1:]]), campaign)
    assert (again.remembered, again.mapping, again.unsure) == (True, chosen, ())
    assert told(take(file, campaign)) == (2, 0, 0, 0)


def test_options_survive_their_batch() -> None:
    options = answers.Options(
        channel="paper",
        columns={0: ORGANIZATION, 3: "overall"},
        infer_filters=frozenset({"stand_seen"}),
        separate=True,
    )
    assert answers.Options.from_dict(options.as_dict()) == options


def test_what_breaks_in_the_middle_leaves_nothing(campaign, tmp_path, monkeypatch) -> None:
    def broken(*_given: object) -> int:
        raise RuntimeError("the power went")

    monkeypatch.setattr(words, "keep", broken)
    with pytest.raises(RuntimeError):
        take(xlsx(tmp_path / "a.xlsx", numbered({"proposals": "Скамейку"}, {})), campaign)
    assert (stored(), responses(campaign)) == (0, 0)
    for table in (Batch, Comment):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_progress_is_told_to_the_end(campaign, tmp_path) -> None:
    seen: list[tuple[int, int]] = []
    file = xlsx(tmp_path / "a.xlsx", google(*[{} for _ in range(5)]))
    answers.take(
        file,
        answers.Options(),
        campaign_id=campaign,
        by="head",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (5, 5)
    assert len(FULL.closed) == 17
