"""What a program with a token is given, and every refusal."""

from collections.abc import Mapping

from accounts.models import Right
from api.contract.schemas import DAY, LINKS, MOMENT, NUMBER, YEAR
from api.contract.shapes import Schema, choice, many, may_lack, maybe, obj, page_of, text, whole, yes_no
from operator_app.files.batches import FILES
from surveys.batches import State
from surveys.models import Stage

_COLUMN = obj(
    "Столбец файла и что за него приняли.",
    letter=text(),
    heading=text(),
    target=text("код вопроса; @organization, @row_key, @time, @skip; пусто — не понято"),
    sure=yes_no("подтверждать не нужно"),
)
_COUNTED = {
    name: whole(about)
    for name, about in {
        "rows": "строк в файле",
        "accepted": "учтено новых анкет",
        "updated": "заменено исправленных",
        "repeated": "уже были учтены",
        "refused_rows": "не принято строк",
        "warned_rows": "строк с замечаниями",
    }.items()
}
_BATCH = obj(
    "Загруженный файл: что с ним сделано и что можно сделать.",
    id=NUMBER,
    campaign=NUMBER,
    kind=choice([kind.value for kind in FILES]),
    channel=maybe(text("канал, которым собраны ответы")),
    file=obj(name=text(), sha256=text()),
    state=choice(
        [state.value for state in State],
        "uploaded — ждёт: читается или не понят; checked — проверен, ничего не учтено; counted — учтён;"
        " undone — отменён; dropped — не нужен; refused — не принят",
    ),
    working=yes_no("служба работает с файлом: спросите ещё раз через секунду"),
    progress=maybe(obj("сколько строк пройдено", done=whole(), total=maybe(whole()))),
    error=text("почему не вышло, если не вышло"),
    report=maybe(obj("чем кончилась проверка или учёт", notes=many(text()), **_COUNTED)),
    columns=many(_COLUMN, "пока файл не учтён: как поняты столбцы"),
    needs_person=yes_no("столбцы не поняты: исправьте заголовки или подтвердите их на странице desk"),
    made_at=MOMENT,
    links=LINKS,
)
_PROBLEM = may_lack(
    obj(
        "Отказ по RFC 9457.",
        type=text("вид отказа: адрес в описании", format="uri"),
        title=text("что случилось"),
        status=whole(minimum=400, maximum=599),
        detail=text("что именно и что делать"),
        instance=text("номер отказа в журнале службы"),
        errors=many(obj(name=text("параметр"), detail=text()), "что не так по частям"),
    ),
    "instance",
    "errors",
)

FILED: Mapping[str, Schema] = {
    "Problem": _PROBLEM,
    "Token": obj(
        "Что можно с этим ключом.",
        name=text(),
        rights=many(choice([right.value for right in Right])),
        ends_on=DAY,
        campaigns=many(
            obj(
                id=NUMBER,
                title=text(),
                year=YEAR,
                stage=choice([stage.value for stage in Stage]),
                links=LINKS,
            )
        ),
    ),
    "Batch": _BATCH,
    "RowPage": page_of(
        obj(
            "Что не так в строке файла.",
            row=whole("номер строки в файле"),
            column=text(),
            value=text("ячейка, как она есть"),
            reason=text(),
            advice=text("что сделать"),
        ),
        listed=whole("сколько перечислено: не больше тысячи"),
        total=whole("в скольких строках"),
    ),
}
