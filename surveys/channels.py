"""Восемь каналов, которыми приходит ответ: канал — строка данных, а не ветка кода."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from surveys.measures import SPHERES

SCREEN = "bus-gov-13"
FULL = "675n-full"
WITHOUT_TIMELINESS = "675n-culture-education"


@dataclass(frozen=True, slots=True)
class Channel:
    """Один канал; `number` хранится в базе и не меняется никогда, `title` читают люди."""

    id: str
    number: int
    title: str
    digital: bool
    official: bool
    blanks: bool
    screen: bool

    @property
    def group(self) -> str:
        """К какому способу опроса относится канал: все цифровые вместе, остальные сами по себе."""
        return "digital" if self.digital else self.id


_ALL = (
    Channel("poster", 1, "Плакат с QR-кодом", digital=True, official=False, blanks=False, screen=True),
    Channel("site", 2, "Сайт организации", digital=True, official=False, blanks=False, screen=True),
    Channel("kiosk", 3, "Терминал в организации", digital=True, official=False, blanks=False, screen=True),
    Channel("phone", 4, "Телефонный опрос", digital=False, official=False, blanks=True, screen=False),
    Channel("interview", 5, "Личный опрос", digital=False, official=False, blanks=True, screen=False),
    Channel("paper", 6, "Бумажная анкета", digital=False, official=False, blanks=True, screen=False),
    Channel("import", 7, "Загруженная таблица", digital=False, official=False, blanks=True, screen=False),
    Channel("official", 8, "bus.gov.ru", digital=True, official=True, blanks=True, screen=False),
)

CHANNELS: Mapping[str, Channel] = MappingProxyType({channel.id: channel for channel in _ALL})
BY_NUMBER: Mapping[int, Channel] = MappingProxyType({channel.number: channel for channel in _ALL})

#: Способы опроса, которые сравнивают между собой, и как их называют люди.
GROUPS: Mapping[str, str] = MappingProxyType(
    {"digital": "Цифровые каналы", **{one.id: one.title for one in _ALL if not one.digital}}
)


def default_questionnaire(channel: str, sector: str) -> str:
    """Анкета канала, если кампания не выбрала другую; KeyError — нет такого канала или сферы."""
    if sector not in SPHERES:
        raise KeyError(sector)
    if CHANNELS[channel].screen or CHANNELS[channel].official:
        return SCREEN
    return WITHOUT_TIMELINESS if sector in ("culture", "education") else FULL
