"""What a reviewer does with words: opens an original, lets through, withholds. Inside writing()."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import User
from operator_app.comments import sight
from operator_app.comments.sight import OPENED, Sight
from surveys.comments import CommentState
from surveys.models import Campaign
from surveys.refusals import NotFound, Refusal, Stale
from surveys.screening import Kind, Mark, shown
from surveys.spoken import REASONS, WORDS, Audience

CHANGED = "Это обращение уже решил другой сотрудник. Откройте его заново."


def open_original(session: Session, campaign: Campaign, user: User, key: int) -> None:
    """Write down that this user reads the original; the trail holds no word of it."""
    _whole(sight.one(session, campaign, key, user))
    audit.record(session, user.login, OPENED, sight.subject(campaign.id, key))


def let_through(
    session: Session, campaign: Campaign, user: User, key: int, version: int, places: Iterable[str]
) -> None:
    """Let words through with masks over these places («start-end»).

    Whoever has not opened the original takes no mask away: those that were found stay. Raises Stale, Refusal.
    """
    found = _fresh(sight.one(session, campaign, key, user), version)
    hidden = [mark for mark in found.marks if mark.kind is not Kind.RUDE]
    chosen = _marks(places, found)
    if not found.opened:
        chosen = [*hidden, *(one for one in chosen if not any(_meet(one, mark) for mark in hidden))]
    _pass(found, user, _together(found, chosen))
    _record(session, campaign, user, "comments-through", 1)


def let_clean_through(session: Session, campaign: Campaign, user: User, versions: Mapping[int, int]) -> int:
    """Let through all of these in which nothing is found and which nobody has decided on meanwhile; how many."""
    count = 0
    for key, version in versions.items():
        try:
            found = sight.one(session, campaign, key, user)
        except NotFound:  # taken back with its file meanwhile
            continue
        waits = found.comment.state == CommentState.WAITING and found.comment.version == version
        if waits and found.original and found.clean:
            _pass(found, user, [])
            count += 1
    if count:
        _record(session, campaign, user, "comments-through", count)
    return count


def withhold(session: Session, campaign: Campaign, user: User, key: int, version: int, reason: str) -> None:
    """Show these words to nobody, and say why. Raises Stale, Refusal."""
    found = sight.one(session, campaign, key, user)
    if found.comment.version != version:
        raise Stale(_(CHANGED))
    if reason not in list(REASONS)[:-1]:
        raise Refusal(_("Выберите, почему слова не показывать."))
    comment = found.comment
    comment.state, comment.reason, comment.text, comment.rude = CommentState.WITHHELD, reason, None, []
    comment.decided_by, comment.version = user.login, version + 1
    audit.record(session, user.login, "comment-withheld", sight.subject(campaign.id, key), reason=reason)


def set_audience(session: Session, campaign: Campaign, user: User, chosen: Audience) -> None:
    """Say who reads what is let through."""
    campaign.desk = {**(campaign.desk or {}), WORDS: chosen.value}
    audit.record(session, user.login, "comments-audience", str(campaign.id), audience=chosen.value)


def _pass(found: Sight, user: User, marks: Sequence[Mark]) -> None:
    comment, told = found.comment, shown(found.original, marks)
    comment.state, comment.reason, comment.text, comment.rude = (
        CommentState.THROUGH, None, told.text, told.rude,
    )  # fmt: skip
    comment.decided_by, comment.version = user.login, comment.version + 1


def _record(session: Session, campaign: Campaign, user: User, action: str, count: int) -> None:
    audit.record(session, user.login, action, str(campaign.id), comments=count)


def _fresh(found: Sight, version: int) -> Sight:
    if found.comment.version != version:
        raise Stale(_(CHANGED))
    return _whole(found)


def _whole(found: Sight) -> Sight:
    if not found.original:
        raise Refusal(_("Подлинник этого обращения уничтожен: показать его нельзя."))
    return found


def _marks(places: Iterable[str], found: Sight) -> list[Mark]:
    """Places out of the form as marks: a place that screening found keeps its kind."""
    kinds = {(mark.start, mark.end): mark.kind for mark in found.marks if mark.kind is not Kind.RUDE}
    marks = set()
    for place in places:
        start, _dash, end = place.partition("-")
        if (
            place.isascii()
            and start.isdigit()
            and end.isdigit()
            and int(start) < int(end) <= len(found.original)
        ):
            span = int(start), int(end)
            marks.add(Mark(*span, kinds.get(span, Kind.HIDDEN)))
    return sorted(marks)


def _together(found: Sight, chosen: Sequence[Mark]) -> list[Mark]:
    """Masks in order, words hidden one after another as one; rude words marked where nothing hides them."""
    joined: list[Mark] = []
    for mark in sorted(chosen):
        last = joined[-1] if joined else None
        if last and mark.start < last.end:
            continue
        between = found.original[last.end : mark.start] if last else "-"
        if last and last.kind is mark.kind is Kind.HIDDEN and not between.strip():
            joined[-1] = Mark(last.start, mark.end, Kind.HIDDEN)
        else:
            joined.append(mark)
    rude = [mark for mark in found.marks if mark.kind is Kind.RUDE]
    return sorted([*joined, *(one for one in rude if not any(_meet(one, mark) for mark in joined))])


def _meet(one: Mark, other: Mark) -> bool:
    return one.start < other.end and other.start < one.end
