"""Practice: what we do where the Order is silent. Every choice has a name, and a sentence for the report."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nok.refusal import Refused, at, shown

CHOICES: Mapping[str, Mapping[str | int, str]] = {
    "undefined": {
        "renormalise": "Показатель, для которого нет ни одного ответа, не учитывается,"
        " веса остальных показателей критерия пропорционально увеличиваются.",
        "mean_of_siblings": "Показатель, для которого нет ни одного ответа,"
        " принимается равным среднему остальных показателей критерия.",
        "refuse": "Если для показателя нет ни одного ответа, расчет не выполняется.",
    },
    "one_sided_openness": {
        "use_the_other": "Если данные есть только о стенде или только о сайте, показатели 1.1 и 1.3"
        " считаются по той стороне, о которой данные есть.",
        "refuse": "Если данные есть только о стенде или только о сайте, расчет не выполняется.",
    },
    "rounding": {
        "end": "Значения считаются точно, округляется только напечатанное.",
        "indicators": "Каждый показатель округляется, затем по округленным значениям считаются"
        " и округляются критерии и итог.",
        "criteria": "Показатели не округляются, критерии и итог округляются.",
    },
    "places": {
        2: "Числа печатаются с двумя знаками после запятой, половина округляется вверх.",
        1: "Числа печатаются с одним знаком после запятой, половина округляется вверх.",
        0: "Числа печатаются целыми, половина округляется вверх.",
    },
    "performing_arts": {
        "k1_k3_only": "Театры и концертные организации оцениваются по критериям K1 и K3,"
        " критерии K2, K4 и K5 принимаются равными среднему K1 и K3.",
        "all_five": "Театры и концертные организации оцениваются по всем пяти критериям.",
    },
    "branches": {
        "pool": "Ответы о головной организации и филиалах складываются.",
        "mean": "Итог организации с филиалами — среднее итогов головной организации и филиалов.",
    },
    "ties": {
        "dense": "Организации с равным напечатанным итогом делят место, следующее место не пропускается.",
        "competition": "Организации с равным напечатанным итогом делят место,"
        " следующие места пропускаются по их числу.",
    },
}


@dataclass(frozen=True, slots=True)
class Practice:
    """Семь решений; первое из каждого списка — наше обычное. Неизвестное решение — отказ."""

    undefined: str = "renormalise"
    one_sided_openness: str = "use_the_other"
    rounding: str = "end"
    places: int = 2
    performing_arts: str = "k1_k3_only"
    branches: str = "pool"
    ties: str = "dense"

    def __post_init__(self) -> None:
        for key, choice in self.as_dict().items():
            if choice not in CHOICES[key] or isinstance(choice, bool):
                known = ", ".join(map(str, CHOICES[key]))
                raise Refused(f"practice.{key}", f"нет решения «{shown(str(choice))}», есть: {known}")

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> "Practice":
        """From a mapping, the rest by default; `places` may be text («2»), as a command line gives it."""
        for key, choice in chosen.items():
            if key not in CHOICES:
                raise Refused(
                    at("practice", shown(str(key))), f"нет такого решения, есть: {', '.join(CHOICES)}"
                )
            if not isinstance(choice, str | int):
                raise Refused(at("practice", key), "решение называют словом")
        places = chosen.get("places")
        if isinstance(places, str) and places in ("0", "1", "2"):
            return cls(**{**chosen, "places": int(places)})
        return cls(**chosen)

    def as_dict(self) -> dict[str, str | int]:
        """All seven, in the order of the table."""
        return asdict(self)

    def sentences(self) -> list[str]:
        """What a report says about how it was calculated, one sentence a choice."""
        return [CHOICES[key][choice] for key, choice in self.as_dict().items()]

    @property
    def content_hash(self) -> str:
        """SHA-256 of the seven choices as canonical JSON: what a campaign pins."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()
