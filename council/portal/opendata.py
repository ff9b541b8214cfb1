"""Open data: the list of data sets, a page of each, its files and the script that recomputes it."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from council.portal import caching, rows
from council.portal.catalogue import Published, catalogue
from council.portal.datasets import (
    KINDS,
    LICENSE,
    LICENSE_URL,
    MIME,
    STANDARD,
    DataSet,
    campaign_of,
    dataset,
    id_of,
    structure_name,
)
from surveys.db import db
from surveys.refusals import NotFound

bp = Blueprint("opendata", __name__, url_prefix="/opendata")

GUIDE = Path(__file__).resolve().parent.parent.parent / "docs" / "verify.md"
SCRIPT = "check.py"


@bp.get("/")
def index() -> ResponseReturnValue:
    """Every data set."""
    known = catalogue(db.session())
    sets: list[tuple[str, Published]] = [(id_of(one), one) for one in known.campaigns]
    return caching.page(
        known.key + _publisher(),
        known.changed_at,
        lambda: render_template("portal/datasets.html", sets=sets, license=(LICENSE, LICENSE_URL)),
    )


@bp.get("/list.csv")
def listed() -> ResponseReturnValue:
    """The list as data.gov.ru reads it."""
    known = catalogue(db.session())

    def draw() -> Response:
        sets = [
            [
                id_of(one),
                one.title,
                f"{current_app.config['BASE_URL']}{url_for('.file', dataset=id_of(one), name='meta.csv')}",
                "csv",
            ]
            for one in known.campaigns
        ]
        head = [
            ["property", "title", "value", "format"],
            ["standardversion", "Версия методических рекомендаций", STANDARD, ""],
        ]
        return _sent(rows.comma_separated([*head, *sets]), "csv", "list.csv")

    return caching.file(known.key + _publisher(), known.changed_at, draw)


@bp.get(f"/{SCRIPT}")
def check() -> ResponseReturnValue:
    """The short script that recomputes a release; its home is docs/verify.md."""
    return caching.file(
        sha256(script().encode()).hexdigest(),
        None,
        lambda: Response(
            script(),
            content_type="text/x-python; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{SCRIPT}"'},
        ),
    )


@bp.get("/<dataset>/")
def page(dataset: str) -> ResponseReturnValue:
    """A data set: its passport, its files, how to recompute it."""
    found = _found(dataset)
    if dataset != found.id:
        return redirect(url_for(".page", dataset=found.id), 301)
    return caching.page(
        _key(found),
        found.newest.release.published_at,
        lambda: render_template(
            "portal/dataset.html",
            dataset=found,
            release=found.newest.release,
            release_size=len(found.newest.release.content.encode()),
            demo=found.facts.demo,
            kinds=KINDS,
            sums=found.sums(found.newest),
            license=(LICENSE, LICENSE_URL),
            structure=structure_name(),
            fields=rows.fields(found.facts.norm),
            script=script(),
            script_name=SCRIPT,
        ),
    )


@bp.get("/<dataset>/<name>")
def file(dataset: str, name: str) -> ResponseReturnValue:
    """A file of a data set: the passport, the structure, a version of the data."""
    found = _found(dataset)
    if dataset != found.id:
        return redirect(url_for(".file", dataset=found.id, name=name), 301)
    changed_at = found.newest.release.published_at
    if name == "meta.csv":
        told = [("property", "value"), *found.passport()]
        return caching.file(_key(found), changed_at, lambda: _sent(rows.comma_separated(told), "csv", name))
    if name == structure_name():
        return caching.file(name, None, lambda: _sent(rows.structure(), "csv", name))
    known = found.version(name)
    if known is None:
        raise NotFound(f"{dataset}/{name}")
    version, kind = known
    return caching.file(
        version.release.sha256,
        version.release.published_at,
        lambda: _sent(found.content(version, kind), kind, f"{found.id}-{name}"),
        caching.FOREVER,
    )


@cache
def script() -> str:
    """The first script of the guide, as it stands there."""
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    if found is None:
        raise LookupError(GUIDE.name)
    return found[1]


def _found(name: str) -> DataSet:
    campaign_id = campaign_of(name)
    found = dataset(campaign_id) if campaign_id is not None else None
    if found is None or not found.id.endswith(name.rpartition("-")[2]):
        raise NotFound(name)
    return found


def _key(found: DataSet) -> str:
    return "".join(version.release.sha256 for version in found.versions) + _publisher()


def _publisher() -> str:
    told = current_app.config
    return "\n".join(
        str(told[name]) for name in ("PUBLISHER", "PUBLISHER_INN", "PUBLISHER_EMAIL", "BASE_URL")
    )


def _sent(content: bytes, kind: str, name: str) -> Response:
    return Response(
        content, content_type=MIME[kind], headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
