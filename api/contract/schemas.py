"""Everything that /api/v1 gives, by name."""

from collections.abc import Mapping

import nok
from api.contract.shapes import (
    Schema,
    by_name,
    choice,
    many,
    may_lack,
    maybe,
    more,
    obj,
    page_of,
    ref,
    text,
    whole,
    yes_no,
)
from nok.verifying import SHORTEST_HASH
from surveys.channels import CHANNELS
from surveys.codes import ALPHABET
from surveys.models import CODE_LENGTH, Stage

LARGEST = 2**31 - 1

CODE = text("код организации: восемь знаков, как в QR-коде", pattern=f"^[{ALPHABET}]{{{CODE_LENGTH}}}$")
SECTOR = choice(
    nok.SECTORS, "сфера: " + ", ".join(f"{id} — {name}" for id, name in nok.SECTOR_TITLES.items())
)
YEAR = whole("год оценки", minimum=1900, maximum=9999)
NUMBER = whole("номер", minimum=1, maximum=LARGEST)
SHA256 = text("SHA-256", pattern="^[0-9a-f]{64}$")
SHORT = text("первые 12 знаков хэша: так он напечатан в документах", pattern=f"^[0-9a-f]{{{SHORTEST_HASH}}}$")
RATIO = text("точное значение, дробь p/q", pattern=r"^-?\d+/\d+$")
DAY = text(format="date")
MOMENT = text("время UTC", format="date-time")
LINK = text(format="uri")
LINKS = by_name(LINK, "куда идти дальше: название → адрес")
COUNTS = by_name(whole(), "название → сколько")
PAIR = many(whole(), "«да» и сколько всего ответили", minItems=2, maxItems=2)
FIGURES = by_name(maybe(ref("Figure")), "«1.1»…«5.3», «K1»…«K5», «total»; null — показатель не определён")
PRACTICE = by_name(
    {"type": ["string", "integer"]}, "как посчитано то, о чём Порядок молчит (docs/decisions/0002)"
)

_ORGANIZATION = obj(
    "Организация, как её знает служба.",
    code=CODE,
    name=text(),
    short_name=text(),
    inn=text("пусто, если неизвестен"),
    ogrn=text(),
    region=text(),
    municipality=text(),
    sector=SECTOR,
    kind=maybe(text("вид организации, если редакция его знает")),
    address=text(),
    website=text(),
    links=LINKS,
)
_ROW = obj(
    "Организация в кампании: все цифры и счёты, из которых они получены.",
    code=CODE,
    name=text(),
    short_name=text(),
    inn=text(),
    ogrn=text(),
    address=text(),
    municipality=text(),
    region=text(),
    sector=SECTOR,
    kind=maybe(text()),
    place=maybe(whole("место в рейтинге; null — без места", minimum=1)),
    rated=whole("у скольких организаций есть место"),
    place_range=maybe(many(whole(minimum=1), "места, которые допускают данные", minItems=2, maxItems=2)),
    intervals=by_name(obj(low=text(), high=text()), "границы, в которых цифра могла оказаться случайно"),
    recipients=maybe(whole("получателей услуг за год")),
    inspected=yes_no("оператор проверил организацию"),
    target=maybe(whole("норма анкет")),
    responses=whole("учтено анкет"),
    channels={**COUNTS, "description": "анкет по каналам: " + ", ".join(CHANNELS)},
    by_channel=by_name(
        by_name(maybe(PAIR)), "вопрос → способ опроса → ответы; null — ответов слишком мало, чтобы показать"
    ),
    profile={**COUNTS, "description": "состав опрошенных: пол и возраст, только числом"},
    deficiencies=by_name(many(text()), "чего не хватает: блок чек-листа → пункты"),
    input={"type": "object", "description": "вход калькулятора: его принимает nok indicators"},
    with_branches=maybe(
        may_lack(
            obj(
                "головная организация вместе с филиалами",
                units=whole(),
                codes=many(CODE),
                practice=text(),
                figures=FIGURES,
                intervals=by_name(
                    obj(low=text(), high=text()), "границы этих цифр; в ранних выпусках их нет"
                ),
            ),
            "intervals",
        )
    ),
    result=obj(
        "показатели, критерии, итог",
        indicators=FIGURES,
        criteria=FIGURES,
        total=maybe(ref("Figure")),
        warnings=many(ref("Warning")),
    ),
)
_RELEASE = obj(
    "Какой выпуск в силе.",
    version=whole(minimum=1),
    sha256=SHA256,
    short=SHORT,
    note=text("чем отличается от прошлого"),
    published_at=MOMENT,
)
_STEP = obj(
    "Шаг расчёта.",
    at=text("что считается: «1.1», «K1», «total»"),
    symbol=text(),
    title=text(),
    paragraph=text("пункт Порядка"),
    formula=text(),
    substituted=text("формула с подставленными числами"),
    exact=maybe(text()),
    printed=maybe(text()),
    note=text(),
)
_CAMPAIGN = obj(
    "Кампания, утверждённая и опубликованная.",
    id=NUMBER,
    title=text(),
    year=YEAR,
    sector=SECTOR,
    region=text(),
    edition=text("редакция Порядка № 344н"),
    practice=PRACTICE,
    starts_on=DAY,
    ends_on=DAY,
    stage=choice([stage.value for stage in Stage]),
    approved=yes_no(),
    demo=yes_no("учебные данные: ответы придуманы"),
    operator=text(),
    council=text(),
    order=text(),
    hashes=by_name(SHA256, "что закреплено → SHA-256"),
    questionnaires=by_name(text(), "канал → анкета"),
    organizations=whole("организаций в кампании"),
    responses=whole("учтено анкет"),
    digital_share=maybe(ref("Share")),
    own_digital_share=maybe(ref("Share")),
    means={**FIGURES, "description": "средние по проверенным организациям"},
    municipalities=many(
        obj(name=text(), organizations=whole(), total=maybe(ref("Figure"))), "средние по муниципалитетам"
    ),
    release=ref("Release"),
    versions=many(ref("Release"), "все опубликованные выпуски, новый первым"),
    links=LINKS,
)
_QUESTIONNAIRE = obj(
    "Анкета библиотеки.",
    id=text(),
    version=text(),
    title=text(),
    source=text("откуда формулировки"),
    verified=yes_no("формулировки сверены с первоисточником"),
    sectors=many(SECTOR),
    feeds_344n=yes_no("по ней считаются показатели Порядка"),
    sha256=SHA256,
    questions=whole("сколько вопросов"),
    links=LINKS,
)

READ: Mapping[str, Schema] = {
    "Figure": obj(
        "Число из расчёта.", exact=RATIO, value={"type": "number"}, printed=text("как печатают, с точкой")
    ),
    "Share": obj("Доля от единицы.", exact=RATIO, value={"type": "number"}),
    "Warning": obj("Где расчёт коснулось то, о чём Порядок молчит.", rule=text(), at=text(), text=text()),
    "Step": _STEP,
    "Start": obj(
        "Что здесь есть.", name=text(), version=text(), organizations=whole(), campaigns=whole(), links=LINKS
    ),
    "Organization": _ORGANIZATION,
    "OrganizationPage": page_of(ref("Organization")),
    "OrganizationCard": more(
        _ORGANIZATION,
        results=many(
            obj(
                "Опубликованный результат.",
                campaign=NUMBER,
                title=text(),
                year=YEAR,
                place=maybe(whole(minimum=1)),
                rated=whole(),
                total=maybe(ref("Figure")),
                release=SHORT,
                links=LINKS,
            )
        ),
    ),
    "Release": _RELEASE,
    "Campaign": _CAMPAIGN,
    "CampaignPage": page_of(ref("Campaign")),
    "Row": _ROW,
    "ResultPage": page_of(
        ref("Row"),
        "Строки рейтинга. Все страницы одного прохода — из одного выпуска, даже если вышел новый.",
        campaign=NUMBER,
        edition=text("редакция Порядка"),
        practice=PRACTICE,
        release=ref("Release"),
        total=whole("сколько организаций всего"),
    ),
    "OrganizationResult": may_lack(
        obj(
            "Результат организации.",
            campaign=NUMBER,
            edition=text(),
            practice=PRACTICE,
            release=ref("Release"),
            organization=ref("Row"),
            gains=many({"type": "object"}, "на сколько поднимет оценку каждый шаг; первым — самый выгодный"),
            channel_differences=by_name(
                by_name({"type": "integer"}),
                "вопрос → способ опроса → 1 выше остальных, −1 ниже, 0 не отличить",
            ),
            trace=many(ref("Step"), "каждый шаг расчёта; только с trace=true"),
            links=LINKS,
        ),
        "trace",
    ),
    "ReleaseContent": {
        **obj(
            "Выпуск байт в байт: то, что утвердил совет (nok-release/1). SHA-256 этих байтов напечатан в"
            " документах; проверить — nok verify.",
            format={"const": "nok-release/1"},
            campaign={"type": "object"},
            version=whole(minimum=1),
            rules={"type": "object"},
            organizations=many({"type": "object"}),
        ),
        "additionalProperties": True,
    },
    "Questionnaire": _QUESTIONNAIRE,
    "QuestionnairePage": page_of(ref("Questionnaire")),
    "QuestionnaireText": more(
        _QUESTIONNAIRE,
        intro=text(),
        asked=many(
            obj(
                "Вопрос.",
                id=text(),
                number=maybe(whole()),
                caption=text("как спрашивают на экране"),
                wording=text("формулировка методики"),
                kind=text(),
                required=yes_no(),
                when=by_name(text(), "кого спрашивают: вопрос → ответ"),
                choices=many(obj(value=text(), text=text())),
            )
        ),
    ),
}
