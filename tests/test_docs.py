"""The guides against the product: every setting, every command, every link and every picture."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

import app as service

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
IMAGES = DOCS / "images"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
GUIDES = sorted(DOCS.glob("guide-*.md"))
HEAVIEST = 120 * 1024

LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^()\s]+)\)")
FENCE = re.compile(r"^ *(```|~~~).*?^ *\1", re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", page.read_text("utf-8"))


def links(page: Path) -> Iterator[tuple[bool, str, str]]:
    """(is it a picture, its words, its address) of every link of a page."""
    return ((mark == "!", words, address) for mark, words, address in LINK.findall(prose(page)))


def anchors(page: Path) -> set[str]:
    """What a heading of the page may be linked by."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def settings() -> set[str]:
    """Every NOK_* variable that config.py reads."""
    source = (ROOT / "config.py").read_text("utf-8")
    plain = set(re.findall(r'told\("(\w+)"', source))
    secret = set(re.findall(r'told\.secret\("(\w+)"\)', source))
    return {f"NOK_{name}" for name in plain | secret | {f"{name}_FILE" for name in secret}}


def commands(group: click.Group, before: str) -> Iterator[str]:
    """Every command of a group as one types it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


def test_every_setting_has_a_row_in_the_administrators_table() -> None:
    rows = re.findall(r"^\| `(NOK_\w+)` \|", (DOCS / "guide-admin.md").read_text("utf-8"), re.MULTILINE)
    assert len(settings()) > 5
    assert set(rows) == settings()
    assert len(rows) == len(set(rows))


def test_every_command_is_told_in_some_guide(app: Flask) -> None:
    told = "\n".join(guide.read_text("utf-8") for guide in GUIDES)
    known = [*commands(service.cli, "nok"), *commands(app.cli, "nok")]
    assert "nok organizations import" in known
    assert [one for one in known if not re.search(rf"\b{one}\b", told)] == []


def test_no_guide_tells_of_a_command_that_is_not_there(app: Flask) -> None:
    known = {tuple(one.split()[1:]) for one in [*commands(service.cli, "nok"), *commands(app.cli, "nok")]}
    words = {path[0] for path in known}
    for guide in GUIDES:
        for first, second in re.findall(r"(?:\$ |`)nok ([a-z]+)(?: ([a-z]+)\b)?", guide.read_text("utf-8")):
            assert first in words, (guide.name, first)
            assert (first,) in known or (first, second) in known, (guide.name, first, second)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    for _, _, address in links(page):
        if re.match(r"[a-z]+:", address):
            continue
        path, _, anchor = address.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), address
        if anchor:
            assert anchor in anchors(target), address


def test_every_picture_is_shown_somewhere_with_words_for_those_who_cannot_see_it() -> None:
    shown = {
        (page.parent / address).resolve(): words
        for page in PAGES
        for picture, words, address in links(page)
        if picture
    }
    files = set(IMAGES.iterdir())
    assert {file.name for file in files - shown.keys()} == set()
    assert [file.name for file, words in shown.items() if len(words) < 20] == []


def test_pictures_are_light() -> None:
    heavy = [file.name for file in IMAGES.iterdir() if file.stat().st_size > HEAVIEST]
    assert heavy == []
    assert all(file.suffix == ".png" for file in IMAGES.iterdir())


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_guides_name_no_path_of_somebodys_machine(page: Path) -> None:
    assert not re.search(r"/(home|root|Users|work)/", page.read_text("utf-8"))


def test_every_document_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    documents = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md") if page.name != "README.md"]
    assert [one for one in documents if f"({one})" not in index] == []
