"""What every application of the suite would work out anew: compiled templates, addresses, statements.

Each test makes an application of its own; its templates, rules and tables are those of the one before.
"""

import functools
from types import CodeType
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """Compiled templates of this process; a changed source has another checksum."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled from this source."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        assert bucket.code is not None
        self.kept[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = Templates()


def share(app: Flask) -> None:
    """The application takes templates that another has compiled."""
    app.jinja_env.bytecode_cache = TEMPLATES


def share_rules() -> None:
    """A rule is read once; the function that builds its address knows it by its argument and is compiled once."""
    read, compiled = Rule.compile, Rule._compile_builder
    parts: dict[Any, Any] = {}
    kept: dict[Any, Any] = {}

    @functools.wraps(read)
    def once(self: Rule) -> None:
        assert self.map is not None
        place = self.subdomain, self.host, self.map.host_matching
        key = self.rule, repr(self.defaults), place, self.merge_slashes
        if key not in parts:
            read(self)
            parts[key] = self._parts, self._trace, self._converters, frozenset(self.arguments)
            return
        self._parts, self._trace, self._converters, arguments = parts[key]
        self.arguments |= arguments
        self._build = self._compile_builder(False).__get__(self, None)
        self._build_unknown = self._compile_builder(True).__get__(self, None)

    @functools.wraps(compiled)
    def remembered(self: Rule, append_unknown: bool = True) -> Any:
        key = self.rule, repr(self.defaults), tuple(self._trace), append_unknown
        if key not in kept:
            kept[key] = compiled(self, append_unknown)
        return kept[key]

    Rule.compile = once  # type: ignore[method-assign]
    Rule._compile_builder = remembered  # type: ignore[method-assign]


def share_statements() -> None:
    """What was compiled for one database serves the next of its kind: dialects of one class are equal in a key."""
    kept = LRUCache[Any, Any](5_000)

    def alike(self: DefaultDialect, other: object) -> bool:
        return type(self) is type(other)

    Engine._compiled_cache = property(lambda _self: kept, lambda _self, _own: None)  # type: ignore
    DefaultDialect.__eq__, DefaultDialect.__hash__ = alike, lambda self: hash(type(self))  # type: ignore
