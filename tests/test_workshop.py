"""The checkout as a newcomer meets it: the README's commands exist, locks are whole, no path leads away."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MAKE_TARGETS = {"setup", "omr", "demo", "test", "check", "bench", "lock", "messages"}

# Spelt with a gap, so that this file does not accuse itself.
REGISTRIES = [first + last for first, last in (("pypi.", "org"), ("pythonhosted.", "org"), ("npmjs.", "org"))]
MACHINES = [f"/{top}/" for top in ("root", "home", "work", "Users", "opt")]
ELSEWHERE = re.compile(
    "|".join([*(re.escape(host) for host in REGISTRIES), *(rf"(?<![\w.}}>-]){top}\w" for top in MACHINES)])
)
LOCKED = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)
ADDRESS = re.compile(r"://|^\s*-\S+|--index|--find-links", re.MULTILINE)


def targets() -> set[str]:
    """What `make` can be asked for."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def locked(name: str) -> dict[str, set[str]]:
    """Package → its locked versions (a universal lock may hold one for each Python)."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(
        r"^([\w.-]+)==([^\s;\\]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE
    ):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def committed() -> list[Path]:
    """Every file git knows of."""
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def russian() -> Catalog:
    """The Russian catalogue as it stands."""
    with (ROOT / "translations/ru/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="ru")


def texts() -> set[str | tuple[str, ...]]:
    """Every text in the code and the templates; (one, many) where its form depends on a number."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    return {message for _, _, message, _, _ in extract_from_dir(ROOT, methods, options, DEFAULT_KEYWORDS)}


def texts_with_a_number() -> set[tuple[str, ...]]:
    """(one, many) of those whose form depends on a number."""
    return {text for text in texts() if isinstance(text, tuple)}


def elsewhere(text: str) -> list[str]:
    """Registries and folders of somebody's machine that a text names."""
    return [match.group() for match in ELSEWHERE.finditer(text)]


def test_the_makefile_has_the_promised_targets() -> None:
    assert targets() >= MAKE_TARGETS


def test_the_readme_promises_only_commands_that_exist() -> None:
    told = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text("utf-8")))
    assert {"demo", "test"} <= told <= targets()


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("requirements.lock", ["build"]),
        ("requirements-omr.lock", ["build", "omr"]),
        ("requirements-dev.lock", ["build", "omr", "test"]),
    ],
)
def test_a_lock_holds_every_dependency_in_a_version_we_accept(lock: str, extras: list[str]) -> None:
    wanted = [*PROJECT["dependencies"], *(r for e in extras for r in PROJECT["optional-dependencies"][e])]
    versions = locked(lock)
    for requirement in map(Requirement, wanted):
        if requirement.name == PROJECT["name"]:
            continue  # nok[omr]: its own packages are looked for above
        found = versions.get(canonicalize_name(requirement.name), set())
        assert found, f"{requirement.name} is not locked"
        assert all(v in requirement.specifier for v in found), f"{requirement} is locked as {found}"


def test_tests_run_on_the_very_versions_that_serve() -> None:
    tools = locked("requirements-dev.lock")
    for lock in ("requirements.lock", "requirements-omr.lock"):
        assert {name: tools.get(name) for name in locked(lock)} == locked(lock)
    assert locked("requirements.lock").items() <= locked("requirements-omr.lock").items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-omr.lock", "requirements-dev.lock"])
def test_a_lock_has_a_hash_for_each_package_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert (
        re.findall(r"://|^\s*-\S+|--index|--find-links", re.sub(r"--hash=sha256:\w+", "", text), re.MULTILINE)
        == []
    )


def test_no_committed_text_points_to_a_registry_or_to_somebodys_machine() -> None:
    guilty = {}
    for file in committed():
        try:
            found = elsewhere(file.read_text("utf-8"))
        except UnicodeDecodeError:
            continue  # a picture or a font
        if found:
            guilty[str(file.relative_to(ROOT))] = found
    assert guilty == {}


@pytest.mark.parametrize(
    "text", [f"see https://{REGISTRIES[0]}/simple", *(f"in {m}somebody" for m in MACHINES)]
)
def test_such_a_text_would_be_seen(text: str) -> None:
    assert elsewhere(text)


@pytest.mark.parametrize("text", ["url_for('/home')", "GET /api/home/x", "static/work/a.css", "../../opt/x"])
def test_an_innocent_text_is_left_alone(text: str) -> None:
    assert elsewhere(text) == []


def test_a_text_with_a_number_has_its_three_russian_forms() -> None:
    catalogue = russian()
    told = texts_with_a_number()
    assert ("%(count)s анкета", "%(count)s анкет") in told
    for one, *many in told:
        message = catalogue.get(one)
        assert message is not None and message.id == (one, *many), f"make messages: {one}"
        assert len([form for form in message.string or () if form]) == 3, f"translations/ru: {one}"


def test_no_text_is_said_with_a_number_here_and_without_one_there() -> None:
    """A catalogue holds one entry for both: the page without a number would break on the number it lacks."""
    plain = {text for text in texts() if isinstance(text, str)}
    assert [one for one, *_many in texts_with_a_number() if one in plain] == []


def test_a_machine_without_python_and_without_rights_is_told_what_to_install(tmp_path: Path) -> None:
    for tool in ("bash", "dirname", "uname", "id", "cat", "cksum", "grep", "rm"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    (tmp_path / "scripts").mkdir()
    script = (ROOT / "scripts/setup").read_text("utf-8")
    lonely = script.replace("/usr/bin/python3", "nothing").replace("/usr/local/bin/python3", "nothing")
    (tmp_path / "scripts/setup").write_text(lonely, "utf-8")
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    done = subprocess.run(
        ["bash", "scripts/setup"],
        cwd=tmp_path,
        env={**os.environ, "PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Нужен Python 3.11 или новее")
    assert not (tmp_path / ".venv").exists()
