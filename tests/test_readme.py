"""What the README shows is what is printed; what it and the guides tell to type can be typed, options and all."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

import app as composition
from demo import build
from surveys import registry

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
DOCUMENTS = sorted([README, *ROOT.glob("docs/**/*.md"), *ROOT.glob("demo/*.md")])
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CUT = "…"


def shown(text: str) -> Iterator[tuple[str, list[str]]]:
    """(command, lines of its output) of every console block; a comment after a command is left out."""
    for language, block in FENCED.findall(text):
        if language != "console":
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, *output = part.rstrip("\n").split("\n")
            yield line.partition("  #")[0].strip(), output


def test_the_readme_shows_what_the_calculator_prints() -> None:
    printing = [(line, output) for line, output in shown(README.read_text("utf-8")) if output]
    assert printing, "the first screen shows the calculator at work"
    for line, output in printing:
        python, *words = shlex.split(line)
        assert python.startswith("python")
        said = subprocess.run(
            [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for piece in "\n".join(output).split(CUT):
            assert piece.strip("\n") in said, line


def test_the_readme_counts_the_organisations_it_brings() -> None:
    told = re.findall(r"(\d+) настоящих организаций", README.read_text("utf-8"))
    assert set(told) == {str(len(registry.parsed(build.LIST).rows))}


def test_the_readme_fits_a_screen_or_two_and_begins_with_what_and_for_whom() -> None:
    text = README.read_text("utf-8")
    assert len(text.splitlines()) <= 60
    assert text.index("**Кому:**") < text.index("make demo")


def commands_told(text: str) -> Iterator[str]:
    """Every command of ours in code: in blocks line by line (a backslash joins lines), and between backticks."""
    blocks = "\n".join(block for _language, block in FENCED.findall(text)).replace("\\\n", " ")
    spans = re.findall(r"`([^`\n]+)`", FENCED.sub("", text))
    for line in [*blocks.splitlines(), *spans]:
        found = re.match(r"\s*(?:\$ )?(?:sudo -u \S+ )?(?:\.venv/bin/)?nok( [a-z].*|$)", line)
        if found:
            yield re.split(r"\s#|[|>&;…]", found[1])[0].strip()


def wrong_with(told: str, group: click.Group) -> str:
    """Why there is no such command; empty when there is."""
    command: click.Command = group
    for word in shlex.split(told):
        if isinstance(command, click.Group) and not word.startswith("-"):
            if word not in command.commands:
                return f"no command {word}"
            command = command.commands[word]
        elif word.startswith("--") and command.name != "indicators":
            options = {
                one for parameter in command.params for one in (*parameter.opts, *parameter.secondary_opts)
            }
            if word.partition("=")[0] not in options | {"--help"}:
                return f"no option {word}"
    return ""


@pytest.fixture
def whole(app: Flask) -> click.Group:
    """The command with the commands of its application."""
    return click.Group("nok", commands={**app.cli.commands, **composition.cli.commands})


@ON_SQLITE
def test_every_command_told_of_exists_with_its_options(whole: click.Group) -> None:
    told = {(d, line) for d in DOCUMENTS for line in commands_told(d.read_text("utf-8"))}
    assert len(told) > 15
    wrong = [
        (str(d.relative_to(ROOT)), line, why) for d, line in sorted(told) if (why := wrong_with(line, whole))
    ]
    assert wrong == []


@ON_SQLITE
@pytest.mark.parametrize(
    "told", ["organisations list", "users add x --rôle admin", "posters --format=pdf --sise A4"]
)
def test_a_command_that_is_not_there_would_be_seen(whole: click.Group, told: str) -> None:
    assert wrong_with(told, whole)
