"""The floors of docs/architecture.md, kept by reading every import of the checkout."""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 300

FLOOR = {
    "nok": 0,
    "surveys": 1,
    "accounts": 2,
    "documents": 2,
    "paper": 3,
    "operator_app": 4,
    "council": 4,
    "kiosk": 4,
    "studio": 4,
    "api": 5,
    "config": 6,
    "errors": 6,
    "serve": 7,
    "keeper": 7,
    "demo": 8,
    "app": 9,
    "command": 10,
}

# Inside surveys/ a module may import its own storey and those below. A new module is given its storey here.
PURE, DATABASE, TABLES, QUERIES, WORK, DOORS = range(6)
STOREYS: dict[int, str] = {
    PURE: "channels checklists clock happenings headers hosts inert languages lettering library measures offline "
    "outbox page pictures press qr questionnaire refusals rules schema screening sealing tabular",
    DATABASE: "bell db gate together",
    TABLES: "batches comments jobs models opinions passes placement plans releases submissions visits",
    QUERIES: "codes mended paging queries",
    WORK: "admitting answers bundles campaigns checklist_tables counts frozen handover hidden inspected intake keys "
    "laying old_reports organizations paper posters proofs queue ratings recount registry results said "
    "spoken territories voices",
    DOORS: "answers_cli campaign_cli cli desk display doors entry hall inspections_cli overview "
    "rates reading reports_cli scans views worker",
}
SURVEYS = {name: storey for storey, names in STOREYS.items() for name in names.split()}

WEB_AND_SQL = frozenset(
    {"flask", "flask_babel", "flask_sqlalchemy", "flask_wtf", "sqlalchemy", "werkzeug", "wtforms"}
)


def sources(root: Path) -> list[Path]:
    """Every module that stands on a floor."""
    return sorted(p for top in FLOOR for p in [*root.glob(f"{top}/**/*.py"), *root.glob(f"{top}.py")])


def module(source: Path, root: Path) -> str:
    """The dotted name under which a file is imported."""
    parts = source.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: Path, root: Path) -> Iterator[str]:
    """Dotted names a file imports, wherever in it; `from a import b` gives a and a.b."""
    own = module(source, root).split(".")
    package = own if source.name == "__init__.py" else own[:-1]
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def climbs(root: Path) -> list[str]:
    """Imports that do not go down: to a higher floor, or to a neighbour on the same one."""
    found = []
    for source in sources(root):
        own = module(source, root).split(".")[0]
        others = {name.split(".")[0] for name in imports(source, root)} & FLOOR.keys() - {own}
        found += [
            f"{module(source, root)} imports {top}" for top in sorted(others) if FLOOR[top] >= FLOOR[own]
        ]
    return found


def strangers_in_the_norm(root: Path) -> list[str]:
    """What nok/ imports beyond itself and the standard library."""
    allowed = sys.stdlib_module_names | {"nok"}
    return [
        f"{module(source, root)} imports {name}"
        for source in sorted(root.glob("nok/**/*.py"))
        for name in imports(source, root)
        if name.split(".")[0] not in allowed
    ]


def storey_climbs(root: Path, storeys: dict[str, int]) -> list[str]:
    """Imports inside surveys/ that go up its storeys, modules without a storey, web or SQL among the pure."""
    found = []
    for source in sorted(root.glob("surveys/**/*.py")):
        own = source.relative_to(root / "surveys").parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        if own not in storeys:
            found.append(f"surveys.{own} has no storey in tests/test_architecture.py")
            continue
        names = set(imports(source, root))
        inner = {name.split(".")[1] for name in names if name.startswith("surveys.")} & storeys.keys()
        found += [
            f"surveys.{own} imports {other}" for other in sorted(inner) if storeys[other] > storeys[own]
        ]
        if storeys[own] == PURE:
            found += [
                f"surveys.{own} imports {name}"
                for name in sorted({n.split(".")[0] for n in names} & WEB_AND_SQL)
            ]
    return found


def circle(root: Path) -> list[str]:
    """Modules that import one another in a circle; empty when there is none."""
    known = {module(source, root): source for source in sources(root)}
    graph = {name: (set(imports(source, root)) & known.keys()) - {name} for name, source in known.items()}
    for name, below in graph.items():  # a module imports its own package's front; that is not a circle
        below -= {name.rpartition(".")[0]}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def unused_template_imports(root: Path) -> list[str]:
    """Names that a template imports and never says."""
    environment = Environment(  # noqa: S701  # parses templates, renders none
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]
    )
    found = []
    for template in sorted(root.glob("templates/**/*.*")):
        tree = environment.parse(template.read_text("utf-8"))
        said = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
        brought = [node.target for node in tree.find_all(nodes.Import)]
        for node in tree.find_all(nodes.FromImport):
            brought += [name if isinstance(name, str) else name[1] for name in node.names]
        found += [f"{template.relative_to(root)}: {name}" for name in brought if name not in said]
    return found


def long_files(root: Path) -> list[str]:
    """Modules longer than a reader's patience."""
    lengths = {source: len(source.read_text("utf-8").splitlines()) for source in sources(root)}
    return [f"{source.relative_to(root)}: {n} lines" for source, n in lengths.items() if n > LONGEST_FILE]


def test_imports_only_go_down() -> None:
    assert len(sources(ROOT)) > 20
    assert climbs(ROOT) == []


def test_the_norm_stands_on_the_standard_library_alone() -> None:
    assert strangers_in_the_norm(ROOT) == []


def test_inside_surveys_imports_only_go_down() -> None:
    assert storey_climbs(ROOT, SURVEYS) == []


def test_every_storey_is_lived_in() -> None:
    rooms = (source.relative_to(ROOT / "surveys").parts[0] for source in ROOT.glob("surveys/**/*.py"))
    lived_in = {room.removesuffix(".py") for room in rooms}
    assert SURVEYS.keys() - lived_in == set()


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert circle(ROOT) == []


def test_no_template_imports_what_it_does_not_use() -> None:
    assert any(ROOT.glob("templates/**/*.html"))
    assert unused_template_imports(ROOT) == []


def test_no_file_is_longer_than_a_readers_patience() -> None:
    assert long_files(ROOT) == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A made-up checkout in which everything is in order."""
    files = {
        "nok/__init__.py": "from fractions import Fraction\nfrom nok.share import Share\n",
        "nok/share.py": "import math\n",
        "surveys/__init__.py": "",
        "surveys/channels.py": "from nok import Share\n",
        "surveys/db.py": "import sqlalchemy\n",
        "surveys/views.py": "from . import db\nfrom .channels import Channel\nimport flask\n",
        "council/__init__.py": "",
        "council/pages.py": "from surveys import views\n",
        "kiosk/pages.py": "from surveys import views\n",
        "errors.py": "import council.pages\n",
        "app.py": "import errors, kiosk.pages\n",
        "templates/page.html": "{% import 'a' as a %}{% from 'b' import b, c as d %}{{ a.x }}{{ b }}{{ d }}",
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path


MADE_UP = {"channels": PURE, "db": DATABASE, "views": DOORS}


def complaints(root: Path) -> list[str]:
    """Everything any of the rules above says of a checkout."""
    found = [*climbs(root), *strangers_in_the_norm(root), *storey_climbs(root, MADE_UP)]
    return [*found, *unused_template_imports(root), *long_files(root), *circle(root)]


def test_a_tree_in_order_raises_no_complaint(tree: Path) -> None:
    assert complaints(tree) == []


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("surveys/db.py", "import council.pages", "surveys.db imports council"),
        ("surveys/db.py", "def f():\n    from app import create_app", "surveys.db imports app"),
        ("council/pages.py", "from kiosk.pages import screen", "council.pages imports kiosk"),
        ("errors.py", "import config", "errors imports config"),
        ("nok/share.py", "import sqlalchemy.orm", "nok.share imports sqlalchemy.orm"),
        ("nok/share.py", "from surveys import db", "nok.share imports surveys"),
        ("surveys/db.py", "from .views import page", "surveys.db imports views"),
        ("surveys/db.py", "from surveys import views", "surveys.db imports views"),
        ("surveys/channels.py", "import flask", "surveys.channels imports flask"),
        ("surveys/channels.py", "from sqlalchemy.orm import Session", "surveys.channels imports sqlalchemy"),
        (
            "surveys/newcomer.py",
            "",
            "surveys.newcomer has no storey in tests/test_architecture.py",
        ),
        ("templates/page.html", "{% from 'b' import e as f %}", "templates/page.html: f"),
        ("templates/page.html", "{% import 'b' as g %}", "templates/page.html: g"),
        ("council/pages.py", "\n" * LONGEST_FILE, "council/pages.py: 301 lines"),
    ],
)
def test_a_single_disorder_is_seen(tree: Path, file: str, line: str, complaint: str) -> None:
    with (tree / file).open("a", encoding="utf-8") as opened:
        opened.write(line)
    assert complaint in complaints(tree)


def test_a_circle_is_seen(tree: Path) -> None:
    (tree / "council/a.py").write_text("from council import b\n", "utf-8")
    (tree / "council/b.py").write_text("from council.a import name\n", "utf-8")
    assert {"council.a", "council.b"} == set(circle(tree))
