"""A published result is recomputed from what it encloses; whatever was falsified is named."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from published_file import a_campaign_file, a_release_file, an_organization_file, changed, true_results

import nok
from nok import checking
from nok.enclosed import MOST_BYTES, canonical
from nok.refusal import Refused
from nok.verifying import BY_HASH, BY_SERVICE, verify
from surveys import handover, ratings

FILES: dict[str, Callable[[], dict[str, Any]]] = {
    "release": a_release_file,
    "campaign": a_campaign_file,
    "organization": an_organization_file,
}
ROOT = Path(__file__).resolve().parent.parent


def told(content: bytes, expected: str = "") -> list[str]:
    """What differs, in words."""
    return [difference.sentence() for difference in verify(content, expected).differences]


@pytest.mark.parametrize("kind", FILES)
def test_a_true_file_agrees_in_every_figure(kind: str) -> None:
    report = verify(canonical(FILES[kind]()))
    assert report.differences == ()
    assert report.checked > (20 if kind == "organization" else 60)
    assert report.lines()[-5 if kind == "organization" else -4].startswith("Сошлось всё")
    assert (BY_HASH if kind == "release" else BY_SERVICE) in report.notes


def test_one_digit_is_named_with_whose_and_where() -> None:
    stated = {"exact": "60/1", "value": 60.0, "printed": "60.00"}
    content = changed(a_release_file(), "organizations/0/result/indicators/3.3", stated)
    assert told(content) == ["Поликлиника № 12 (K7M4PX2D): показатель 3.3: в файле 60,00, по счётам 75,00"]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (
            "organizations/0/result/criteria/K1/printed",
            "91.78",
            "критерий K1: в файле 91,78, по счётам 90,78",
        ),
        ("organizations/0/result/total/printed", "86.50", "(K7M4PX2D): итог: в файле 86,50, по счётам 85,50"),
        (
            "organizations/0/result/total/exact",
            "1/2",
            "итог: в файле 85,50, точно 1/2, по счётам точно 35901",
        ),
        ("organizations/0/result/total/value", 12.5, "итог: в файле для графика 12,5, по счётам 85,5"),
        ("organizations/0/result/total", None, "итог: в файле нет данных, по счётам 85,50"),
        (
            "organizations/2/result/indicators/3.3",
            {"printed": "0.00"},
            "3.3: в файле 0,00, по счётам нет данных",
        ),
        (
            "organizations/0/result/indicators/9.9",
            {"printed": "9.00"},
            "9.9: в файле 9,00, по счётам нет данных",
        ),
        ("organizations/0/place", 2, "место в рейтинге: в файле 2, по счётам 1"),
        ("organizations/0/inspected", False, "была ли проверка: в файле нет, по счётам да"),
        (
            "organizations/0/place_range",
            [1, 1],
            "места, которые допускают данные: в файле [1, 1], по счётам [1, 3]",
        ),
        ("organizations/0/intervals/total/low", "99.0000", "границы погрешности, итог: в файле 99,0000–"),
        ("organizations/0/recipients", 201, "границы погрешности, итог: "),
        ("organizations/0/rated", 9, "сколько организаций в рейтинге: в файле 9, по счётам 3"),
        ("organizations/0/responses", 900, "число опрошенных во входе расчёта: в файле 900, по счётам 200"),
        ("organizations/0/channels/poster", 141, "сумма анкет по каналам: в файле 201, по счётам 200"),
        ("organizations/0/code", "CCCCCCC4", "код организации во входе расчёта: в файле CCCCCCC4"),
        ("organizations/0/sector", "culture", "сфера во входе расчёта: в файле culture, по счётам health"),
        (
            "organizations/2/result/warnings/0/text",
            "всё хорошо",
            "оговорки к расчёту: в файле 3.3: всё хорошо",
        ),
        ("means/total/printed", "99.00", "среднее по кампании, итог: в файле 99,00, по счётам 85,"),
        ("municipalities/0/total/printed", "99.00", "муниципалитет «Перово», средний итог: в файле 99,00"),
        ("municipalities/0/organizations", 4, "муниципалитет «Перово», оценено организаций: в файле 4"),
        ("municipalities/0/name", "Новогиреево", "список муниципалитетов: в файле Новогиреево"),
        ("digital_share/exact", "1/5", "официальные цифровые сервисы: в файле 1/5, по счётам 1/10"),
        ("responses", 601, "число анкет: в файле 601, по счётам 600"),
        ("campaign/practice/places", 1, "правила: решение places: в файле 1, должно быть 2"),
        ("rules/practice_sha256", "0" * 64, "правила: хэш решений рядом с их текстом"),
        ("rules/edition/sha256", "0" * 64, "правила: хэш редакции рядом с её текстом"),
        ("campaign/hashes/edition", "0" * 64, "правила: закреплённый хэш редакции"),
        ("campaign/edition", "344n-2018", "правила: имя редакции: в файле 344n-2018, должно быть 344n-2024"),
    ],
)
def test_whatever_was_falsified_is_named(path: str, value: Any, words: str) -> None:
    given = a_release_file()
    assert any(words in sentence for sentence in told(changed(given, path, value)))


def test_a_count_is_named_by_every_figure_that_follows_from_it() -> None:
    content = changed(a_release_file(), "organizations/0/input/answers/accessibility", [10, 12])
    found = told(content)
    assert "Поликлиника № 12 (K7M4PX2D): показатель 3.3: в файле 75,00, по счётам 83,33" in found
    assert any(": критерий K3: " in sentence for sentence in found)
    assert any(": итог: " in sentence for sentence in found)
    assert any("среднее по кампании, показатель 3.3" in sentence for sentence in found)


def test_a_count_that_cannot_be_is_named_and_the_others_are_still_looked_at() -> None:
    given = a_release_file()
    given["organizations"][1]["result"]["total"]["printed"] = "1.00"
    found = told(changed(given, "organizations/0/input/answers/overall", [201, 200]))
    assert found[0].startswith("Поликлиника № 12 (K7M4PX2D): счёты: в файле organizations[0].input.answers")
    assert "удовлетворены 201, а ответили 200" in found[0]
    assert any("AAAAAAA2): итог: в файле 1,00" in sentence for sentence in found)


def test_rules_that_were_altered_are_named_and_ours_are_believed() -> None:
    given = a_release_file()
    toml = given["rules"]["edition"]["toml"].replace('"1.1" = 0.3', '"1.1" = 0.4')
    assert toml != given["rules"]["edition"]["toml"]
    report = verify(changed(given, "rules/edition/toml", toml))
    assert any("правила: текст редакции" in one.sentence() for one in report.differences)
    assert not any(one.code for one in report.differences)
    assert "по правилам этой программы, а не по тексту из файла" in report.rules.sentence()


def test_an_edition_that_we_do_not_know_is_used_and_said_so() -> None:
    given = json.loads(canonical(a_release_file()).replace(b"344n-2024", b"999n-2031"))
    given["rules"]["edition"]["toml"] = nok.edition("344n-2024").source
    report = verify(canonical(given))
    assert report.differences == () and not report.rules.known
    assert "Этой редакции у программы нет" in report.rules.sentence()
    bad = given["rules"]["edition"]["toml"].replace("[weights]", "[weight]")
    with pytest.raises(Refused, match="weights"):
        verify(changed(given, "rules/edition/toml", bad))


def test_an_older_file_without_rules_is_counted_by_ours_of_the_same_hash() -> None:
    given = a_campaign_file()
    del given["rules"]
    assert verify(canonical(given)).agrees
    with pytest.raises(Refused, match="другая редакция"):
        verify(changed(given, "campaign/hashes/edition", "0" * 64))
    with pytest.raises(Refused, match=r"редакции «.+» у программы нет"):
        verify(changed(given, "campaign/edition", "999n-2031"))


def test_the_trace_of_one_organisation_is_compared_too() -> None:
    content = changed(an_organization_file(), "organization/result/trace/0/substituted", "½·(17/17)·100")
    (sentence,) = told(content)
    assert "ход расчёта: в файле 1.1: ½·(17/17)·100, по счётам 1.1: ½·(14/17 + 18/19)·100" in sentence


def test_an_uninspected_organisation_has_no_place() -> None:
    given = a_campaign_file()
    blocks = dict.fromkeys(given["organizations"][2]["input"]["inspection"])
    found = told(changed(given, "organizations/2/input/inspection", blocks))
    assert any("BBBBBBB3): место в рейтинге: в файле 3, по счётам нет данных" in one for one in found)


def test_a_doubled_organisation_is_named() -> None:
    given = a_campaign_file()
    given["organizations"].append(given["organizations"][0])
    assert any("K7M4PX2D стоит дважды" in sentence for sentence in told(canonical(given)))


def test_branches_are_put_together_again_where_the_file_names_them() -> None:
    given = a_campaign_file()
    seen = [row.observations for row in true_results().standings[:2]]
    house = nok.aggregate.branches(seen, nok.edition(), nok.Practice())
    figures = {at: figure and figure.as_dict() for at, figure in house.items()}
    told_of = {"units": 2, "practice": "pool", "codes": ["AAAAAAA2"], "figures": figures}
    given["organizations"][0]["with_branches"] = told_of
    assert verify(canonical(given)).agrees, "as it was before a house had bounds"
    asked = [one.get("recipients") for one in given["organizations"][:2]]
    spans = nok.uncertainty.of_house(seen, asked, nok.edition(), nok.Practice())
    told_of["intervals"] = ratings.written(spans)
    assert verify(canonical(given)).agrees
    path = "organizations/0/with_branches/intervals/total/low"
    assert any(
        "вместе с филиалами, границы погрешности, итог" in one for one in told(changed(given, path, "1.0000"))
    )
    path = "organizations/0/with_branches/figures/total/printed"
    assert any("вместе с филиалами, итог: в файле 1,00" in one for one in told(changed(given, path, "1.00")))
    del told_of["codes"]
    assert any("филиал" in note for note in verify(canonical(given)).notes)


def test_the_hash_is_of_the_data_and_not_of_its_spaces() -> None:
    given = a_release_file()
    content = canonical(given)
    expected = handover.digest(given)
    assert verify(content, expected).agrees
    assert verify(content, f" {expected[:6].upper()} {expected[6:12]} ").agrees
    assert verify(json.dumps(given, indent=2).encode(), expected).agrees
    given["organizations"][0]["name"] = "Поликлиника № 13"
    (sentence,) = told(canonical(given), expected)
    assert sentence.startswith("SHA-256 данных: в файле ")
    with pytest.raises(Refused, match="64 знака"):
        verify(content, "K7M4")


def test_one_spelling_of_a_content_in_the_whole_project() -> None:
    given = a_release_file()
    assert canonical(given) == handover.canonical(given)


def test_a_lonely_organisation_says_what_it_cannot_tell() -> None:
    assert any("возьмите файл всей кампании" in n for n in verify(canonical(an_organization_file())).notes)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "файл пуст"),
        (canonical(a_release_file())[:-200], "файл обрывается"),
        (b'{"format": "nok-release/1", "campaign": {"ti', "файл обрывается"),
        (b'{"format": nok}', "это не JSON: строка 1"),
        (b"[1, 2]", "внутри нет объекта"),
        (b'{"name": "x"}', "формат не назван"),
        (b'{"format": "frictionless/2"}', "формат «frictionless/2»: это не файл результатов этой службы"),
        (b'{"sector": "health", "answers": {}}', "это вход калькулятора"),
        (b"%PDF-1.7 ...", "это документ PDF"),
        (b"PK\x03\x04 ...", "архив или книга Excel"),
        (b"<!doctype html>", "веб-страница"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b'{"format": "nok-result/1"}', "campaign: нет этой части"),
        (b'{"format": "nok-result/1", "campaign": {}}', "organization: нет этой части"),
        (b'{"format": "nok-release/1", "campaign": {}, "organizations": []}', "ни одной организации"),
        (b'{"format": "nok-release/1", "format": "x"}', "ключ задан дважды"),
        (b'{"format": "nok-release/1", "a": NaN}', "a: NaN — не число"),
        (b'{"a": ' * 5000, "обрывается|вложенность"),
        (b'{"a": ' + b"9" * 5000 + b"}", "слишком большое число"),
        (b"\xff\xff", "UTF-8"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        verify(content)


def test_a_doubled_key_deep_inside_is_refused_with_its_place() -> None:
    text = canonical(a_release_file()).decode()
    doubled = text.replace('"overall":[184,200]', '"overall":[184,200],"overall":[200,200]', 1)
    with pytest.raises(Refused, match=r"organizations\[0\]\.input\.answers\.overall: ключ задан дважды"):
        verify(doubled.encode())


@pytest.mark.parametrize("part", ["input", "result", "name"])
def test_a_missing_part_is_refused_with_its_place(part: str) -> None:
    given = a_release_file()
    del given["organizations"][1][part]
    with pytest.raises(Refused, match=rf"organizations\[1\]\.{part}: нет этой части"):
        verify(canonical(given))


@pytest.mark.parametrize(
    "path", ["campaign/hashes", "rules/edition/toml", "rules/practice", "means", "organizations/0"]
)
@pytest.mark.parametrize("value", [None, 7, "x", [], [None], {"a": []}, True])
def test_nonsense_anywhere_is_a_difference_or_a_refusal_and_never_a_crash(path: str, value: Any) -> None:
    try:
        report = verify(changed(a_release_file(), path, value))
    except Refused as refused:
        assert str(refused)
    else:
        assert report.differences


def test_a_huge_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nok.enclosed.MOST_BYTES", 100)
    with pytest.raises(Refused, match="файл больше"):
        verify(canonical(a_release_file()))
    assert MOST_BYTES > 10**8


def test_the_command_says_it_and_ends_with_a_code(tmp_path: Path, capfdbinary: Any) -> None:
    good, bad, broken = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "broken.json"
    good.write_bytes(canonical(a_release_file()))
    bad.write_bytes(changed(a_release_file(), "organizations/0/result/total/printed", "86.50"))
    broken.write_bytes(b"{")
    assert checking.main([str(good)]) == 0
    assert "Сошлось всё" in capfdbinary.readouterr().out.decode()
    assert checking.main(["--json", str(bad)]) == 1
    said = json.loads(capfdbinary.readouterr().out)
    assert said["agrees"] is False and said["differences"][0]["figure"] == "total"
    assert "86,50" in said["differences"][0]["text"]
    assert checking.main([str(broken)]) == 2
    heard = capfdbinary.readouterr()
    assert heard.out == b"" and "обрывается" in heard.err.decode()
    for words in (
        ["--nothing"],
        [str(good), str(bad)],
        ["--sha256"],
        ["--json"],
        [str(good), "--sha256", "x"],
    ):
        assert checking.main(words) == 2
    assert checking.main([]) == 0 and checking.main(["--help"]) == 0


def test_a_bare_python_checks_it(tmp_path: Path) -> None:
    file = tmp_path / "release.json"
    file.write_bytes(canonical(a_release_file()))
    run = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
           "import runpy; sys.argv = ['nok', 'verify', sys.argv[1]]; "
           "runpy.run_module('nok', run_name='__main__')", str(file)]  # fmt: skip
    done = subprocess.run(run, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    assert "Сошлось всё" in done.stdout.decode()
