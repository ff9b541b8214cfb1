"""«Как пересчитать самому»: the scripts of docs/verify.md do what is said of them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from published_file import a_release_file, changed

from documents.verify.program import NAME, program
from nok.enclosed import canonical

PAGE = Path(__file__).resolve().parent.parent / "docs" / "verify.md"
SCRIPTS = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def run(folder: Path, script: str, content: bytes) -> list[str]:
    """What a script prints about a file, on a bare Python beside nok.pyz."""
    (folder / NAME).write_bytes(program())
    (folder / "check.py").write_text(script, "utf-8")
    (folder / "release.json").write_bytes(content)
    line = [sys.executable, "-S", "-X", "utf8", "check.py", "release.json"]
    done = subprocess.run(line, cwd=folder, capture_output=True, check=True, timeout=60)
    return done.stdout.decode().splitlines()


def test_there_are_two_and_they_are_short() -> None:
    assert len(SCRIPTS) == 2
    assert all(len([line for line in script.splitlines() if line.strip()]) <= 16 for script in SCRIPTS)
    assert "nok" not in SCRIPTS[1]


@pytest.mark.parametrize("script", SCRIPTS, ids=["with nok", "with nothing"])
def test_a_script_agrees_with_a_true_release_and_catches_a_false_one(script: str, tmp_path: Path) -> None:
    release = a_release_file()
    told = run(tmp_path, script, canonical(release))
    assert len(told) == 3 and all(line.startswith("сошлось ") for line in told)
    assert "85.5" in told[0]
    content = changed(release, "organizations/1/input/answers/overall", [100, 200])
    told = run(tmp_path, script, content)
    assert [line.partition(" ")[0] for line in told] == ["сошлось", "НЕ", "сошлось"]


def test_the_hash_and_the_words_of_the_page_are_those_of_the_program(tmp_path: Path) -> None:
    page = PAGE.read_text("utf-8")
    for words in ("Сошлась каждая цифра", "Сошлось всё", "Такого выпуска нет", "nok.pyz", "--sha256"):
        assert words in page
