"""Показатели независимой оценки качества по приказу № 344н.

Только стандартная библиотека, точные дроби, одно округление, след каждого числа. Проверить нас может любой:
`python -m nok indicators --help`. Все показатели, критерии и итог — баллы, 0…100.

| в порядке | у нас | где в порядке |
|---|---|---|
| Пинф | `indicators["1.1"]`; Истенд, Исайт — `inspection.stand.present`, `.site.present` | раздел 1, 1.1 |
| Инорм-стенд, Инорм-сайт | `inspection.stand.required`, `.site.required` | 1.1, редакция 2024 года |
| Инорм | `inspection.information_required` | 1.1, первоначальная редакция |
| Пдист (Тдист·Сдист) | `indicators["1.2"]`, `inspection.remote_ways` | раздел 1, показатель 1.2 |
| Поткр.уд (Устенд/Уобщ-стенд, Усайт/Уобщ-сайт) | `indicators["1.3"]`, `answers.stand`, `.site` | 1.3 |
| Чобщ | второе число в `answers.*`; в 1.3 первоначальной редакции — `respondents` | разделы 1–5 |
| Пкомф.усл (Ткомф·Скомф) | `indicators["2.1"]`, `inspection.comfort` | раздел 2, показатель 2.1 |
| Пожид | `indicators["2.2"]` | раздел 2, показатель 2.2 |
| Сожид | `waiting_points(…)`, `inspection.waiting_points` | 2.2, шкала |
| Усвоевр | `answers.on_time` | 2.2 |
| Пкомф.уд (Укомф) | `indicators["2.3"]`, `answers.comfort` | раздел 2, показатель 2.3 |
| Порг.дост (Торг.дост·Сорг.дост) | `indicators["3.1"]`, `inspection.equipment` | раздел 3, показатель 3.1 |
| Пуслуг.дост (Туслуг.дост·Суслуг.дост) | `indicators["3.2"]`, `inspection.accessibility` | раздел 3, 3.2 |
| Пдост.уд (Удост/Чинв) | `indicators["3.3"]`, `answers.accessibility` | раздел 3, показатель 3.3 |
| Пперв.конт.уд | `indicators["4.1"]`, `answers.first_contact` | раздел 4, показатель 4.1 |
| Показ.услуг.уд | `indicators["4.2"]`, `answers.service_staff` | раздел 4, показатель 4.2 |
| Пвежл.дист.уд (Увежл.дист/Чобщ-дист) | `indicators["4.3"]`, `answers.remote_staff` | раздел 4, 4.3 |
| Преком | `indicators["5.1"]`, `answers.recommend` | раздел 5, показатель 5.1 |
| Порг.усл.уд | `indicators["5.2"]`, `answers.schedule` | раздел 5, показатель 5.2 |
| Пуд (Ууд/Чобщ) | `indicators["5.3"]`, `answers.overall` | раздел 5, показатель 5.3 |
| K1 … K5 | `criteria["K1"]` … `criteria["K5"]` | разделы 1–5 |
| Sn | `total` | итог |
| Sou, Su | `aggregate.Territory.sectors`, `.overall` | средние отрасли и региона |

Сверх порядка, рядом с ним: погрешность выборки (`uncertainty`), места с учетом погрешности (`rating.ranges`), что
повысило бы балл (`gains`), доли по способам опроса (`groups`). На показатели, критерии, итог и
официальное место это не влияет.
"""

from nok import aggregate, gains, groups, rating, sample, uncertainty
from nok.assessment import Result, Warning_, assess, assessed
from nok.figure import Figure, comma, printed, rounded
from nok.loading import DEFAULT, edition, editions
from nok.observations import Norm, Observations, Share
from nok.practice import CHOICES, Practice
from nok.refusal import Refused
from nok.rules import BLOCKS, CRITERIA, QUESTIONS, Criterion, Edition, Indicator, Item
from nok.sphere import SECTOR_TITLES, SECTORS
from nok.trace import Step
from nok.uncertainty import Intervals, Range
from nok.waiting import mean_wait, waiting_points

__all__ = [
    "BLOCKS",
    "CHOICES",
    "CRITERIA",
    "DEFAULT",
    "QUESTIONS",
    "SECTORS",
    "SECTOR_TITLES",
    "Criterion",
    "Edition",
    "Figure",
    "Indicator",
    "Intervals",
    "Item",
    "Norm",
    "Observations",
    "Practice",
    "Range",
    "Refused",
    "Result",
    "Share",
    "Step",
    "Warning_",
    "aggregate",
    "assess",
    "assessed",
    "comma",
    "edition",
    "editions",
    "gains",
    "groups",
    "mean_wait",
    "printed",
    "rating",
    "rounded",
    "sample",
    "uncertainty",
    "waiting_points",
]
