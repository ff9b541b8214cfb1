"""Made-up comments with their marks written in: templates filled by lot from a seed, in the manner of real ones.

Honest about what they are: nobody wrote them, so they tell how the rules do on what we thought of. Names, numbers and
addresses are drawn from lists of this file alone; screening knows none of them.
"""

import random
from pathlib import Path

from benchmarks.words.scoring import Comment, parsed

SEED = 344
HERE = Path(__file__).parent

WOMEN = """
Аделина Василиса Дарья Евгения Жанна Зинаида Инна Камилла Лариса Милана Оксана Полина Раиса Софья Таисия Фарида
""".split()
MEN = "Антон Богдан Валерий Глеб Денис Захар Ильдар Кирилл Леонид Марат Никита Олег Руслан Степан Фёдор Эдуард".split()
FATHERS = "Альберто Борисо Викторо Германо Дамиро Ефимо Игоре Львово Максимо Наило Рустемо Юрье".split()
SURNAMES = """
Абрамова Бикташева Вострикова Гладышева Дроздова Ерёмина Жигалова Загидуллина Исаева Колодяжная Лебедева Мухаметшина
Новицкая Осипова Плотникова Рыбакова Сабирова Туманова Уварова Филиппова Хохлова Цыганкова Чепурная Шутова Щукина Юдина
""".split()
ROLES = """
врач терапевт педиатр медсестра учительница воспитатель заведующая библиотекарь соцработник администратор
""".split()
STREETS = "Заречная Вишнёвая Солнечная Полевая Рабочая Садовая Молодёжная Парковая".split()
PLAIN = """
Поставьте скамейки у входа и повесьте расписание крупными буквами.
Очередь в регистратуру по два часа, телефон не отвечает.
Всё понравилось, персонал вежливый, чисто и светло.
На первом этаже нет туалета для инвалидов, пандус крутой.
Сделайте парковку и уберите снег с дорожек.
Сайт неудобный, не найти, когда принимает окулист.
Хотелось бы больше кружков для детей с ОВЗ.
В столовой холодно, порции маленькие, зато вкусно.
Запись через портал работает плохо, талонов нет с утра.
Ремонт идёт третий год, в коридоре пыль и провода.
Книги новые, но читальный зал закрывается в 17:00.
Автобус 105 ходит раз в час, добираться с коляской тяжело.
Приняли через 40 минут после назначенного времени, кабинет 312.
В 2024 году обещали лифт, на дворе 2026, лифта нет.
""".strip().splitlines()
TEMPLATES = """
{role} {name} очень внимательна, спасибо ей
{Role} {name} нагрубила и хлопнула дверью. {plain}
{plain} Спасибо {dative}!
Почему {name} не принимает по пятницам?
у {genitive} всегда очередь, а {plain}
{plain} Позвоните мне: {phone}
мой телефон {phone}, зовут {first}
{first}, {phone}. {plain}
{plain} Ответ пришлите на {email}.
Живу на {address}, ходить далеко. {plain}
{plain} Прошу {role} приехать: {address}
Полис {policy} не приняли. {plain}
СНИЛС {snils} записали с ошибкой
Паспорт {passport} спросили зачем-то
Машина {plate} загородила вход. {plain}
{rude} какая-то, а не больница. {plain}
{plain} {plain}
{plain}
{low_role} {low_name} самая лучшая
Спасибо {full}, {role} от Бога
{initials} — грубиянка. {plain}
Обслуживала {initials}, всё хорошо
{plain} С уважением, {full}
{plain} {link}
""".strip().splitlines()
RUDE = (
    "Хуйня",
    "Пизда",
    "Пиздец",
    "х*йня",
    "п***ц",
    "Жопа",
    "дерьмо",
    "ебань",
    "Говно",
    "бл@ть",
    "сука",
    "мразь",
)


def drawn(seed: int = SEED, number: int = 400) -> list[Comment]:
    """So many by lot."""
    lot = random.Random(seed)
    return [parsed(_one(lot)) for _ in range(number)]


def written(name: str) -> list[Comment]:
    """Those written by hand: «known», «hard» or «fresh»; each file says what it is."""
    lines = (HERE / f"{name}.txt").read_text("utf-8").splitlines()
    return [parsed(line) for line in lines if line and not line.startswith("#")]


def _one(lot: random.Random) -> str:
    template = lot.choice(TEMPLATES)
    while "{plain}" in template:
        template = template.replace("{plain}", lot.choice(PLAIN), 1)
    for field in ("role", "Role", "low_role"):
        role = lot.choice(ROLES)
        template = template.replace(f"{{{field}}}", role.capitalize() if field == "Role" else role)
    for field, draw in DRAWN.items():
        if f"{{{field}}}" in template:
            kind, text = draw(lot)
            template = template.replace(f"{{{field}}}", f"{{{kind}|{text}}}")
    return template


def _digits(lot: random.Random, number: int) -> str:
    return "".join(str(lot.randrange(10)) for _ in range(number))


def _phone(lot: random.Random) -> tuple[str, str]:
    code, a, b, c = f"9{_digits(lot, 2)}", _digits(lot, 3), _digits(lot, 2), _digits(lot, 2)
    city = f"8 ({lot.choice(('495', '843', '383', '485'))}) {a}-{b}-{c}"
    spread = " ".join(f"8{code}{a}{b}{c}")
    ways = (
        f"8{code}{a}{b}{c}",
        f"+7 {code} {a}-{b}-{c}",
        f"8 ({code}) {a} {b} {c}",
        f"8-{code}-{a}-{b}-{c}",
        city,
        spread,
    )
    return "phone", lot.choice((*ways, f"{code}{a}{b}{c}", f"{a[0] or 2}{a[1:]}-{b}-{c}"))


def _email(lot: random.Random) -> tuple[str, str]:
    name = f"{lot.choice(('masha', 'oleg', 'kot', 'zhanna'))}{lot.choice('._')}{_digits(lot, 2)}"
    at = lot.choice(("@", "@", " собака "))
    dot = " точка " if at == " собака " else "."
    return "email", f"{name}{at}{lot.choice(('mail', 'yandex', 'gmail'))}{dot}{lot.choice(('ru', 'com'))}"


def _address(lot: random.Random) -> tuple[str, str]:
    street, house, flat = lot.choice(STREETS), lot.randrange(1, 99), lot.randrange(1, 300)
    ways = (
        f"ул. {street}, д. {house}, кв. {flat}",
        f"{street}, {house}, кв. {flat}",
        f"улица {street} дом {house} квартира {flat}",
        f"ул. {street} {house}-{flat}",
    )
    return "address", lot.choice(ways)


def _surname(lot: random.Random) -> tuple[str, str]:
    return "name", lot.choice(SURNAMES)


def _oblique(surname: str) -> str:
    return surname[:-2] + "ой" if surname.endswith("ая") else surname[:-1] + "ой"


def _woman(lot: random.Random) -> str:
    father = lot.choice(FATHERS)
    return f"{lot.choice(WOMEN)} {father}{'на' if father == 'Львово' else 'вна'}".replace(
        "Львовона", "Львовна"
    )


def _full(lot: random.Random) -> tuple[str, str]:
    surname, name = lot.choice(SURNAMES), _woman(lot)
    return "name", lot.choice((f"{surname} {name}", f"{name} {surname}", name))


def _initials(lot: random.Random) -> tuple[str, str]:
    surname, letters = lot.choice(SURNAMES), (lot.choice("АЕИМНОР"), lot.choice("АВГИПС"))
    return "name", lot.choice(
        (f"{surname} {letters[0]}.{letters[1]}.", f"{letters[0]}. {letters[1]}. {surname}")
    )


DRAWN = {
    "name": lambda lot: lot.choice((_surname, _full, _initials))(lot),
    "low_name": lambda lot: ("name", lot.choice((_surname, _full))(lot)[1].lower()),
    "dative": lambda lot: ("name", _oblique(lot.choice(SURNAMES))),
    "genitive": lambda lot: ("name", _oblique(lot.choice(SURNAMES))),
    "first": lambda lot: ("name", lot.choice((*WOMEN, *MEN))),
    "full": _full,
    "initials": _initials,
    "phone": _phone,
    "email": _email,
    "address": _address,
    "policy": lambda lot: ("document", _digits(lot, 16)),
    "snils": lambda lot: (
        "document",
        f"{_digits(lot, 3)}-{_digits(lot, 3)}-{_digits(lot, 3)} {_digits(lot, 2)}",
    ),
    "passport": lambda lot: (
        "document",
        f"{lot.choice(('45', '92', '60'))} {_digits(lot, 2)} {_digits(lot, 6)}",
    ),
    "plate": lambda lot: (
        "plate",
        f"{lot.choice('авекмн')}{_digits(lot, 3)}{lot.choice(('ор', 'ст', 'ух'))}{lot.choice(('77', '116', '16'))}",
    ),
    "rude": lambda lot: ("rude", lot.choice(RUDE)),
    "link": lambda lot: (
        "link",
        lot.choice(("vk.com/id", "https://t.me/u", "ok.ru/profile/")) + _digits(lot, 6),
    ),
}
