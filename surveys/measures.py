"""Что измеряет анкета: пятнадцать вопросов «да/нет» методики 675н, состав выборки и столбцы счётчиков."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SPHERES: tuple[str, ...] = ("health", "culture", "education", "social", "mse")


@dataclass(frozen=True, slots=True)
class Measure:
    """Одно измерение: `yes` — символ числа ответивших «да», `of` — числа ответивших (пусто у фильтров)."""

    id: str
    title: str
    yes: str
    of: str = ""
    indicator: str = ""


_ALL = (
    Measure("stand_seen", "Обращались к информации на стендах", "Уобщ-стенд"),
    Measure("stand", "Удовлетворены информацией на стендах", "Устенд", "Уобщ-стенд", "1.3"),
    Measure("site_seen", "Пользовались официальным сайтом", "Уобщ-сайт"),
    Measure("site", "Удовлетворены информацией на официальном сайте", "Усайт", "Уобщ-сайт", "1.3"),
    Measure("on_time", "Услуга предоставлена своевременно", "Усвоевр", "Чобщ", "2.2"),
    Measure("comfort", "Удовлетворены комфортностью условий", "Укомф", "Чобщ", "2.3"),
    Measure("disability", "Имеют инвалидность или представляют такого человека", "Чинв"),
    Measure("accessibility", "Удовлетворены доступностью услуг для инвалидов", "Удост", "Чинв", "3.3"),
    Measure("first_contact", "Довольны вежливостью при первом обращении", "Уперв.конт", "Чобщ", "4.1"),
    Measure("service_staff", "Довольны вежливостью при оказании услуги", "Уоказ.услуг", "Чобщ", "4.2"),
    Measure("remote_used", "Пользовались дистанционными способами", "Чобщ-дист"),
    Measure(
        "remote_staff", "Довольны вежливостью при обращении на расстоянии", "Увежл.дист", "Чобщ-дист", "4.3"
    ),
    Measure("recommend", "Готовы рекомендовать организацию", "Уреком", "Чобщ", "5.1"),
    Measure("schedule", "Удовлетворены организационными условиями", "Уорг.усл", "Чобщ", "5.2"),
    Measure("overall", "Удовлетворены в целом", "Ууд", "Чобщ", "5.3"),
)

MEASURE: Mapping[str, Measure] = MappingProxyType({measure.id: measure for measure in _ALL})
MEASURES: tuple[str, ...] = tuple(MEASURE)
FEEDS: tuple[str, ...] = tuple(measure.id for measure in _ALL if measure.indicator)

FILTER_OF: Mapping[str, str] = MappingProxyType(
    {"stand": "stand_seen", "site": "site_seen", "accessibility": "disability", "remote_staff": "remote_used"}
)

PROFILE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sex": ("female", "male"),
        "age": ("under_18", "18_29", "30_44", "45_59", "60_74", "75_plus"),
    }
)
PROFILE_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "sex": "Пол",
        "sex_female": "Женщины",
        "sex_male": "Мужчины",
        "age": "Возраст",
        "age_under_18": "Младше 18",
        "age_18_29": "18–29",
        "age_30_44": "30–44",
        "age_45_59": "45–59",
        "age_60_74": "60–74",
        "age_75_plus": "75 и старше",
    }
)

SIDES: tuple[str, ...] = ("yes", "no", "aside")
TALLY_COLUMNS: tuple[str, ...] = (
    *(f"{measure}_{side}" for measure in MEASURES for side in SIDES),
    *(f"{profile}_{value}" for profile, values in PROFILE.items() for value in values),
)

_AGE_FROM = ((75, "75_plus"), (60, "60_74"), (45, "45_59"), (30, "30_44"), (18, "18_29"), (0, "under_18"))


def age_band(years: int) -> str:
    """Код возрастной группы по числу полных лет; меньше 0 и больше 130 — ValueError."""
    if not 0 <= years <= 130:
        raise ValueError(f"не возраст: {years}")
    return next(band for start, band in _AGE_FROM if years >= start)
