"""Черновик анкеты, который портят проверки, и замечания к нему."""

from pathlib import Path

from surveys.library import Problem, check

HEAD = """
id = "draft"
version = "1"
title = "Черновик"
source = "Проверка"
spheres = ["social"]
feeds_344n = true
"""
OVERALL = """
[[question]]
id = "overall"
number = 1
caption = "В целом вас всё устроило?"
wording = "Удовлетворены ли Вы в целом?"
kind = "yes_no"
measure = "overall"
"""


def problems(tmp_path: Path, text: str) -> list[Problem]:
    """Замечания к файлу с этим текстом."""
    file = tmp_path / "draft.toml"
    file.write_text(text, "utf-8")
    return check(file)


def the_problem(tmp_path: Path, text: str) -> Problem:
    """Единственное замечание к файлу с этим текстом."""
    (problem,) = problems(tmp_path, text)
    assert problem.file == "draft.toml"
    return problem
