"""Files that are not what they seem: a clear word for each, nothing half-done, no memory gone."""

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from tables import FULL, NAME, as_csv, google, xlsx

from surveys import tabular
from surveys.answers import FileUntakable, sheets
from surveys.tabular import FileRefused, Limits, tables

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(file: Path, limits: Limits | None = None) -> str:
    with pytest.raises((FileRefused, FileUntakable)) as caught:
        for table in tables(file, limits or Limits()):
            list(table.rows)
        list(sheets.opened(file, FULL).rows)
    return str(caught.value)


def written(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "под паролем"),
        (OLE + b"\0" * 600, "старый формат XLS"),
        (b"\xef\xbb\xbf<!DOCTYPE html><table><tr><td>1", "веб-страница"),
        (b"  <html><body>", "веб-страница"),
        (b"\xef\xbb\xbf  <!-- made by hand --><table><tr><td>1", "веб-страница"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>", "архив веб-страницы"),
        ("Организация;В целом\nШкола;".encode() + b"a" * 200_000 + b"\n", "в ячейке больше 131 072 знаков"),
        ('Организация;В целом\nШкола;"да\nШкола;нет\n'.encode(), "кавычка открыта"),
        (b"", "Файл пуст"),
        (b"\n\n", "ни одной заполненной строки"),
        (b"PK\x03\x04 and then nothing", "повреждён"),
        ("Организация;Ответ\nШкола\x00;Да\n".encode(), "в строке 2 нулевой знак"),
        ("Да;Нет;Да\nДа;Да;Нет\n".encode(), "Не видно строки заголовков"),
        ("яблоки;груши\n1;2\n".encode("cp1251"), "Не видно строки заголовков"),
    ],
)
def test_what_is_no_table_of_answers_is_refused_in_words(tmp_path, content, says) -> None:
    assert says in refusal(written(tmp_path / "answers.xlsx", content))


def test_a_book_cut_short_is_refused(tmp_path) -> None:
    whole = xlsx(tmp_path / "a.xlsx", google({}, {})).read_bytes()
    for part in (len(whole) // 2, len(whole) - 10):
        assert "повреждён" in refusal(written(tmp_path / "b.xlsx", whole[:part]))


def test_a_book_under_a_zip_password_is_refused(tmp_path) -> None:
    raw = bytearray(xlsx(tmp_path / "a.xlsx", google({})).read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 8] |= 1
    assert "под паролем" in refusal(written(tmp_path / "b.xlsx", bytes(raw)))


def bomb(file: Path, megabytes: int) -> Path:
    """A sheet that declares a kilobyte and unpacks into megabytes."""
    xlsx(file, google({}))
    source = zipfile.ZipFile(io.BytesIO(file.read_bytes()))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join([packer.compress(b" " * 2**20) for _ in range(megabytes)]) + packer.flush()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            copy.writestr(name, source.read(name) if "sheet1" not in name else b"x" * 1000)
    raw = file.read_bytes()
    sheet = b"xl/worksheets/sheet1.xml"
    local = raw.index(sheet) - 30
    old = struct.unpack_from("<I", raw, local + 18)[0]
    start = local + 30 + len(sheet)
    changed = bytearray(raw[:start] + body + raw[start + old :])
    struct.pack_into("<I", changed, local + 18, len(body))
    central = changed.rindex(sheet) - 46
    struct.pack_into("<I", changed, central + 20, len(body))
    grown = len(body) - old
    end = changed.rindex(b"PK\x05\x06")
    struct.pack_into("<I", changed, end + 16, struct.unpack_from("<I", changed, end + 16)[0] + grown)
    at = struct.unpack_from("<I", changed, end + 16)[0]
    while changed[at : at + 4] == b"PK\x01\x02":
        offset = struct.unpack_from("<I", changed, at + 42)[0]
        if offset > local:
            struct.pack_into("<I", changed, at + 42, offset + grown)
        at += 46 + sum(struct.unpack_from("<HHH", changed, at + 28))
    file.write_bytes(bytes(changed))
    return file


def test_a_bomb_is_weighed_by_what_unpacks_not_by_what_it_declares(tmp_path) -> None:
    file = bomb(tmp_path / "a.xlsx", 64)
    assert file.stat().st_size < 2**20
    assert "велик внутри" in refusal(file, Limits(unpacked=8 * 2**20))


@pytest.mark.parametrize("strings", [b"<si><t/></si>" * 300_000, b"<si><t>" + b"B" * 2**25 + b"</t></si>"])
def test_texts_that_no_cell_refers_to_are_refused(tmp_path, strings) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", b"<sst>" + strings + b"</sst>")
    assert "больше текста, чем в его ячейках" in refusal(file)


def test_a_stray_separator_of_records_is_dropped(tmp_path) -> None:
    file = written(tmp_path / "a.csv", "Организация;В целом\nШкола;да\x1e\n".encode())
    [table] = tables(file, Limits())
    assert list(table.rows)[1] == ("Школа", "да")


def test_a_sheet_of_a_million_rows_is_refused_with_the_limit(tmp_path) -> None:
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>Да</t></is></c></row>'
    xlsx(tmp_path / "a.xlsx", google({}))
    source = zipfile.ZipFile(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            body = source.read(name)
            if "sheet1" in name:
                rows = "".join(map(row.format, range(1, 1_048_577))).encode()
                body = body[: body.index(b"<sheetData>") + 11] + rows + b"</sheetData></worksheet>"
            copy.writestr(name, body)
    assert "больше 250 000 строк" in refusal(tmp_path / "b.xlsx")


def test_blank_rows_that_excel_formatted_are_no_rows(tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}))
    source = zipfile.ZipFile(io.BytesIO(file.read_bytes()))
    with zipfile.ZipFile(file, "w") as copy:
        for name in source.namelist():
            blank = b'<row r="1048576" s="1" customFormat="1"/></sheetData>'
            copy.writestr(name, source.read(name).replace(b"</sheetData>", blank))
    assert len(list(sheets.opened(file, FULL).rows)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_is_read(tmp_path, encoding, separator) -> None:
    file = as_csv(tmp_path / "a.csv", google({}, {}), encoding, separator)
    opened = sheets.opened(file, FULL)
    assert (opened.headings[1], len(list(opened.rows))) == ("Выберите организацию", 2)


def test_half_a_surrogate_and_a_torn_letter_spoil_their_own_cell_alone(tmp_path) -> None:
    file = as_csv(tmp_path / "a.csv", google({"proposals": "Скамейку XX"}))
    file.write_bytes(file.read_bytes().replace(b"XX", b"\xed\xa0\x80"))
    [(number, cells)] = list(sheets.opened(file, FULL).rows)
    assert (number, cells[1], "Скамейку" in str(cells[17])) == (2, NAME, True)


def test_an_escape_of_excel_for_half_a_surrogate_is_dropped(tmp_path) -> None:
    from surveys.answers.values import reader

    assert reader(FULL.question("proposals"))("Скамейку_xD800_ у входа") == "Скамейку у входа"


def test_the_sheet_with_a_table_is_found_among_others(tmp_path) -> None:
    import openpyxl

    file = xlsx(tmp_path / "a.xlsx", google({}, {}))
    book = openpyxl.load_workbook(file)
    book.create_sheet("Заметки", 0).append(["не забыть", "позвонить"])
    book.save(file)
    opened = sheets.opened(file, FULL)
    assert (opened.table.name, opened.sheets) == ("Ответы на форму (1)", ("Заметки", "Ответы на форму (1)"))
    with pytest.raises(FileUntakable, match="нет листа «Лист7»"):
        sheets.opened(file, FULL, sheet="Лист7")


def test_another_sheet_with_answers_is_named_and_a_list_is_not(tmp_path) -> None:
    import openpyxl

    file = xlsx(tmp_path / "a.xlsx", google({}, {}), "Январь")
    book = openpyxl.load_workbook(file)
    for title, rows in (("Список", [["Код", "Наименование организации"]]), ("Февраль", google({}))):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(file)
    [note] = sheets.opened(file, FULL).notes
    assert "лист «Январь»" in note and "«Февраль»" in note and "Список" not in note
    assert sheets.opened(file, FULL, sheet="Февраль").notes == []


def test_a_look_reads_the_beginning_and_counts_the_whole(tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google(*[{} for _ in range(900)]))
    [table] = tables(file, Limits(), head=20)
    assert (len(list(table.rows)), table.height) == (20, 901)
    assert sheets.opened(file, FULL, head=sheets.HEAD).filled == 900


def test_a_table_that_starts_elsewhere_keeps_its_places(tmp_path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row, cells in enumerate(google({}, {}), 5):
        for column, cell in enumerate(cells, 3):
            book.active.cell(row, column, cell)
    book.active.cell(7, 6, '=IF(1,"Да","")')
    book.save(tmp_path / "a.xlsx")
    [table] = tables(tmp_path / "a.xlsx", Limits())
    rows = list(enumerate(table.rows, 1))
    assert (rows[4][1][3], rows[6][0], rows[6][1][3]) == ("Выберите организацию", 7, NAME)
    assert table.formulas == {tabular.Table.at(7, 5)}


def test_a_formula_is_found_though_cells_do_not_say_their_places(tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}, {}))
    source = zipfile.ZipFile(io.BytesIO(file.read_bytes()))
    formula = b'<c t="str"><f>IF(1,2,3)</f><v>2</v></c><c t="e"><v>#N/A</v></c>'
    with zipfile.ZipFile(file, "w") as copy:
        for name in source.namelist():
            body = source.read(name)
            if "sheet1" in name:
                body = re.sub(rb'(<(?:row|c)) r="\w+"', rb"\1", body)
                first, second, rest = body.split(b"</row>", 2)
                body = b"</row>".join([first, second + formula, rest])
            copy.writestr(name, body)
    [table] = tables(file, Limits())
    width = len(google()[0])
    assert table.formulas == {tabular.Table.at(2, width)}
    assert table.errors == {tabular.Table.at(2, width + 1)}


def test_names_with_a_prefix_are_the_same_names(tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}, {}))
    source = zipfile.ZipFile(io.BytesIO(file.read_bytes()))
    with zipfile.ZipFile(file, "w") as copy:
        for name in source.namelist():
            body = source.read(name)
            if "sheet1" in name:
                body = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", body).replace(b"xmlns=", b"xmlns:x=")
            copy.writestr(name, body)
    [table] = tables(file, Limits(), head=2)
    assert (table.height, len(list(table.rows))) == (3, 2)
    assert len(list(sheets.opened(file, FULL).rows)) == 2


def test_letters_of_columns() -> None:
    assert [tabular.column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
