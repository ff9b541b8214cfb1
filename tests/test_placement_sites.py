"""The patrol of sites: what it finds on a main page, and how politely and warily it goes."""

import gzip
import json
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace

import pytest
from build import TOKEN, a_campaign, a_user, an_organization, signed_in, within
from PIL import Image
from sites import Site, sealed, site
from sqlalchemy import select

from accounts.models import AuditEvent, Role
from council.placement import looking, patrolling, sites
from council.placement.looking import Look, Sought
from council.placement.sites import Manners, NotOpened, Opener
from council.widget import drawing
from council.widget.saying import Said
from surveys import qr, queue
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Organization
from surveys.placement import SiteCheck, SiteState

__all__ = ["sealed", "site"]

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
CODE, BASE = "K7M4PX2D", "https://nok.example.ru"
QUICK = Manners("NOK-placement/1.0 (tests)", private=True, pause=0.0)


def looked(where: Site | str, agency_id: str = "231927", manners: Manners = QUICK) -> Look:
    """A look at a site."""
    website = where if isinstance(where, str) else where.home
    return looking.look(Opener(manners), Sought(1, CODE, agency_id, website), BASE)


def a_picture(text: str, kind: str = "PNG") -> bytes:
    drawn = BytesIO()
    qr.image(text, module_pixels=4).convert("RGB").save(drawn, kind)
    return drawn.getvalue()


@pytest.mark.parametrize(
    ("inside", "how", "leads_to"),
    [
        (f'<a href="{BASE}/q/{CODE}?via=site">Опрос</a>', "link", "ours"),
        (f'<a href="{BASE}/o/{CODE}">Об оценке</a>', "link", "ours"),
        ('<area href="https://bus.gov.ru/qrcode/rate/1?agencyId=231927">', "link", "official"),
        ('<a href=" //bus.gov.ru/info-card/231927 "><img src="/x.png"></a>', "link", "official"),
        (f'<p><img src="{BASE}/o/{CODE}/widget-wide-light.png"></p>', "picture", "ours"),
    ],
)
def test_a_link_or_our_picture_is_seen_without_another_request(site, inside, how, leads_to) -> None:
    site.says(inside)
    assert looked(site) == Look(SiteState.FOUND, how, leads_to, f"{site.home}/")
    assert [path for _at, path, _agent in site.asked] == ["/robots.txt", "/"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_decoded(site, kind) -> None:
    site.says('<img src="/logo.png"><a href="/about"><img data-src="img/code.img" alt="QR-код"></a>')
    site.put("/img/code.img", a_picture(f"{BASE}/q/{CODE}?p=3", kind), "image/x")
    site.put("/logo.png", b"no picture at all", "image/png")
    assert looked(site) == Look(SiteState.FOUND, "picture", "ours", f"{site.home}/")
    assert site.asked[-1][1] == "/img/code.img", "what speaks of a code is opened first"


def test_a_picture_in_the_page_and_our_own_drawing_are_read(site) -> None:
    code = b64encode(a_picture("https://bus.gov.ru/qrcode/rate/231927")).decode()
    site.says(f'<img src="data:image/png;base64,{code}">')
    assert looked(site).leads_to == "official"
    said = Said(CODE, "Школа", f"{BASE}/q/{CODE}?via=site", "Оцените", "Оценка", "", "", "Школа")
    site.says('<img src="/nok.svg">')
    site.put("/nok.svg", drawing.svg(said, "tall", "dark"), "image/svg+xml")
    assert looked(site) == Look(SiteState.FOUND, "picture", "ours", f"{site.home}/")


@pytest.mark.parametrize(
    ("inside", "agency_id", "state"),
    [
        ("<p>Добро пожаловать</p>", "231927", "missing"),
        ('<a href="https://bus.gov.ru/">bus.gov.ru</a>', "231927", "missing"),
        (f'<a href="{BASE}/q/AAAAAAAA">Опрос</a>', "231927", "another"),
        ('<a href="https://bus.gov.ru/qrcode/rate/999">Оценить</a>', "231927", "another"),
        ('<a href="https://bus.gov.ru/qrcode/rate/999">Оценить</a>', "", "found"),
        (f'<a href="https://old.example.ru/q/{CODE}">Опрос</a>', "231927", "stale"),
    ],
)
def test_what_is_not_its_own_code_is_told_apart(site, inside, agency_id, state) -> None:
    site.says(inside)
    assert looked(site, agency_id).state == state


def test_a_page_in_the_old_character_set_and_packed_is_read(site) -> None:
    words = f'<meta charset="windows-1251"><a href="{BASE}/q/{CODE}">Оценка</a>'
    site.put("/", gzip.compress(words.encode("cp1251")), "text/html", Content_Encoding="gzip")
    assert looked(site).state is SiteState.FOUND


def test_redirects_are_followed_so_far(site) -> None:
    site.says("")
    site.put("/", "", status=301, Location="/main/")
    site.put("/main/", f'<base href="{BASE}"><a href="/q/{CODE}">Опрос</a>')
    assert looked(site) == Look(SiteState.FOUND, "link", "ours", f"{site.home}/main/")
    for number in range(9):
        site.put(f"/{number}", "", status=302, Location=f"/{number + 1}")
    site.put("/", "", status=302, Location="/0")
    assert looked(site).state is SiteState.UNREACHABLE
    assert len([path for _at, path, _agent in site.asked if path[1:].isdigit()]) == QUICK.redirects


@pytest.mark.parametrize("where", ["file:///etc/passwd", "ftp://x.ru/", "http://u:p@x.ru/", "http://"])
def test_only_sites_are_opened(where) -> None:
    assert looked(where).state is SiteState.REFUSED
    assert looked("").state is SiteState.NO_ADDRESS


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
     "224.0.0.1", "::1", "fe80::1", "fc00::1", "fec0::1", "::ffff:127.0.0.1", "64:ff9b::a00:1",
     "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:a00:1::1"],
)  # fmt: skip
def test_a_number_inside_a_network_is_nobodys_site(number) -> None:
    assert not sites.public(number)


def test_a_public_number_is_open() -> None:
    assert sites.public("93.184.215.14") and sites.public("2a02:6b8::feed")


def test_our_own_network_is_refused_by_name_by_number_and_by_redirect(site, monkeypatch) -> None:
    wary = Manners("x", pause=0.0)
    site.says(f'<a href="{BASE}/q/{CODE}">Опрос</a>')
    assert looked(site, manners=wary).state is SiteState.REFUSED
    assert looked(f"http://localhost:{site.server.server_port}", manners=wary).state is SiteState.REFUSED
    assert site.asked == []
    site.put("/", "", status=302, Location="http://10.0.0.1/")
    real, told = sites.public, sites.public
    monkeypatch.setattr(sites, "public", lambda number: number == "127.0.0.1" or real(number))
    assert looked(site, manners=wary).state is SiteState.REFUSED and site.asked == [], "an odd port"
    monkeypatch.setattr(sites, "PORTS", frozenset({80, site.server.server_port}))
    assert looked(site, manners=wary).state is SiteState.REFUSED
    assert told("10.0.0.1") is False


def test_robots_are_heard_and_the_agent_says_who_it_is(site) -> None:
    site.says(f'<a href="{BASE}/q/{CODE}">Опрос</a>')
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain")
    assert looked(site).state is SiteState.ROBOTS
    assert {agent for _at, _path, agent in site.asked} == {QUICK.agent}
    site.put("/robots.txt", "User-agent: *\nDisallow: /admin\n", "text/plain")
    assert looked(site).state is SiteState.FOUND


def test_one_request_a_host_at_a_time_and_a_pause_between(site) -> None:
    site.says("<img src=a.png><img src=b.png>")
    looked(site, manners=Manners("x", private=True, pause=0.15))
    times = [at for at, _path, _agent in site.asked]
    assert len(times) == 4
    assert all(later - at >= 0.14 for at, later in zip(times, times[1:], strict=False))


def test_limits_of_size_time_and_number_hold(site) -> None:
    small = Manners("x", private=True, pause=0.0, page_bytes=2000, pictures=2)
    site.says(" " * 3000 + f'<a href="{BASE}/q/{CODE}">Опрос</a>')
    assert looked(site, manners=small).state is SiteState.CUT_SHORT
    site.put("/", gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")
    assert looked(site, manners=small).state is SiteState.CUT_SHORT
    site.says("".join(f"<img src={n}.png>" for n in range(9)))
    site.asked.clear()
    looked(site, manners=small)
    assert len(site.asked) == 2 + 2
    hurried = Manners("x", private=True, pause=0.0, whole=-1.0)
    assert looked(site, manners=hurried).state is SiteState.UNREACHABLE


@pytest.mark.parametrize("status", [404, 500])
def test_a_site_that_does_not_open_is_said_so(site, status) -> None:
    site.put("/", "", status=status)
    assert looked(site).state is SiteState.UNREACHABLE
    with pytest.raises(NotOpened):
        sites.home("http://[")


def test_a_certificate_is_verified_for_the_name_that_was_asked(site, sealed, monkeypatch) -> None:
    site.says(f'<a href="{BASE}/q/{CODE}">Опрос</a>')
    named, numbered = (f"https://{host}:{site.server.server_port}/" for host in ("localhost", "127.0.0.1"))
    assert looked(named).state is SiteState.CERTIFICATE
    monkeypatch.setenv("SSL_CERT_FILE", str(sealed))
    assert looked(named).state is SiteState.FOUND
    assert looked(numbered).state is SiteState.CERTIFICATE


def test_a_picture_of_another_site_is_not_asked_for(site) -> None:
    other = f"http://localhost:{site.server.server_port}/qr.png"
    site.put("/qr.png", a_picture(f"{BASE}/q/{CODE}"), "image/png")
    site.says(f'<img src="{other}">')
    assert looked(site).state is SiteState.CUT_SHORT, "it may be our code: nobody has looked"
    assert "/qr.png" not in [path for _at, path, _agent in site.asked]
    site.says(f'<img src="{other.replace("qr", "hit")}" width="1">')
    assert looked(site).state is SiteState.MISSING, "a counter is no code"


def test_robots_of_the_other_host_are_heard_and_of_pictures(site) -> None:
    other = f"http://localhost:{site.server.server_port}"
    site.says(f'<a href="{BASE}/q/{CODE}">Опрос</a>')
    site.put("/", "", status=302, Location=f"{other}/main/")
    site.put("/main/", f'<a href="{BASE}/q/{CODE}">Опрос</a>')
    opener = Opener(QUICK)
    assert looking.look(opener, Sought(1, CODE, "", site.home), BASE).state is SiteState.FOUND
    assert [path for _at, path, _agent in site.asked].count(sites.ROBOTS) == 2
    site.put(sites.ROBOTS, "User-agent: *\nDisallow: /main/\nDisallow: /files/", "text/plain")
    assert looked(site).state is SiteState.ROBOTS
    site.says('<img src="/files/qr.png">')
    site.put("/files/qr.png", a_picture(f"{BASE}/q/{CODE}"), "image/png")
    assert looked(site).state is SiteState.CUT_SHORT


@pytest.mark.parametrize("named", ["undefined", "idna", "punycode", "кои8", "hex", "no-such"])
def test_a_character_set_that_is_none_ends_nothing(site, named) -> None:
    link = f'<a href="{BASE}/q/{CODE}">Оценка</a>'
    site.put("/", f'<meta charset="{named}">{link}')
    site.pages["/"].headers["Content-Type"] = "text/html"
    assert looked(site).state is SiteState.FOUND
    assert looking._text(link.encode(), f"text/html; charset={named}") == link


@pytest.mark.parametrize("mark", ["<![foo[", "<![ endif]", "<!-- a --><![if !IE]><!-- [endif] -->", "<![x"])
def test_marks_that_a_parser_does_not_know_hide_nothing(site, mark) -> None:
    site.says(f'<p>{mark}></p><a href="{BASE}/q/{CODE}">Оценка</a>')
    assert looked(site).state is SiteState.FOUND


def test_a_place_of_thousands_of_digits_is_no_place(site) -> None:
    site.says(f'<a href="{BASE}/q/{CODE}?p={"1" * 5000}">Оценка</a>')
    assert looked(site).state is SiteState.FOUND


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB", "1"])
def test_a_code_on_nothing_is_read_on_white(mode) -> None:
    code = qr.image("text", module_pixels=4)
    clear = Image.new("RGBA", code.size, (0, 0, 0, 0))
    clear.paste("black", mask=code.convert("L").point(lambda light: 255 - light))
    drawn = BytesIO()
    if mode in ("RGBA", "LA"):
        clear.convert(mode).save(drawn, "PNG")
    elif mode == "P":
        clear.quantize(4).save(drawn, "PNG")
    else:
        code.convert(mode).save(drawn, "PNG", transparency=None if mode == "1" else (1, 2, 3))
    assert looking._decoded(drawn.getvalue()) == ["text"]


def test_a_picture_of_too_many_points_is_not_unpacked_but_a_photograph_is_read_smaller(monkeypatch) -> None:
    monkeypatch.setattr(looking, "MOST_PIXELS", 15_000)
    edge = qr.image("text", module_pixels=6)
    assert edge.width**2 > 15_000
    flat, photo = BytesIO(), BytesIO()
    edge.save(flat, "PNG")
    edge.convert("RGB").save(photo, "JPEG")
    assert (looking._decoded(flat.getvalue()), looking._decoded(photo.getvalue())) == ([], ["text"])


def test_what_was_not_looked_through_is_not_called_missing(site) -> None:
    few = Manners("x", private=True, pause=0.0, pictures=2)
    inside = "".join(f'<img src="data:image/png;base64,{number:04}">' for number in range(2))
    site.says(f"{inside}<img src=1.png><img src=2.png>")
    assert looked(site, manners=few).state is SiteState.MISSING
    site.says(f'{inside}<img src="data:,x">')
    assert looked(site, manners=few).state is SiteState.CUT_SHORT
    site.says("<img src=1.png><img src=2.png><img src=3.png>")
    assert looked(site, manners=few).state is SiteState.CUT_SHORT
    site.says(f'<a href="{BASE}/q/AAAAAAAA">Опрос</a><img src=1.png><img src=2.png><img src=3.png>')
    assert looked(site, manners=few).state is SiteState.ANOTHER


def test_waiting_for_a_turn_takes_no_time_of_the_look_and_reading_does(site, monkeypatch) -> None:
    now = [1000.0]
    clock = SimpleNamespace(
        monotonic=lambda: now[0], sleep=lambda seconds: now.__setitem__(0, now[0] + seconds)
    )
    monkeypatch.setattr(sites, "time", clock)
    monkeypatch.setattr(looking, "time", clock)
    site.says('<img src="a.png"><img src="b.png">')
    site.put("/b.png", a_picture(f"{BASE}/q/{CODE}"), "image/png")
    patient = Manners("x", private=True, pause=60.0, whole=25.0)
    assert looked(site, manners=patient).state is SiteState.FOUND
    assert now == [1180.0]
    site.put("/a.png", a_picture("a"), "image/png")
    monkeypatch.setattr(looking, "_decoded", lambda _content: clock.sleep(30.0) or [])
    assert looked(site, manners=patient).state is SiteState.CUT_SHORT


def test_a_cyrillic_host_of_a_picture_is_the_same_site() -> None:
    assert looking._same_site("https://www.школа.рф/qr.png", "http://xn--80atdl2c.xn--p1ai/")
    assert not looking._same_site("https://нок..рф/qr.png", "http://xn--80atdl2c.xn--p1ai/")


@pytest.fixture
def clinic(app, session, site, monkeypatch) -> str:
    """A clinic whose site is the tests' own; its code."""
    app.config["SITE_CHECK_PRIVATE"] = True
    monkeypatch.setattr(
        patrolling, "_opener", lambda manners: Opener(Manners(manners.agent, manners.private, 0.0))
    )
    code = an_organization(website=site.home, short_name="Поликлиника № 12")
    an_organization("Поликлиника без сайта", address="Мира, 5")
    a_campaign()
    return code


@pytest.fixture
def work(session) -> Callable[[], None]:
    """What the worker does with whatever waits."""

    def done() -> None:
        db.session.rollback()
        for job_id in db.session.scalars(select(Job.id).where(Job.state == JobState.WAITING)).all():
            queue.perform(job_id)

    return done


def states() -> dict[str, str]:
    db.session.rollback()
    found = select(Organization.code, SiteCheck.state).join(
        SiteCheck, SiteCheck.organization_id == Organization.id
    )
    return {code: state for code, state in db.session.execute(found)}


def pressed(client, page: str, button: str):
    """A button of a page."""
    return client.post(button, data={"csrf_token": within(TOKEN, client.get(page).text)})


def test_the_button_opens_the_sites_of_a_campaign_once_a_day(app, page, clinic, site, work) -> None:
    a_user(Role.OPERATOR)
    signed_in(page, Role.OPERATOR.value)
    here = "/council/campaigns/1/placement"
    site.says(f'<a href="http://127.0.0.1:8000/q/{clinic}">Опрос</a>')
    assert "/operator/jobs/" in pressed(page, here, f"{here}/check").location
    work()
    assert sorted(states().values()) == ["found", "no_address"]
    text = page.get(here).text
    assert "есть наша ссылка" in text and "1 из 2, сайтов проверено: 2" in text
    asked = len(site.asked)
    pressed(page, here, f"{here}/check")
    work()
    assert len(site.asked) == asked
    with writing() as write:
        for one in write.scalars(select(SiteCheck)):
            one.checked_on = one.checked_on.replace(year=one.checked_on.year - 1)
    site.says("")
    pressed(page, here, f"{here}/check")
    work()
    assert states()[clinic] == "missing"
    assert "Код был" in page.get(here).text
    acts = [one.action for one in db.session.scalars(select(AuditEvent))]
    assert acts == ["sites-checked"] * 3


@ON_SQLITE
def test_one_odd_page_ends_no_patrol_and_what_was_cut_short_is_counted_apart(
    app, page, clinic, site, work, monkeypatch, caplog
) -> None:
    a_user(Role.OPERATOR)
    signed_in(page, Role.OPERATOR.value)
    here, real = "/council/campaigns/1/placement", looking.look

    def odd(opener, sought, base_url) -> Look:
        if not sought.website:
            raise RuntimeError("a page's own words")
        return real(opener, sought, base_url)

    monkeypatch.setattr(looking, "look", odd)
    site.says("".join(f"<img src={number}.png>" for number in range(13)))
    pressed(page, here, f"{here}/check")
    work()
    assert sorted(states().values()) == ["cut_short", "unreachable"]
    assert "RuntimeError" in caplog.text and "own words" not in caplog.text
    text = page.get(here).text
    assert "не успели досмотреть: 1" in text and "кода нет</span>" not in text


@ON_SQLITE
def test_an_organisation_has_its_own_site_opened(app, page, clinic, site, work) -> None:
    a_user(Role.ORGANIZATION, code=clinic)
    signed_in(page, Role.ORGANIZATION.value)
    site.says("")
    here = "/organization/placement"
    assert pressed(page, here, f"{here}/check").location == here
    work()
    assert states() == {clinic: "missing"}
    text = page.get(here).text
    assert "кода нет" in text and "Поставьте виджет" in text


@ON_SQLITE
def test_the_command_does_the_same(clinic, runner, site) -> None:
    site.says(f'<a href="http://127.0.0.1:8000/q/{clinic}">Опрос</a>')
    told = runner.invoke(args=["placement", "check", "--campaign", "1", "--organization", clinic, "--json"])
    assert told.exit_code == 0, told.output
    [one] = json.loads(told.stdout)
    assert (one["organization"], one["state"], one["how"]) == (clinic, "found", "link")
    shown = runner.invoke(args=["placement", "show", "--campaign", "1", "--json"])
    assert json.loads(shown.stdout) == {
        "organizations": 2, "posters": 0, "by_officials": 0, "checked": 1, "sites": 1,
        "cut_short": 0,
        "scanned": 0,
    }  # fmt: skip
    assert runner.invoke(args=["placement", "show", "--campaign", "9"]).exit_code == 2
    assert "с кодом или ссылкой: 1." in runner.invoke(args=["placement", "show", "--campaign", "1"]).stdout
