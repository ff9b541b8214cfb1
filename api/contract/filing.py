"""What a program does with a token: brings a file, reads what became of it, has it counted, takes it back."""

from accounts.models import Right
from api.contract.acts import (
    BAD,
    BATCH,
    CAMPAIGN,
    CONFLICT,
    CURSOR,
    KEY,
    MOST_ROWS,
    NO_BATCH,
    Operation,
    Parameter,
    limit,
    words,
)
from api.contract.schemas import CODE
from api.contract.shapes import choice
from operator_app.files.forms import CHANNEL_ORDER
from surveys.batches import Kind

FILES: tuple[str, ...] = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
)

LEAVE = '-H "Authorization: Bearer $NOK_TOKEN"'

FILING: tuple[Operation, ...] = (
    Operation(
        "api_files.token",
        "/token",
        "Что можно с ключом",
        "Права ключа, срок и кампании, в которые он загружает.",
        {200: ("Token", "ключ")},
        f"curl {LEAVE} {{base}}/token",
        bearer=True,
        part="Загрузка файлов",
        kept="no-store",
    ),
    Operation(
        "api_files.upload",
        "/campaigns/{campaign_id}/answers",
        "Загрузить файл",
        "Таблица XLSX или CSV до 50 МБ: телом запроса или полем file формы. Служба прочтёт её, поймёт столбцы"
        " и проверит каждую строку; ничего не учтётся, пока вы не попросите (commit).",
        {202: ("Batch", "файл принят, идёт проверка; адрес — в Location")},
        f"curl {LEAVE} \\\n  -H 'Idempotency-Key: 2026-11-22-1' -H 'Content-Type: text/csv' \\\n"
        "  --data-binary @otvety.csv '{base}/campaigns/'$CAMPAIGN'/answers?channel=paper'",
        method="post",
        asks=(
            CAMPAIGN,
            Parameter("channel", "как собирали ответы", choice(CHANNEL_ORDER), required=True),
            Parameter(
                "kind",
                "анкеты, строка на человека, или готовые счётчики, строка на организацию",
                choice([Kind.ANSWERS.value, Kind.COUNTERS.value]),
            ),
            Parameter("organization", "код организации, если весь файл о ней одной", CODE),
            words("name", "имя файла, если он идёт телом запроса"),
            KEY,
        ),
        fails={
            400: "параметр не того вида или файл пуст",
            404: "кампании нет или ключ выдан не для неё",
            409: "кампания больше не собирает ответы",
            413: "файл больше 50 МБ",
            415: "тело не того типа",
            422: "с этим Idempotency-Key уже загружали другой файл",
        },
        right=Right.UPLOAD,
        bearer=True,
        takes=(*FILES, "multipart/form-data"),
        part="Загрузка файлов",
        kept="no-store",
    ),
    Operation(
        "api_files.batch",
        "/batches/{batch_id}",
        "Что с файлом",
        "Состояние, счёт строк, как поняты столбцы, что дальше.",
        {200: ("Batch", "файл")},
        f"curl {LEAVE} {{base}}/batches/{{batch}}",
        asks=(BATCH,),
        fails=NO_BATCH,
        right=Right.UPLOAD,
        bearer=True,
        part="Загрузка файлов",
        kept="no-store",
    ),
    Operation(
        "api_files.rows",
        "/batches/{batch_id}/rows",
        "Что не так в строках",
        "Непринятые строки или замечания, по страницам: строка, столбец, значение, причина, что сделать.",
        {200: ("RowPage", "страница")},
        f"curl {LEAVE} {{base}}/batches/{{batch}}/rows",
        asks=(
            BATCH,
            Parameter(
                "kind",
                "непринятые или учтённые с замечанием",
                choice(["refused", "warnings"]),
            ),
            limit(100, MOST_ROWS),
            CURSOR,
        ),
        fails={**BAD, **NO_BATCH},
        right=Right.UPLOAD,
        bearer=True,
        part="Загрузка файлов",
        kept="no-store",
    ),
    Operation(
        "api_files.commit",
        "/batches/{batch_id}/commit",
        "Учесть файл",
        "Проверенный файл учитывается в фоне, целиком или никак. Повтор ничего не удвоит.",
        {200: ("Batch", "файл уже учтён"), 202: ("Batch", "файл учитывается")},
        f"curl -X POST {LEAVE} {{base}}/batches/{{batch}}/commit",
        method="post",
        asks=(BATCH,),
        fails={**NO_BATCH, **CONFLICT},
        right=Right.COMMIT,
        bearer=True,
        part="Загрузка файлов",
        kept="no-store",
    ),
    Operation(
        "api_files.undo",
        "/batches/{batch_id}/undo",
        "Отменить файл",
        "Всё, что пришло этим файлом, уходит из расчёта; что он заменил, возвращается.",
        {200: ("Batch", "файл уже отменён"), 202: ("Batch", "файл отменяется")},
        f"curl -X POST {LEAVE} {{base}}/batches/{{batch}}/undo",
        method="post",
        asks=(BATCH,),
        fails={**NO_BATCH, **CONFLICT},
        right=Right.UNDO,
        bearer=True,
        part="Загрузка файлов",
        kept="no-store",
    ),
)
