"""What a recipient's page asks of a browser: nothing that came after Chrome 64 and the Android WebView of 2018."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tinycss2
import tree_sitter_javascript
from build import CONTENT, a_campaign, an_organization, within
from tinycss2.ast import Declaration, Node, QualifiedRule
from tree_sitter import Language, Parser
from tree_sitter import Node as Syntax

STATIC = Path(__file__).resolve().parent.parent / "static"
ASKED = re.compile(r'(?:src|href)="(/static/(?:js|css)/[^"?]+)')
KEY = r'name="key" value="([^"]+)"'

#: Syntax as the grammar names it → the Chrome it came with.
NEW_SYNTAX = {
    "optional_chain": 80,
    "??": 80,
    "??=": 85,
    "||=": 85,
    "&&=": 85,
    "field_definition": 72,
    "private_property_identifier": 74,
    "class_static_block": 94,
    "using": 134,
}
#: Names → the Chrome they came with. `Promise`, `fetch`, `Object.entries` and what else is older may be used.
NEW_NAMES = (
    "AbortController AbortSignal BroadcastChannel allSettled any arrayBuffer at randomUUID findLast findLastIndex "
    "flat flatMap fromEntries getInstalledRelatedApps globalThis groupBy hasOwn isWellFormed locks matchAll "
    "queueMicrotask replaceAll replaceChildren requestIdle requestSubmit scrollend showPicker structuredClone "
    "toReversed toSorted toSpliced toggleAttribute trimEnd trimStart userAgentData withResolvers"
)
#: Layout that falls apart where they are unknown. Half-tones, underlines and the like may be newer.
NEW_PROPERTIES = re.compile(
    r"^(gap|row-gap|column-gap|inset.*|aspect-ratio|translate|rotate|scale|(margin|padding)-(inline|block).*)$"
)
NEW_FUNCTIONS = frozenset({"min", "max", "clamp", "color-mix", "light-dark", "round"})
NEW_UNITS = frozenset({"dvh", "svh", "lvh", "dvw", "svw", "lvw", "cqw", "cqh", "lh", "rlh"})
NEW_PSEUDO = re.compile(r":(is|where|has|focus-visible|user-invalid|modal|popover-open|state)\b")
ASKING = ("call_expression", "member_expression")
NEW_RULES = frozenset({"layer", "container", "property", "scope", "starting-style"})


def newer_syntax(text: str) -> list[str]:
    """What of a script a browser of 2018 would stop at, or not find."""
    tree = Parser(Language(tree_sitter_javascript.language())).parse(text.encode())
    names = set(NEW_NAMES.split())
    return [
        f"line {node.start_point[0] + 1}: {told}"
        for node in _all(tree.root_node)
        if (told := _new(node, names))
    ]


def _all(node: Syntax) -> Iterator[Syntax]:
    yield node
    for child in node.children:
        yield from _all(child)


def _new(node: Syntax, names: set[str]) -> str:
    said = (node.text or b"").decode()
    if node.type == "ERROR":
        return "not understood"
    if node.type in NEW_SYNTAX:
        return f"{node.type} (Chrome {NEW_SYNTAX[node.type]})"
    if node.type == "catch_clause" and node.child_by_field_name("parameter") is None:
        return "catch without a name (Chrome 66)"
    if node.type == "number" and re.search(r"_|n$", said):
        return f"{said} (Chrome 67)"
    return said if said in names and _asks(node) else ""


def _asks(node: Syntax) -> bool:
    """Is this name asked of the browser, rather than one of the script's own?"""
    if node.type == "identifier":
        return not (node.text or b"").islower()
    above = node.parent.parent if node.parent is not None else None
    return node.type == "property_identifier" and above is not None and above.type in ASKING


def newer_styles(text: str) -> list[str]:
    """What of a sheet a browser of 2018 would drop without something older in its place."""
    found: list[str] = []
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword in NEW_RULES:
            found.append(f"@{rule.at_keyword}")
        elif rule.type == "at-rule" and rule.content is not None and rule.lower_at_keyword == "media":
            found += newer_styles(tinycss2.serialize(rule.content))
        elif rule.type == "qualified-rule":
            found += _of_rule(rule)
    return found


def _of_rule(rule: QualifiedRule) -> list[str]:
    selector = tinycss2.serialize(rule.prelude).strip()
    parts = [bool(NEW_PSEUDO.search(part)) for part in selector.split(",")]
    found = [f"{selector}: drops its neighbours"] if any(parts) and not all(parts) else []
    before: set[str] = set()
    for one in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
        if one.type == "declaration":
            older = {one.lower_name, one.lower_name.replace("inset", "top"), f"grid-{one.lower_name}"}
            if _is_new(one) and not older & before:
                found.append(f"{selector}: {one.name}:{tinycss2.serialize(one.value)}")
            before.add(one.lower_name)
    return found


def _is_new(one: Declaration) -> bool:
    if one.lower_name.startswith("--"):
        return False
    return bool(NEW_PROPERTIES.match(one.lower_name)) or any(_is_new_value(node) for node in one.value)


def _is_new_value(node: Node) -> bool:
    if node.type == "function":
        return node.lower_name in NEW_FUNCTIONS or any(map(_is_new_value, node.arguments))
    return node.type == "dimension" and node.lower_unit in NEW_UNITS


@pytest.mark.parametrize(
    "text",
    [
        "var a = b?.c;",
        "a = b ?? c;",
        "a ||= 1;",
        "class A { x = 1 }",
        "class A { #x() {} }",
        "try { a(); } catch { b(); }",
        "var a = 1_000;",
        "var a = 10n;",
        "[1].flatMap(f);",
        "new AbortController();",
        "document.body.replaceChildren();",
        "var a = ;",
    ],
)
def test_what_is_newer_in_a_script_is_seen(text: str) -> None:
    assert newer_syntax(text)


def test_what_2018_knew_in_a_script_passes() -> None:
    known = (
        "const f = async (...a) => { for (const [b, c] of Object.entries({...a})) await b.c`${c ** 2}`; };"
    )
    assert newer_syntax(f"'use strict'; {known} try {{ f(); }} catch (e) {{ }}") == []


@pytest.mark.parametrize(
    "text",
    [
        "p{gap:1rem}",
        "p{inset:0}",
        "p{width:min(1rem,50%)}",
        "p{height:calc(100dvh - 1rem)}",
        "a:hover,a:focus-visible{color:red}",
        "@media(min-width:1em){p{aspect-ratio:1}}",
        "@layer a{p{color:red}}",
    ],
)
def test_what_is_newer_in_a_sheet_is_seen(text: str) -> None:
    assert newer_styles(text)


def test_what_is_newer_passes_after_something_older() -> None:
    old = "p{grid-gap:1rem;gap:1rem;top:0;inset:0;height:100vh;height:100dvh;width:9rem;width:min(9rem,50%)}"
    assert newer_styles(f"{old} :focus:not(:focus-visible){{outline:0}}") == []


def test_every_script_and_sheet_of_a_recipients_way_works_in_2018(page, client, session) -> None:
    address = f"/q/{an_organization()}"
    a_campaign()
    form = page.get(address).text
    client.post(address, data={**CONTENT, "key": within(KEY, form)})
    ways = ("", "?again=1&size=large", "/thanks", "/kept", "/scores")
    pages = [form, client.get("/q/AAAAAAAA").text, *(client.get(address + way).text for way in ways)]
    asked = {path for text in pages for path in ASKED.findall(text)}
    assert {"/static/js/survey.js", "/static/css/core.css"} <= asked
    found = {}
    for path in sorted(asked):
        text = (STATIC / path.removeprefix("/static/")).read_text("utf-8")
        found[path] = (newer_syntax if path.endswith(".js") else newer_styles)(text)
    assert {path: told for path, told in found.items() if told} == {}
