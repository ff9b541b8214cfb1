"""The grammar of the schemas: objects, lists, what may be absent."""

from typing import Any

Schema = dict[str, Any]


def obj(about: str = "", /, **properties: Schema) -> Schema:
    """An object all of whose properties are there."""
    return {"type": "object", "properties": properties, "required": list(properties), **said(about)}


def more(told: Schema, /, **properties: Schema) -> Schema:
    """The same object with these besides."""
    whole = obj(**{**told["properties"], **properties})
    return {**told, **whole}


def may_lack(told: Schema, *names: str) -> Schema:
    """The same object, which may come without these."""
    return {**told, "required": [name for name in told["required"] if name not in names]}


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(items: Schema, about: str = "", **limits: Any) -> Schema:
    """A list."""
    return {"type": "array", "items": items, **limits, **said(about)}


def by_name(values: Schema, about: str = "") -> Schema:
    """An object with names of its own."""
    return {"type": "object", "additionalProperties": values, **said(about)}


def text(about: str = "", **limits: Any) -> Schema:
    """Words."""
    return {"type": "string", **limits, **said(about)}


def whole(about: str = "", **limits: Any) -> Schema:
    """A whole number, of things unless told."""
    return {"type": "integer", **({"minimum": 0} | limits), **said(about)}


def yes_no(about: str = "") -> Schema:
    """True or false."""
    return {"type": "boolean", **said(about)}


def choice(values: tuple[str, ...] | list[str], about: str = "") -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(values), **said(about)}


def maybe(schema: Schema) -> Schema:
    """The same or null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    told = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        told["enum"] = [*schema["enum"], None]
    return told


def page_of(items: Schema, about: str = "", **also: Schema) -> Schema:
    """A page of a long list; `next` leads to the one after it."""
    following = maybe(text("адрес следующей страницы; null — это последняя", format="uri"))
    return obj(about, items=many(items), next=following, **also)


def said(about: str) -> Schema:
    """The description, if there is one."""
    return {"description": about} if about else {}
