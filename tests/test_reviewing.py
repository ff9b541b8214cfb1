"""Doubts and blind samples: who is handed what, what a decision does, and the error rate that comes of it."""

from collections import Counter
from datetime import timedelta
from io import BytesIO

import looking
import pytest
from build import a_campaign, a_user, an_organization
from flask import Flask
from looking import CONTENT, FORM, a_batch, a_sheet, user
from PIL import Image
from spoken import said
from sqlalchemy import select

from accounts.models import Duty, Role
from paper import crops, decided, deciding, quality, reviewing, sampling, settled, settling, whys
from paper.decided import Kept
from paper.geometry import Spot
from paper.tables import Doubt, DoubtKind, ScannedSheet, SheetState
from surveys import campaigns
from surveys.clock import now
from surveys.db import db, writing
from surveys.models import Campaign, Response, Stage
from surveys.questionnaire import unpacked
from surveys.refusals import NotFound, Refusal


class Team:
    """A campaign with a head, a verifier and two interviewers."""

    def __init__(self) -> None:
        self.code = an_organization()
        self.campaign_id = a_campaign()
        duties = {"head": Duty.HEAD, "checks": Duty.VERIFIER}
        for login in ("head", "checks", "one", "two"):
            a_user(Role.OPERATOR, login=login, duty=duties.get(login, Duty.INTERVIEWER))

    @property
    def campaign(self) -> Campaign:
        return db.session.get_one(Campaign, self.campaign_id)

    def sheets(self, number: int = 1, *, share: int = 0, **given: object) -> list[int]:
        """So many sheets in a batch of their own; their numbers."""
        with writing() as session:
            batch, run = a_batch(session, self.campaign_id, self.code, share=share)
            start = len(session.scalars(select(ScannedSheet.id)).all()) + 1
            made = [a_sheet(session, batch, run, start + i, **given) for i in range(number)]  # type: ignore[arg-type]
            return [sheet.id for sheet in made]

    def hand(self, login: str, **given: object) -> list[Doubt]:
        with writing() as session:
            return list(reviewing.hand_out(session, self.campaign, user(login), **given))  # type: ignore[arg-type]

    def handed(self, login: str, question: str) -> Doubt:
        """One about this question, however many others chance would hand out before it."""
        return next(one for one in self.hand(login, number=200) if one.question == question)

    def say(self, login: str, doubt: Doubt, value: str, *, second: bool = False) -> Kept:
        act = decided.decide_second if second else decided.decide
        with writing() as session:
            return act(session, self.campaign, user(login), str(doubt.place), value)

    def answers(self) -> list[dict[str, str]]:
        db.session.rollback()
        return [unpacked(FORM, one) for one in db.session.scalars(select(Response.answers))]


@pytest.fixture
def team(app: Flask, session: object) -> Team:
    return Team()


def sheet(number: int) -> ScannedSheet:
    db.session.rollback()
    return db.session.get_one(ScannedSheet, number)


def only(kind: DoubtKind) -> Doubt:
    db.session.rollback()
    [found] = looking.doubts(db.session(), kind=kind)
    return found


def test_a_doubt_decided_counts_its_sheet_at_once(team: Team) -> None:
    [number] = team.sheets(two=("comfort", "overall"))
    assert team.answers() == [] and sheet(number).state == SheetState.WAITING
    first, second = team.hand("one")
    assert team.say("one", first, "no") is Kept.SAVED
    assert team.answers() == [], "the other doubt still holds it"
    assert team.say("one", second, "yes") is Kept.SAVED
    [found] = team.answers()
    assert {first.question: "no", second.question: "yes"}.items() <= found.items()
    assert sheet(number).state == SheetState.COUNTED


@pytest.mark.parametrize("value", ["", "*"])
def test_no_answer_and_two_marks_are_no_answer(team: Team, value: str) -> None:
    team.sheets(two=("comfort",))
    [doubt] = team.hand("one")
    team.say("one", doubt, value)
    [found] = team.answers()
    assert "comfort" not in found and found["overall"] == "yes"


def test_what_one_cannot_read_a_second_decides(team: Team) -> None:
    [number] = team.sheets(two=("comfort",))
    [doubt] = team.hand("one")
    team.say("one", doubt, "?")
    assert team.answers() == [] and sheet(number).state == SheetState.WAITING
    assert team.hand("two") == [], "it is a verifier's now"
    [dispute] = reviewing.disputes(db.session(), team.campaign, user("checks"))
    assert team.say("checks", dispute, "?", second=True) is Kept.SAVED
    [found] = team.answers()
    assert "comfort" not in found


def test_a_decision_sent_twice_is_one_and_another_word_replaces_it(team: Team) -> None:
    team.sheets(two=("comfort",))
    [doubt] = team.hand("one")
    assert team.say("one", doubt, "yes") is Kept.SAVED
    assert team.say("one", doubt, "yes") is Kept.REPEATED
    assert team.answers()[0]["comfort"] == "yes"
    assert team.say("one", doubt, "no") is Kept.SAVED
    assert [one["comfort"] for one in team.answers()] == ["no"], "the counted sheet is put right"
    assert team.say("two", doubt, "yes") is Kept.TAKEN
    assert team.answers()[0]["comfort"] == "no"


def test_a_changed_word_is_in_the_trail(team: Team) -> None:
    from accounts.models import AuditEvent

    team.sheets(two=("comfort",))
    [doubt] = team.hand("one")
    team.say("one", doubt, "yes")
    assert not db.session.scalars(select(AuditEvent).where(AuditEvent.action == "scan changed")).all()
    team.say("one", doubt, "no")
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "scan changed"))
    assert event.actor == "one"


def test_a_decision_taken_back_to_unreadable_is_no_answer_until_a_second_person_reads_it(team: Team) -> None:
    team.sheets(two=("comfort",))
    [doubt] = team.hand("one")
    team.say("one", doubt, "yes")
    team.say("one", doubt, "?")
    assert "comfort" not in team.answers()[0]
    team.say("checks", doubt, "no", second=True)
    assert team.answers()[0]["comfort"] == "no"
    assert team.say("one", doubt, "yes") is Kept.TAKEN, "the second word is the last"


def test_two_people_never_hold_the_same(team: Team) -> None:
    team.sheets(4, two=("comfort",))
    one, two = team.hand("one", number=3), team.hand("two", number=3)
    assert (len(one), len(two)) == (3, 1)
    assert not {doubt.id for doubt in one} & {doubt.id for doubt in two}
    assert [doubt.id for doubt in team.hand("one", number=3)] == [doubt.id for doubt in one], "again the same"
    assert team.say("two", one[0], "yes") is Kept.TAKEN


def test_what_is_held_too_long_or_let_go_is_handed_to_another(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.sheets(2, two=("comfort",))
    assert len(team.hand("one")) == 2 and team.hand("two") == []
    later = now() + reviewing.KEPT + timedelta(seconds=1)
    with monkeypatch.context() as patch:
        patch.setattr(reviewing, "now", lambda: later)
        assert len(team.hand("two")) == 2
    with writing() as session:
        reviewing.let_go(session, user("two"))
    assert len(team.hand("one")) == 2


def test_a_value_of_another_question_is_refused(team: Team) -> None:
    team.sheets(two=("comfort",))
    [doubt] = team.hand("one")
    with pytest.raises(Refusal, match="Такого ответа"):
        team.say("one", doubt, "male")


@pytest.mark.parametrize("token", ["", "x", "-1", "1e3", "9" * 30, "٣"])
def test_a_made_up_token_is_nothing(team: Team, token: str) -> None:
    with pytest.raises(NotFound):
        reviewing.find(db.session(), team.campaign, token)


def test_what_stands_around_a_question_is_shown_with_it_whatever_is_in_its_boxes(team: Team) -> None:
    answers = {question: value for question, value in CONTENT.items() if question != "overall"}
    team.sheets(share=1000, answers=answers)
    team.sheets(two=("recommend",))
    doubts = looking.doubts(db.session())
    asked = looking.geometry().sides[0].asked
    assert {"overall", "comfort", "recommend"} <= {one.question for one in doubts}
    for doubt in doubts:
        found, own = reviewing.shown(db.session(), doubt), asked[doubt.question]
        assert (found.asked, found.spot) == (own, reviewing._higher(own, 297))
    last = reviewing._higher(Spot(10, 290, 100, 5), 297)
    assert (last.y, last.y + last.height) == (278, 297)
    blank = next(one for one in doubts if one.question == "overall")
    with Image.open(
        BytesIO(reviewing.picture(db.session(), reviewing.shown(db.session(), blank)))
    ) as picture:
        step = picture.height / (12 + 2 * (reviewing.FURTHER + crops.AIR))
        shades = picture.convert("L").tobytes()
        upper, paper, lower = (
            shades[picture.width * round(down * step) + 2] for down in (3, reviewing.FURTHER + 9, 34)
        )
    assert upper < 0.85 * paper > lower, "what is not asked is darker"


def test_a_sample_that_agrees_changes_nothing_and_is_measured(team: Team) -> None:
    team.sheets(share=1000)
    samples = team.hand("one")
    on_path = {q.id for q in FORM.closed if all(CONTENT.get(k) == v for k, v in q.when.items())}
    assert {one.question for one in samples} == on_path, "every sure answer on the path, nothing else"
    before = team.answers()
    for one in samples:
        assert team.say("one", one, CONTENT.get(one.question, "")) is Kept.SAVED
    assert team.answers() == before
    found = quality.of_batch(db.session(), samples[0].batch_id)
    assert (found.rate.wrong, found.rate.compared) == (0, len(samples))
    assert found.samples_open == found.disputed == 0 and found.finished


def test_a_sample_read_otherwise_goes_to_a_second_person_and_the_truth_counts(team: Team) -> None:
    team.sheets(share=1000)
    sample = team.handed("one", "comfort")
    assert team.say("one", sample, "no") is Kept.SAVED
    assert team.answers()[0]["comfort"] == "yes", "one person against the reader is not enough"
    found = quality.of_batch(db.session(), sample.batch_id)
    assert (found.disputed, found.rate.compared) == (1, 0) and "второго человека: 1" in found.told
    with pytest.raises(Refusal, match="второй человек"):
        team.say("one", sample, "no", second=True)
    assert team.say("checks", sample, "no", second=True) is Kept.SAVED
    assert team.say("checks", sample, "no", second=True) is Kept.REPEATED
    assert team.say("head", sample, "yes", second=True) is Kept.TAKEN
    assert team.answers()[0]["comfort"] == "no"
    found = quality.of_batch(db.session(), sample.batch_id)
    assert (found.rate.wrong, found.rate.compared, found.disputed) == (1, 1, 0)


def test_a_second_person_may_side_with_the_reader(team: Team) -> None:
    team.sheets(share=1000)
    sample = team.handed("one", "comfort")
    team.say("one", sample, "*")
    team.say("checks", sample, "yes", second=True)
    assert team.answers()[0]["comfort"] == "yes"
    found = quality.of_batch(db.session(), sample.batch_id)
    assert (found.rate.wrong, found.rate.compared) == (0, 1)


def test_a_sample_of_a_sheet_that_waits_is_counted_as_people_read_it(team: Team) -> None:
    team.sheets(share=1000, two=("overall",))
    mine = {one.question: one for one in team.hand("one")}
    team.say("one", mine["comfort"], "no")
    team.say("checks", mine["comfort"], "no", second=True)
    assert team.answers() == []
    team.say("one", mine["overall"], "yes")
    [found] = team.answers()
    assert (found["comfort"], found["overall"]) == ("no", "yes")


def test_a_filter_put_right_lets_people_read_what_it_opens(team: Team) -> None:
    [number] = team.sheets(two=("stand_seen",))
    [doubt] = team.hand("one")
    team.say("one", doubt, "no")
    assert "stand" not in team.answers()[0], "nobody is asked"
    team.say("one", doubt, "yes")
    [opened] = team.hand("one")
    assert (opened.question, opened.sheet_id, opened.kind) == ("stand", number, DoubtKind.DOUBT)
    assert quality.of_batch(db.session(), opened.batch_id).reopened == 1
    team.say("one", opened, "yes")
    [found] = team.answers()
    assert (found["stand_seen"], found["stand"]) == ("yes", "yes")
    team.say("one", doubt, "no")
    assert "stand" not in team.answers()[0]
    team.say("one", doubt, "yes")
    assert team.answers()[0]["stand"] == "yes", "what was read once is not asked again"
    assert team.hand("one") == []


def test_the_head_decides_alone_only_where_nobody_else_could(team: Team) -> None:
    team.sheets(share=1000)
    sample = team.handed("head", "comfort")
    team.say("head", sample, "no")
    with pytest.raises(Refusal, match="второй человек"):
        team.say("head", sample, "no", second=True)
    with writing() as session:
        session.merge(user("checks")).active = False
    assert [one.id for one in reviewing.disputes(db.session(), team.campaign, user("head"))] == [sample.id]
    assert team.say("head", sample, "no", second=True) is Kept.SAVED


def test_the_sample_is_drawn_by_its_share_and_never_too_small_at_first(team: Team) -> None:
    team.sheets(20, share=1)
    kinds = Counter(one.kind for one in looking.doubts(db.session()))
    assert kinds[DoubtKind.SAMPLE] >= sampling.FEWEST, "of the first twenty sheets"
    team.sheets(5, share=0)
    assert Counter(one.kind for one in looking.doubts(db.session())) == kinds, "nought is none"


def test_the_order_does_not_tell_a_sample_from_a_doubt(team: Team) -> None:
    team.sheets(20, share=500, two=("comfort",))
    handed = team.hand("one", number=400)
    questions = [str(one.question) for one in handed]
    assert questions == sorted(questions)
    comfort = [one for one in handed if one.question == "comfort"]
    assert {one.kind for one in comfort} == {DoubtKind.DOUBT}
    other = [one.sheet_id for one in handed if one.question == "overall" and one.sheet_id is not None]
    assert other != sorted(other), "within a question by chance"
    assert len({one.place for one in handed}) == len(handed)


def test_a_review_broken_off_has_met_questions_by_chance(team: Team) -> None:
    team.sheets(20, share=500)
    met = {one.question for one in team.hand("one", number=20)}
    assert len(met) > 4, "not the first by the alphabet alone"


def test_words_are_typed_once_and_lead_nowhere(team: Team) -> None:
    team.sheets(words=True)
    doubt = only(DoubtKind.WORDS)
    assert team.hand("one") == [], "words are another queue"
    [doubt] = team.hand("one", words=True)
    with writing() as session:
        told = (session, team.campaign, user("one"), str(doubt.place))
        assert decided.type_words(*told, " Скамейку у входа\x00 ") is Kept.SAVED
        assert decided.type_words(*told, "Другое") is Kept.REPEATED
    assert said() == ["Скамейку у входа"]
    kept = only(DoubtKind.WORDS)
    assert (kept.decided, kept.read, kept.final) == (settled.TYPED, None, None)
    with writing() as session:
        settling.undo(session, kept.batch_id, "head")
    assert said() == []


@pytest.mark.parametrize(("typed", "kept"), [("", ""), ("?", "?"), ("  ", "")])
def test_nothing_there_and_unreadable_words_keep_nothing(team: Team, typed: str, kept: str) -> None:
    team.sheets(words=True)
    [doubt] = team.hand("one", words=True)
    with writing() as session:
        decided.type_words(session, team.campaign, user("one"), str(doubt.place), typed)
    assert only(DoubtKind.WORDS).decided == kept
    assert said() == []


def test_words_wait_until_their_sheet_counts(team: Team) -> None:
    team.sheets(words=True, two=("comfort",))
    assert team.hand("one", words=True) == []
    [doubt] = team.hand("one")
    team.say("one", doubt, "yes")
    assert len(team.hand("one", words=True)) == 1


def test_nothing_is_decided_once_the_campaign_collects_no_more(team: Team) -> None:
    team.sheets(two=("comfort",))
    [doubt] = team.hand("one")
    with writing() as session:
        campaigns.move(session, session.get_one(Campaign, team.campaign_id), Stage.REVIEW)
    with pytest.raises(Refusal, match="закончен"):
        team.say("one", doubt, "yes")


def test_what_is_undone_meanwhile_needs_no_decision(team: Team) -> None:
    team.sheets(two=("comfort",))
    [doubt] = team.hand("one")
    token = doubt.place
    with writing() as session:
        settling.undo(session, doubt.batch_id, "head")
    with writing() as session:
        assert decided.decide(session, team.campaign, user("one"), str(token), "yes") is Kept.TAKEN
    assert team.hand("one") == [] and reviewing.left(db.session(), team.campaign_id) == 0


def test_quality_tells_shares_reasons_and_agreement(team: Team) -> None:
    team.sheets(2, two=("comfort", "overall"))
    team.sheets(2)
    batches = quality.of_batches(db.session(), team.campaign_id)
    doubtful, plain = (batches[number] for number in sorted(batches))
    assert (doubtful.doubts, doubtful.open, plain.doubts) == (4, 4, 0)
    assert [(one.title, one.answers) for one in doubtful.whys] == [("отмечены два ответа", 4)]
    assert "ещё не измерена" in plain.told
    for doubt in team.hand("one"):
        team.say("one", doubt, "yes")
    whole = quality.together(quality.of_batches(db.session(), team.campaign_id).values())
    asked = sum(1 for q in FORM.closed if all(CONTENT.get(k) == v for k, v in q.when.items()))
    assert (whole.answers, whole.doubts, whole.open) == (4 * asked, 4, 0)
    assert whole.to_people.startswith(f"4 из {4 * asked} (")
    assert whole.thought == 4 and whole.agreed == sum(
        1 for one in looking.doubts(db.session(), kind=DoubtKind.DOUBT) if one.read == "yes"
    )


def test_pace_leaves_pauses_aside() -> None:
    start = now()
    steady = [start + timedelta(seconds=2 * i) for i in range(10)]
    assert quality.pace(steady) == 1800
    assert quality.pace([*steady, steady[-1] + timedelta(hours=3)]) == 1800
    assert quality.pace(steady[:3]) is None


def test_the_share_is_the_campaigns_own_and_in_the_trail(team: Team) -> None:
    assert sampling.share_of(team.campaign) == sampling.USUAL_SHARE
    with writing() as session:
        sampling.set_share(session, session.get_one(Campaign, team.campaign_id), 35, "head")
    db.session.rollback()
    assert sampling.share_of(team.campaign) == 35


def test_every_reason_of_the_reader_has_words() -> None:
    assert set(deciding.WHY) <= whys.TITLES.keys()
