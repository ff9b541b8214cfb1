"""The list of organisations as it comes: from Excel, from a database, from a person in a hurry."""

import csv
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import registry
from surveys.registry import FileRefused, OrganizationRow, check, key, parsed, reading

DEMO = Path(__file__).resolve().parent.parent / "demo" / "organizations.csv"
INN, OGRN = "7718084659", "1037700041554"
SCHOOL = {"name": "Школа № 1", "sector": "education"}


def row(**changed: str) -> OrganizationRow:
    found = check(SCHOOL | changed)
    assert isinstance(found, OrganizationRow), found
    return found


def reasons(**changed: str) -> dict[str, str]:
    found = check(SCHOOL | changed, 7)
    assert isinstance(found, list), found
    assert {refusal.row for refusal in found} == {7}
    return {refusal.column: refusal.reason for refusal in found}


@pytest.fixture
def table(tmp_path: Path):
    """Writes text as a CSV file and gives its path."""

    def write(text: str, encoding: str = "utf-8") -> Path:
        file = tmp_path / "list.csv"
        file.write_bytes(text.encode(encoding))
        return file

    return write


@pytest.fixture
def book(tmp_path: Path):
    """Writes sheets of rows as an XLSX file and gives its path."""

    def write(*sheets: list[list[object]]) -> Path:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for rows in sheets:
            sheet = workbook.create_sheet()
            for cells in rows:
                sheet.append(cells)
        file = tmp_path / "list.xlsx"
        workbook.save(file)
        return file

    return write


# Files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_of_excel_is_read(table, encoding, separator):
    name = f"Школа «Ёлка»{separator} №{separator}1"
    lines = [separator.join(["sector", "name", "inn"]), separator.join(["education", f'"{name}"', INN])]
    [(number, school)] = parsed(table("\r\n".join(lines), encoding)).rows
    assert (number, school.inn) == (2, INN)
    assert school.name == " ".join(name.split())


def test_commas_in_a_heading_do_not_mislead_the_separator(table):
    text = "name;sector;примечание, если есть, любое\nШкола;education;а,б,в,г\n"
    assert parsed(table(text)).rows[0][1].name == "Школа"


def test_unknown_columns_are_named_and_left_out(table):
    found = parsed(table("Телефон,name,sector,,директор\n1,Школа,education,,И\n"))
    assert found.ignored_columns == ("Телефон", "директор")
    assert len(found.rows) == 1


def test_headings_may_be_russian_and_in_any_case(table):
    [(_, school)] = parsed(table(f"СФЕРА;Наименование;ИНН\nОбразование;Школа;{INN}\n")).rows
    assert (school.sector, school.inn) == ("education", INN)


def test_rows_are_numbered_as_a_person_sees_them(table):
    text = 'name,sector\n\n"Школа\nв две строки",education\n,,\nБез сферы,\n'
    found = parsed(table(text))
    assert found.rows == [(3, OrganizationRow(name="Школа в две строки", sector="education"))]
    assert [(refusal.row, refusal.column) for refusal in found.refused] == [(5, "sector")]


def test_a_short_row_is_completed_and_a_shifted_one_is_refused(table):
    found = parsed(table("name,sector,inn\nШкола,education\nСад,education,,№ 5\nЛицей,education,,,\n"))
    assert [number for number, _ in found.rows] == [2, 4]
    assert [(one.row, one.value) for one in found.refused] == [(3, "№ 5")]
    assert "больше ячеек, чем столбцов" in found.refused[0].reason


def test_a_sheet_of_excel_is_read_with_its_numbers_and_gaps(book):
    rows = [
        [],
        ["name", "inn", "recipients_per_year", "sector"],
        ["Школа", 7718084659, 1200.0, "education"],
        [],
        ["Лицей", "", None, "education"],
    ]
    found = parsed(book([], [["заметки"], ["не таблица"]], rows))
    assert [(number, one.name, one.inn, one.recipients_per_year) for number, one in found.rows] == [
        (3, "Школа", INN, 1200), (5, "Лицей", "", None),
    ]  # fmt: skip


def test_what_looks_like_a_formula_stays_text(table):
    assert (
        parsed(table('name,sector\n"=HYPERLINK(""http://x"")",education\n')).rows[0][1].name
        == '=HYPERLINK("http://x")'
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Файл пуст"),
        ("\n\n", "ни одной заполненной строки"),
        ("name,inn\nШкола,1\n", r"нет столбцов: sector. Найдено: name, inn\."),
        ("name,sector,Name\nа,education,б\n", "назван дважды: name"),
        ("name,sector\n", "нет ни одной организации"),
        ('name,sector\nШкола,education\n"Лицей,education\nСад,education\n', "Строка 3: кавычка"),
        ('name,sector\n"' + "я" * 140_000 + '",education\n', "Строка 2: в ячейке больше 131 072 знаков"),
        ("name,sector\nШкола\x00,education\n", "не таблица"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_whole(table, text, reason):
    with pytest.raises(FileRefused, match=reason):
        parsed(table(text))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 and then nothing", "повреждён"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "старый формат XLS"),
        (b"%PDF-1.7\x00\x98\x98", "Кодировка"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "не таблица"),
    ],
)
def test_other_kinds_of_files_are_refused_with_the_way_out(tmp_path, data, reason):
    file = tmp_path / "list.csv"
    file.write_bytes(data)
    with pytest.raises(FileRefused, match=reason):
        parsed(file)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path):
    file = tmp_path / "list.xlsx"
    with ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "пусто")
    with pytest.raises(FileRefused, match="не XLSX"):
        parsed(file)


def test_a_cell_in_the_last_corner_does_not_take_all_memory(book):
    file = book([["name", "sector"], ["Школа", "education"]])
    workbook = openpyxl.load_workbook(file)
    workbook.active["XFD1048576"] = "х"
    workbook.save(file)
    with pytest.raises(FileRefused, match="далеко за таблицей"):
        parsed(file)


def test_sizes_have_limits(table, book, monkeypatch):
    text = "name,sector\n" + "".join(f"Школа {number},education\n" for number in range(4))
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    with pytest.raises(FileRefused, match="больше 200 000 строк"):
        parsed(table(text))
    monkeypatch.setattr(reading, "MAX_UNPACKED", 100)
    with pytest.raises(FileRefused, match="велик внутри"):
        parsed(book([["name", "sector"]]))
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(FileRefused, match=r"Файл больше \d+ МБ"):
        parsed(table(text))


# Numbers


@pytest.mark.parametrize("inn", [INN, "500100732259", "7707083893"])
def test_known_inn_pass(inn):
    assert row(inn=inn).inn == inn


@pytest.mark.parametrize("place", range(10))
def test_one_wrong_digit_of_an_inn_is_seen(place):
    digit = str((int(INN[place]) + 1) % 10)
    assert "ИНН не сходится" in reasons(inn=INN[:place] + digit + INN[place + 1 :])["inn"]


@pytest.mark.parametrize("ogrn", [OGRN, "1087746421509", "304500116000157"])
def test_known_ogrn_pass(ogrn):
    assert row(ogrn=ogrn).ogrn == ogrn


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("inn", "7718084658", "Контрольная цифра ИНН"),
        ("inn", "0000000000", "Контрольная цифра ИНН"),
        ("inn", "771808465", "Похоже, Excel потерял ноль в начале: 0771808465"),
        ("inn", "50010073225", "Похоже, Excel потерял ноль"),
        ("inn", "77180846590001", "Цифр 14, нужно 10 или 12"),
        ("inn", "7,71808E+09", "Excel округлил число"),
        ("inn", "77I8084659", "только цифры"),
        ("inn", "٧٧١٨٠٨٤٦٥٩", "только цифры"),
        ("ogrn", "1037700041555", "Контрольная цифра ОГРН"),
        ("ogrn", "2037700041552", "Контрольная цифра ОГРН"),
        ("ogrn", "103770004155", "потерял ноль"),
        ("kpp", "77010100", "Знаков 8, нужно 9"),
        ("kpp", "КПП", "девять знаков"),
        ("oktmo", "123456", "Цифр 6, нужно 8 или 11"),
        ("oktmo", "4526355", "Похоже, Excel потерял ноль в начале: 04526355"),
        ("agency_id", "карточка 5", "состоит из цифр"),
        ("parent_inn", "7718084658", "Контрольная цифра ИНН"),
        ("recipients_per_year", "-5", "целое"),
        ("recipients_per_year", "12,5", "целое"),
        ("recipients_per_year", "9999999999", "целое"),
        ("sector", "", "Сфера не указана"),
        ("sector", "спорт", "Такой сферы нет"),
        ("kind", "circus", "вид"),
        ("website", "school.example.ru", "начинается с https://"),
        ("website", "javascript:alert(1)", "начинается с https://"),
        ("website", "https://[школа", "начинается с https://"),
        ("name", "", "Наименование не указано"),
        ("name", "№ 12", "ни одной буквы"),
        ("name", "ш" * 401, "Знаков 401, помещается 400"),
        ("address", "а" * 501, "помещается 500"),
        ("name", "Школа\x07", "управляющие символы"),
        ("name", "Школа \u202eалокШ", "управляющие символы"),
        ("name", "Шк\ufffdла", "Часть букв потеряна"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_way_out(column, value, reason):
    assert reason in reasons(**{column: value})[column]


def test_every_fault_of_a_row_is_named_at_once():
    assert reasons(inn="1", ogrn="2", sector="спорт").keys() == {"inn", "ogrn", "sector"}


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ("inn", "7718084659.0", INN),
        ("inn", " 7718 084 659 ", INN),
        ("inn", "'7718084659", INN),
        ("kpp", "770101001", "770101001"),
        ("kpp", "7701ab001", "7701AB001"),
        ("oktmo", "45263557000", "45263557000"),
        ("recipients_per_year", "12 500", 12500),
        ("recipients_per_year", "0", 0),
        ("recipients_per_year", "", None),
        ("sector", "Социальное обслуживание", "social"),
        ("sector", "МСЭ", "mse"),
        ("sector", " HEALTH ", "health"),
        ("website", "https://школа.рф/", "https://школа.рф/"),
        ("name", "Школа\u00a0№\u200b 1\n  корпус  2", "Школа № 1 корпус 2"),
        ("name", "ш" * 400, "ш" * 400),
    ],
)
def test_what_is_meant_is_understood(column, value, kept):
    assert getattr(row(**{column: value}), column) == kept


def test_a_kind_belongs_to_its_sector():
    assert row(sector="culture", kind="Performing_Arts").kind == "performing_arts"
    assert "не указывают" in reasons(sector="health", kind="performing_arts")["kind"]
    assert "performing_arts" in reasons(sector="culture", kind="circus")["kind"]


def test_thousands_are_never_taken_for_units():
    assert "целое" in reasons(recipients_per_year="1,000")["recipients_per_year"]


# Keys and doubles


def test_the_key_is_the_surest_thing_known():
    known = {"inn": INN, "kpp": "770101001", "ogrn": OGRN, "address": "Москва, д. 1"}
    assert key(row(**known)) == f"ogrn:{OGRN}"
    assert key(row(**known | {"ogrn": ""})) == f"inn:{INN} kpp:770101001"
    assert key(row(**known | {"ogrn": "", "kpp": ""})) == f"inn:{INN} address:москва д 1"
    assert key(row(address="Москва, д. 1")) == "name:школа 1 address:москва д 1"


def test_case_quotes_spaces_and_yo_do_not_make_another_organisation():
    assert key(row(name='ДЕТСКИЙ САД "Ёлочка"', address="г.Москва, ул.Мира,1")) == key(
        row(name="Детский  сад «Елочка»", address="г. Москва,  ул. Мира, 1")
    )
    assert key(row(name="Школа № 1")) != key(row(name="Школа № 11"))


def test_the_same_row_twice_is_a_repeat_and_another_one_replaces(table):
    rows = ["Школа,education,5", "Лицей,education,1", "Школа,education,5", "школа,education,7"]
    found = parsed(table("name,sector,recipients_per_year\n" + "\n".join(rows)))
    assert [(number, one.name, one.recipients_per_year) for number, one in found.rows] == [
        (3, "Лицей", 1), (5, "школа", 7),
    ]  # fmt: skip
    assert found.repeated == 1
    assert found.replaced == (registry.Replaced(2, 5),)


def test_a_part_of_the_list_has_every_sector_in_it(table):
    rows = [f"Школа {n},education" for n in range(9)] + ["Музей,culture", "Больница,health"]
    found = parsed(table("name,sector\n" + "\n".join(rows)))
    assert [one.sector for _, one in found.spread(4).rows] == ["education", "education", "culture", "health"]
    assert found.spread(100) == found


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8"), max_size=8), min_size=2, max_size=4),
        min_size=1,
        max_size=6,
    )
)
def test_no_row_is_lost_whatever_is_in_it(tmp_path_factory, cells):
    file = tmp_path_factory.getbasetemp() / "any.csv"
    text = StringIO()
    csv.writer(text).writerows([["name", "sector"], *cells])
    file.write_bytes(text.getvalue().encode())
    try:
        found = parsed(file)
    except FileRefused:
        return
    told = (
        {one.row for one in found.refused}
        | {number for number, _ in found.rows}
        | {one.row for one in found.replaced}
    )
    assert len(told) + found.repeated == sum(any(cell.strip() for cell in row) for row in cells)


# The list that the demonstration brings


def test_the_demonstration_list_is_taken_whole():
    found = parsed(DEMO)
    assert (found.refused, found.repeated, found.replaced, found.ignored_columns) == ([], 0, (), ())
    sectors = [one.sector for _, one in found.rows]
    assert {sector: sectors.count(sector) for sector in sorted(set(sectors))} == dict.fromkeys(
        ("culture", "education", "health", "social"), 130
    )
    assert all(one.address and one.region for _, one in found.rows)
    assert len({one.municipality for _, one in found.rows}) > 50
