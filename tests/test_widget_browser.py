"""The widget on somebody else's page, under a policy that forbids nearly everything."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser import DESK, PATIENCE_MS, axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sites import Site, site
from test_widget import NAME, a_clinic

from council.widget import saying, snippets
from surveys.db import db, writing
from surveys.models import Organization

__all__ = ["site"]


def trusting(friend: str) -> str:
    """A policy: nothing inline, nothing computed; pictures and scripts of this address."""
    return (
        f"default-src 'none'; img-src 'self' {friend}; script-src {friend};"
        " require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'"
    )


@pytest.fixture
def visitor(browser: Browser, site: Site, live_server: str) -> Iterator[tuple[Page, list[str]]]:
    """A visitor of that site, and what the browser complained of."""
    expect.set_options(timeout=PATIENCE_MS)
    context: BrowserContext = browser.new_context(base_url=site.home, locale="ru-RU", **DESK)
    told: list[str] = []
    context.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: told.append(str(error.error)))
    site.policy = trusting(live_server)
    yield context.new_page(), told
    context.close()


@pytest.fixture
def snippet(app: Any, session: Any) -> Any:
    """`snippet(kind, "shape colour kind")` of a clinic with a published score."""
    code, _campaign_id = a_clinic()

    def made(kind: str, choice: str) -> str:
        with app.test_request_context():
            said = saying.about(code)
            return str(getattr(snippets, kind)(said, snippets.Choice(*choice.split())))

    return made


def drawn(page: Page) -> bool:
    """Is the picture there?"""
    return bool(page.locator("img").evaluate("i => i.decode().then(() => i.naturalWidth > 0, () => false)"))


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_picture_is_seen_under_a_strict_policy(site, visitor, snippet, kind) -> None:
    page, complaints = visitor
    site.says(snippet("linked", f"wide light {kind}"))
    page.goto("/")
    assert drawn(page)
    assert page.context.cookies() == []
    axe(page)
    assert complaints == []


def test_the_script_says_the_same_in_words_of_today(site, visitor, snippet, live_server) -> None:
    page, complaints = visitor
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    site.says(snippet("scripted", "tall auto png"))
    with writing() as write:
        write.query(Organization).one().short_name = "Поликлиника имени Пирогова"
    db.session.rollback()
    page.goto("/")
    link = page.get_by_role("link")
    expect(link.get_by_text("Поликлиника имени Пирогова")).to_be_visible()
    expect(link.get_by_text("из 100")).to_be_visible()
    assert page.locator("img").count() == 0
    card = page.locator(".card").bounding_box()
    assert card is not None and card["width"] == 280
    axe(page)
    assert complaints == []
    assert {url.rpartition("/")[2] for url in asked if url.startswith(live_server)} <= {
        "widget.js",
        "widget-tall-light.png",
        "widget-tall-dark.png",
    }
    assert page.context.cookies() == [] and page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_site_that_forbids_the_script_keeps_the_picture(site, visitor, snippet, live_server) -> None:
    page, complaints = visitor
    site.says(snippet("scripted", "wide dark svg"))
    site.policy = f"default-src 'none'; img-src 'self' {live_server}"
    page.goto("/")
    assert drawn(page)
    assert len(complaints) == 1 and "widget.js" in complaints[0]


def test_without_our_service_the_sites_own_picture_or_the_words_remain(
    site, visitor, snippet, app, live_server
) -> None:
    page, _complaints = visitor
    site.says(snippet("hosted", "wide light svg"))
    name = next(part for part in snippet("hosted", "wide light svg").split('"') if part.startswith("/nok-"))
    code = name.split("-")[1]
    saved = app.test_client().get(f"/o/{code}/widget-wide-light.svg").data
    site.put(name, saved, "image/svg+xml")
    page.context.route(f"{live_server}/**", lambda route: route.abort())
    page.goto("/")
    assert drawn(page)
    site.says(snippet("scripted", "wide light svg"))
    page.goto("/")
    assert not drawn(page)
    expect(page.get_by_role("link", name=NAME)).to_be_visible()
