"""Works out the arithmetic of a trace («½·(14/17 + 18/19)·100») exactly, knowing nothing of the norm."""

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

ACTS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
SPELLING = {"½": "(1/2)", "·": "*", ",": ".", ";": ","}


def worked_out(text: str) -> Fraction:
    """The value of a written sum; anything but numbers, + · / and min is a KeyError."""
    for written, meant in SPELLING.items():
        text = text.replace(written, meant)
    return _value(ast.parse(text, mode="eval").body, text)


def _value(node: ast.expr, text: str) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(ast.get_source_segment(text, node) or "")
    if isinstance(node, ast.BinOp):
        return ACTS[type(node.op)](_value(node.left, text), _value(node.right, text))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "min":
        return min(_value(part, text) for part in node.args)
    raise KeyError(ast.dump(node))
