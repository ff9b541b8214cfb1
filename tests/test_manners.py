"""The manners themselves: a good page passes, and each single fault is seen."""

import pytest
from flask import Flask, Response, redirect
from manners import MannerlyClient, complaints

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
GOOD = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>Опрос</title>
<link rel="stylesheet" href="/static/nok.css"><link rel="canonical" href="https://nok.example.ru/q/1">
<script src="/static/kiosk.js"></script><script type="application/json">{"places": 2}</script>
<style>h1 { background: url("/static/line.svg") }</style></head>
<body><h1>Опрос</h1>
<a href="https://example.org/">Источник данных</a>
<a href="/"><img src="/static/logo.svg" alt="На главную"></a>
<svg role="img" aria-labelledby="t"><title id="t">Диаграмма</title><path d="M0 0"/></svg>
<form method="post" action="/q/1"><input type="hidden" name="key" value="k1">
<label><input type="radio" name="stand" value="yes"> Да</label>
<label for="why">Почему</label><textarea id="why" name="why" aria-describedby="hint"></textarea>
<p id="hint">Коротко</p>
<button>Отправить</button></form></body></html>
"""


def shown(
    html: str = GOOD, headers: dict[str, str] | None = None, kind: str = "text/html; charset=utf-8"
) -> list[str]:
    app = Flask("manners")
    app.add_url_rule(
        "/",
        view_func=lambda: Response(html, headers=HEADERS if headers is None else headers, content_type=kind),
    )
    return complaints(app.test_client().get("/"))


def test_a_well_mannered_page_raises_no_complaint() -> None:
    assert shown() == []


def test_a_key_that_stands_outside_its_form_still_guards_it() -> None:
    key = '<input type="hidden" name="key" value="k1">'
    outside = GOOD.replace(key, "").replace('action="/q/1"', 'action="/q/1" id="sheet"')
    assert outside != GOOD
    for whose, faults in (("sheet", 0), ("other", 2)):  # another's key guards nothing, and points nowhere
        pointed = key.replace("type", f'form="{whose}" type')
        assert len(shown(outside.replace("<h1>", f"{pointed}<h1>"))) == faults


FAULTS = [
    ("<title>Опрос</title>", "<title> </title>", "needs one <title>"),
    ("<title>Опрос</title>", "", "needs one <title>"),
    ('<html lang="ru">', "<html>", "lang"),
    ("<h1>Опрос</h1>", "<p>Опрос</p>", "needs one <h1>"),
    ("<h1>Опрос</h1>", "<h1>Опрос</h1><h1>Ещё</h1>", "has 2"),
    ('<p id="hint">', '<p id="why">', "'why' stands on the page 2 times"),
    ('aria-describedby="hint"', 'aria-describedby="nowhere"', "'nowhere', which is not there"),
    ('<label for="why">', '<label for="other">', "has no label"),
    ('<label for="why">Почему</label>', '<label for="why"></label>', "has no label"),
    (
        '<label><input type="radio" name="stand" value="yes"> Да</label>',
        '<input type="radio" name="stand">',
        "label",
    ),
    (' alt="На главную"', "", "has no alt"),
    (' alt="На главную"', ' alt=""', "<a> has nothing to read"),
    ("<button>Отправить</button>", "<button></button>", "<button> has nothing to read"),
    ('<script src="/static/kiosk.js">', "<script>", "inline script"),
    ("<h1>", '<h1 style="color: red">', "style attribute"),
    ("<h1>", '<h1 onclick="go()">', "onclick handler"),
    ('<a href="/">', '<a href=" javascript:go()">', "javascript: address"),
    ('src="/static/logo.svg"', 'src="//cdn.example.org/logo.svg"', "another host"),
    ('src="/static/logo.svg"', 'srcset="/a.png 1x, https://cdn.example.org/b.png 2x"', "another host"),
    ('href="/static/nok.css"', 'href="https://fonts.example.org/golos.css"', "another host"),
    ('url("/static/line.svg")', 'url("http://cdn.example.org/line.svg")', "another host"),
    ('action="/q/1"', 'action="https://example.org/q/1"', "another host"),
    ('name="key" value="k1"', 'name="other" value="k1"', "without csrf_token or key"),
    ('name="key" value="k1"', 'name="csrf_token" value=""', "without csrf_token or key"),
    ('<input type="hidden" name="key" value="k1">', "", "without csrf_token or key"),
]


@pytest.mark.parametrize(("good", "bad", "complaint"), FAULTS)
def test_a_single_fault_on_the_page_is_seen(good: str, bad: str, complaint: str) -> None:
    assert good in GOOD
    assert any(complaint in said for said in shown(GOOD.replace(good, bad, 1)))


@pytest.mark.parametrize("header", HEADERS)
def test_a_missing_header_is_seen(header: str) -> None:
    assert any(header in said for said in shown(headers={k: v for k, v in HEADERS.items() if k != header}))


@pytest.mark.parametrize(
    "policy",
    ["script-src 'self' 'unsafe-inline'", "default-src *", "script-src 'unsafe-eval'", "img-src 'self'"],
)
def test_a_policy_that_lets_any_script_in_is_seen(policy: str) -> None:
    assert len(shown(headers=HEADERS | {"Content-Security-Policy": policy})) == 1


def test_a_page_that_does_not_tell_its_charset_is_seen() -> None:
    assert shown(kind="text/html") == ["needs charset=utf-8 in its Content-Type"]


def test_the_client_looks_at_pages_and_refusals_and_lets_redirects_and_files_pass() -> None:
    app = Flask("client")
    app.add_url_rule("/page", "page", lambda: "<p>Без манер</p>")
    app.add_url_rule("/away", "away", lambda: redirect("/page"))
    app.add_url_rule("/file", "file", lambda: {"places": 2})
    client = MannerlyClient(app, app.response_class)
    assert client.get("/away").status_code == 302
    assert client.get("/file").status_code == 200
    for rude in ("/page", "/nowhere"):
        with pytest.raises(AssertionError, match=f"{rude} "):
            client.get(rude)
