"""Every published release of a campaign: its page, its bytes, what it changed. Part of the public pages."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from council.portal import caching
from council.public import bp, campaign_page, opened, sent
from council.shelf import kept, shelf
from surveys import frozen
from surveys.db import db
from surveys.refusals import NotFound
from surveys.releases import Release


@bp.get("/ratings/<int(max=2147483647):campaign_id>/versions")
def versions(campaign_id: int) -> ResponseReturnValue:
    """Every published release of a campaign, the one in force first."""
    found = kept(opened(campaign_id))
    published = [one for one in frozen.releases(db.session(), campaign_id) if one.published_at]
    return caching.drawn(render_template("public/versions.html", facts=found.facts, releases=published))


@bp.get("/ratings/<int(max=2147483647):campaign_id>/versions/<int(max=32767):version>")
def version(campaign_id: int, version: int) -> ResponseReturnValue:
    """A release as it was published, though another is in force now."""
    release = _published(campaign_id, version)
    found = shelf().released(release)
    base = url_for(".version", campaign_id=campaign_id, version=version)
    links = {"json": f"{base}.json"}
    newest = frozen.in_force(db.session(), campaign_id)
    newer = None if newest is None or newest.version == version else newest.version
    back = (url_for(".versions", campaign_id=campaign_id), _("Все выпуски"))
    page = campaign_page(found, base=base, links=links, organization_base="", back=back, newer=newer)
    return caching.drawn(page)


@bp.get("/ratings/<int(max=2147483647):campaign_id>/versions/<int(max=32767):version>.json")
def version_file(campaign_id: int, version: int) -> ResponseReturnValue:
    """The very bytes whose SHA-256 is printed."""
    release = _published(campaign_id, version)
    name = f"nok-release-{campaign_id}-{version}-{release.short}.json"
    mime = "application/json; charset=utf-8"
    return caching.file(
        release.sha256,
        release.published_at,
        lambda: sent(release.content.encode(), mime, name),
        caching.FOREVER,
    )


@bp.get("/ratings/<int(max=2147483647):campaign_id>/versions/<int(max=32767):version>/changes")
def version_changes(campaign_id: int, version: int) -> ResponseReturnValue:
    """Figures of a release that are not those of the one published before it."""
    release = _published(campaign_id, version)
    older = (
        one
        for one in frozen.releases(db.session(), campaign_id)
        if one.published_at and one.version < version
    )
    before = next(older, None)
    page = render_template(
        "public/changes.html",
        facts=shelf().released(release).facts,
        release=release,
        before=before,
        changes=frozen.changes(before, release) if before else [],
    )
    return caching.drawn(page)


def _published(campaign_id: int, version: int) -> Release:
    found = frozen.release(db.session(), campaign_id, version)
    if found is None or found.published_at is None:
        raise NotFound(f"{campaign_id}/{version}")
    return found
