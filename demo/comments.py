"""What people say in their own words, in the demonstration: some wait for a reviewer, some were let through."""

from itertools import cycle

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import hidden
from surveys.clock import today
from surveys.comments import SURVEY, Comment, CommentState
from surveys.intake import response_key
from surveys.models import Assessment, Campaign
from surveys.opinions import Form
from surveys.screening import screen, shown

REVIEWER = "demo"
NOT_SHOWN = "Продаю гараж, недорого, торг."
ORGANIZATIONS = 4
WAITING = (
    "Поставьте скамейку у входа: пожилым людям негде сесть.",
    "Врач Кузнецова Ольга Павловна нагрубила моей маме. Позвоните мне, 8 926 555-12-34, Марина.",
    "Спасибо медсестре Гульнаре за лёгкую руку!",
    "Дозвониться в регистратуру невозможно, очередь с семи утра.",
    "Живу на ул. Садовой, д. 12, кв. 45, лежачая. Никто не приходит вторую неделю.",
    "Хрень, а не запись. Говно ваш сайт, третий день висит.",
    "Тёплые полы в раздевалке — это чудо. Спасибо!",
    "Полис 1234 5678 9012 3456 не приняли, хотя он действует.",
    "Сделайте пандус пологим, с коляской не заехать.",
    "Пишите на olga_k@mail.ru, расскажу, как нас приняли.",
    "Хотелось бы, чтобы кабинеты были подписаны крупнее.",
    "Автобус ходит раз в час, поставьте хотя бы навес.",
)
THROUGH = (
    "Поставьте кулер с водой у кабинетов второго этажа.",
    "Врач Лебедева всё объяснила понятно, без спешки. Спасибо!",
    "Туалет на первом этаже закрыт с весны, это позор, дерьмо какое-то.",
    "Указатели к рентгену висят слишком высоко.",
)
DOUBTS = ("Очередь как была, так и есть: откуда у вежливости такая оценка?", "Пандус есть только на бумаге.")


def collecting(session: Session, campaign: Campaign) -> None:
    """Words that wait, about the campaign's first organisations."""
    for assessment, words in zip(cycle(_first(session, campaign)), WAITING, strict=False):
        _put(session, SURVEY, assessment, words)


def published(session: Session, campaign: Campaign) -> None:
    """Words that were let through, and one that was not."""
    [assessment] = _first(session, campaign)[:1]
    for form, said in ((SURVEY, THROUGH), (Form.AGREEMENT, DOUBTS)):
        for words in said:
            if comment := _put(session, form, assessment, words):
                comment.text, comment.rude = shown(words, screen(words))
                comment.state, comment.decided_by = CommentState.THROUGH, REVIEWER
    if withheld := _put(session, SURVEY, assessment, NOT_SHOWN):
        withheld.state, withheld.reason, withheld.decided_by = CommentState.WITHHELD, "nothing", REVIEWER


def _put(session: Session, form: int, assessment: Assessment, words: str) -> Comment | None:
    """Store words under a key of their own; None if they are there from an earlier time."""
    key = response_key("demo words", form, assessment.id, words)
    if session.get(Comment, key):
        return None
    hidden.put(session, form, assessment.id, today(), words, campaign_id=assessment.campaign_id, key=key)
    session.flush()
    return session.get_one(Comment, key)


def _first(session: Session, campaign: Campaign) -> list[Assessment]:
    asked = select(Assessment).where(Assessment.campaign_id == campaign.id)
    return list(session.scalars(asked.order_by(Assessment.organization_id).limit(ORGANIZATIONS)))
