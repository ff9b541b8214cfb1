"""One file, whatever it is: JSON is recomputed as it stands, of a PDF what it encloses and what it prints."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pikepdf

from documents.verify import attachments
from documents.verify.printed import Printed
from documents.verify.tables import Tables
from nok.difference import Difference
from nok.enclosed import RELEASE, Enclosed, is_object
from nok.refusal import Refused, shown
from nok.verifying import SHORTEST_HASH, Report, hash_of, verify

HASH = re.compile("[0-9a-f]{64}")
ADDRESS = re.compile("/verify/([0-9a-f]{12})(?![0-9a-f])")
NOTHING = (
    "в этом PDF нет приложенных данных. Либо это не документ этой службы, либо его пересохранила программа, которая"
    " вложения убирает: скачайте документ заново со страницы результатов"
)
PRINTED = "Напечатанное в таблицах сверено с вложенными данными: ячеек {count}. Графики и текст вокруг не сверялись."
UNREADABLE = (
    "Напечатанное на листах прочесть не удалось, сверены только вложенные данные."
    " Сравните цифры на листе с ними глазами."
)
NAMED = (
    "Документ называет выпуск {short} (версия {version}): что это за выпуск, сказано на странице /verify/{short} той"
    " службы, что его напечатала."
)


def verify_file(content: bytes, expected: str = "") -> Report:
    """A PDF's or a JSON's bytes → what agrees and what does not. Raises Refused."""
    if b"%PDF-" not in content[:1024]:
        return verify(content, expected)
    with attachments.opened(content) as pdf:
        parts = attachments.parts(pdf)
        if "result.json" not in parts and "release.json" not in parts:
            raise Refused("", NOTHING)
        report = _enclosed(parts, expected)
        return _with_words(report, pdf)


def _enclosed(parts: Mapping[str, bytes], expected: str) -> Report:
    """The files inside, each by itself and then one against another."""
    if "result.json" not in parts:
        return verify(parts["release.json"], expected)
    report = _named(verify(parts["result.json"]), expected)
    found, checked = list(report.differences), report.checked
    if "input.json" in parts:
        checked += 1
        found += _inputs(parts["input.json"], report.enclosed)
    if "release.json" in parts:
        release = verify(parts["release.json"], _release_of(report.enclosed) or expected)
        found += [one for one in release.differences if one not in found]
        found += _against(report.enclosed, release.enclosed)
        checked += release.checked
    return replace(report, differences=tuple(found), checked=checked)


def _on_paper(given: Enclosed, hashes: Sequence[str]) -> Iterator[Difference]:
    """The hash printed beside the code is that of the release enclosed, or of the one that the data name."""
    own = given.sha256 if given.format == RELEASE else _release_of(given)
    for printed in hashes:
        if not own.startswith(printed):
            yield Difference(
                "", "", "release", f"на листе {printed}", own or "не назван", "в данных документа"
            )


def _release_of(given: Enclosed) -> str:
    release = given.content.get("release")
    sha256 = release.get("sha256") if is_object(release) else None
    return sha256 if isinstance(sha256, str) and HASH.fullmatch(sha256) else ""


def _named(report: Report, expected: str) -> Report:
    """The release that a document names; its hash is of the whole campaign, so here it can only be compared."""
    release, sha256 = report.enclosed.content.get("release"), _release_of(report.enclosed)
    notes = report.notes
    if is_object(release) and sha256:
        words = NAMED.format(short=sha256[:SHORTEST_HASH], version=shown(str(release.get("version"))))
        notes = (*notes, words)
    if not expected:
        return replace(report, notes=notes)
    wanted = hash_of(expected)
    found = report.differences
    if not sha256.startswith(wanted):
        found = (*found, Difference("", "", "release", sha256 or "не назван", wanted, "ожидалось"))
    return replace(report, notes=notes, differences=found, checked=report.checked + 1)


def _inputs(content: bytes, given: Enclosed) -> Iterator[Difference]:
    """input.json is what the printed command recomputes: it must be the input of the result."""
    inputs = [one["input"] for one in given.organizations]
    try:
        told = json.loads(content, parse_float=str)
        same = told == json.loads(json.dumps(inputs if given.whole else inputs[0], default=str))
    except (ValueError, RecursionError):
        same = False
    if not same:
        yield Difference("", "", "input.json", "другие счёты", "те, что в result.json", "должны быть")


def _against(result: Enclosed, release: Enclosed) -> Iterator[Difference]:
    """A document's figures are those of the release that lies beside them."""
    known = {one["code"]: one for one in release.organizations}
    for one in result.organizations:
        other = known.get(one["code"])
        for part in ("input", "result") if other else ():
            if other is not None and one[part] != other[part]:
                name = one.get("short_name") or one["name"]
                yield Difference(
                    one["code"], str(name), part, "не то же", "как в release.json", "должно быть"
                )
        if other is None:
            yield Difference(one["code"], str(one["name"]), "code", "есть", "нет", "в release.json")


def _with_words(report: Report, pdf: pikepdf.Pdf) -> Report:
    printed, tables = Printed(report.enclosed), Tables(pdf)
    try:
        for headings, rows in tables.rows():
            printed.table(headings, rows)
        hashes = ADDRESS.findall(tables.sheet(pdf.pages[0]).replace(" ", ""))
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return replace(report, notes=(*report.notes, UNREADABLE))
    if not printed.checked:
        return replace(report, notes=(*report.notes, UNREADABLE))
    return replace(
        report,
        differences=(
            *report.differences,
            *printed.differences,
            *printed.missing(),
            *_on_paper(report.enclosed, hashes),
        ),
        checked=report.checked + printed.checked,
        notes=(*report.notes, PRINTED.replace("{count}", str(printed.checked))),
    )
