"""Every act that the code records has its Russian words, in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.acts import ACTS, act, details

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("accounts", "surveys", "documents", "paper", "operator_app", "council", "kiosk", "demo")
RECORDERS = {"record": 2, "tell": 2}  # which argument is the act


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def called(node: ast.AST) -> str:
    """The bare name of what is called; of `audit.record` its last part."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        return node.func.attr if isinstance(owner, ast.Name) and owner.id in ("audit", "happenings") else ""
    return node.func.id if isinstance(node.func, ast.Name) else ""


def words(node: ast.expr, tree: ast.Module, above: dict[ast.AST, ast.AST]) -> Iterator[str]:
    """What an argument may say: constants, either side of a condition, a variable, a parameter of its function."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from words(node.body, tree, above)
        yield from words(node.orelse, tree, above)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
    elif isinstance(node, ast.Name):
        yield from _named(node, tree, above)
    else:
        yield ast.unparse(node)


def _named(node: ast.Name, tree: ast.Module, above: dict[ast.AST, ast.AST]) -> Iterator[str]:
    owner: ast.AST = node
    while not isinstance(owner, ast.FunctionDef):
        owner = above[owner]
    names = [one.arg for one in [*owner.args.posonlyargs, *owner.args.args]]
    if node.id in names:
        place = names.index(node.id)
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == owner.name:
                given = [key.value for key in call.keywords if key.arg == node.id]
                yield from words((call.args[place : place + 1] or given)[0], tree, above)
        return
    for one in ast.walk(owner):
        if isinstance(one, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == node.id for target in one.targets
        ):
            yield from words(one.value, tree, above)


def recorded() -> Iterator[tuple[str, str]]:
    """(file, act) of everything that any floor writes into the trail."""
    for source in (file for floor in FLOORS for file in sorted(ROOT.glob(f"{floor}/**/*.py"))):
        if source.name in ("audit.py", "happenings.py"):
            continue
        tree = ast.parse(source.read_text("utf-8"))
        above = parents(tree)
        for node in ast.walk(tree):
            if called(node) in RECORDERS and isinstance(node, ast.Call) and len(node.args) > 2:
                for word in words(node.args[2], tree, above):
                    yield str(source.relative_to(ROOT)), word


def test_every_act_has_words() -> None:
    found = set(recorded())
    assert len(found) > 20
    nameless = {
        (file, word)
        for file, word in found
        if word not in ACTS
        and not ("*" in word and any(one.startswith(word[: word.index("*")]) for one in ACTS))
    }
    assert nameless == set()


def test_words_are_russian_and_said_once() -> None:
    told = [str(words) for words in ACTS.values()]
    assert len(set(told)) == len(told)
    assert all(one[0] in "абвгдеёжзийклмнопрстуфхцчшщэюя" for one in told)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, ""),
        ({"target": 250, "reason": "контракт № 12"}, "норма: 250, причина: контракт № 12"),
        ({"why": "by_hand"}, "причина: введён вручную или отсканирован заново"),
        ({"due": "2026-11-23"}, "срок: 23.11.2026"),
        ({"due": "скоро", "why": "нет такого"}, "срок: скоро, причина: нет такого"),
        ({"sha256": "ab", "recipients": None, "count": 0, "due": ""}, ""),
    ],
)
def test_details_say_what_has_words_and_a_value(told, said) -> None:
    assert details(told) == said


def test_an_unknown_act_is_shown_as_it_is_written() -> None:
    assert act("no-such-act") == "no-such-act"
