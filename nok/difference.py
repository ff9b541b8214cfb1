"""Difference: one figure that is not what the counts give, in words that say whose and where."""

import re
from typing import Any, NamedTuple

from nok.refusal import shown

RULES = "rules"
ABSENT = "нет данных"
INDICATOR = re.compile(r"[1-5]\.[1-9]")
CRITERION = re.compile(r"K[1-5]")
CALLED = {
    "total": "итог",
    "place": "место в рейтинге",
    "place_range": "места, которые допускают данные",
    "rated": "сколько организаций в рейтинге",
    "inspected": "была ли проверка",
    "responses": "число анкет",
    "respondents": "число опрошенных во входе расчёта",
    "channels": "сумма анкет по каналам",
    "input": "счёты",
    "input.id": "код организации во входе расчёта",
    "input.sector": "сфера во входе расчёта",
    "input.kind": "вид организации во входе расчёта",
    "code": "код организации",
    "release": "выпуск",
    "result": "цифры",
    "edition": "редакция расчёта",
    "practice": "решения расчёта",
    "sha256": "SHA-256 данных",
    "warnings": "оговорки к расчёту",
    "trace": "ход расчёта",
    "digital_share": "доля ответов через официальные цифровые сервисы",
    "own_digital_share": "доля ответов через собственные цифровые каналы",
    "municipalities": "список муниципалитетов",
}


class Difference(NamedTuple):
    """`figure` is the file's own name of it: "3.3", "K1", "total", "place", "means.total", "municipalities.Перово"."""

    code: str
    name: str
    figure: str
    stated: str
    counted: str
    by: str = "по счётам"

    @classmethod
    def rules(cls, what: str, stated: str, counted: str) -> "Difference":
        """The rules are not those that the file names."""
        return cls("", "", f"{RULES}.{what}", stated, counted, "должно быть")

    def sentence(self) -> str:
        """«Поликлиника № 12 (K7M4PX2D): показатель 3.3: в файле 60,00, по счётам 58,33»."""
        whose = f"{shown(self.name, 120)} ({shown(self.code)}): " if self.code else ""
        return f"{whose}{called(self.figure)}: в файле {self.stated}, {self.by} {self.counted}"

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {**self._asdict(), "text": self.sentence()}


def called(figure: str) -> str:
    """A figure's name in words."""
    if figure in CALLED:
        return CALLED[figure]
    if INDICATOR.fullmatch(figure):
        return f"показатель {figure}"
    if CRITERION.fullmatch(figure):
        return f"критерий {figure}"
    outer, _, inner = figure.partition(".")
    if outer == RULES:
        return f"правила: {inner}"
    if outer == "means":
        return f"среднее по кампании, {called(inner)}"
    if outer == "intervals":
        return f"границы погрешности, {called(inner)}"
    if outer == "branches":
        return f"вместе с филиалами, {called(inner)}"
    if outer == "organizations":
        return f"муниципалитет «{shown(inner, 120)}», оценено организаций"
    if outer == "municipalities":
        return f"муниципалитет «{shown(inner, 120)}», средний итог"
    return shown(figure, 120)
