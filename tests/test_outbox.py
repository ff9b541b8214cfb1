"""The outbox of a device without a network (static/js/store.js) and its sender, in a real browser."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser import PHONE, opened
from corridor import trying
from playwright.sync_api import Browser, Page, Route

READY = """async () => {
  window.box = await import('/static/js/store.js');
  window.out = await import('/static/js/sender.js');
  window.store = await box.openStore('test');
  window.lay = (more = {}) => store.put({owner: 'ivanova', kind: 'visit', body: {said: 'да'}, ...more});
}"""
Do = Callable[..., Any]


def ready(page: Page, live_server: str) -> Page:
    """A page of ours that does nothing, with the two modules at hand."""
    page.goto(f"{live_server}/health")
    page.evaluate(READY)
    return page


@pytest.fixture
def here(browser: Browser, live_server: str) -> Iterator[Page]:
    with trying(browser, live_server, "/way/", **PHONE) as page:
        yield ready(page, live_server)


@pytest.fixture
def do(here: Page) -> Do:
    """Runs lines of JavaScript and gives what they return."""
    return lambda lines, given=None: here.evaluate(f"async (given) => {{ {lines} }}", given)


def test_what_was_laid_is_there_after_the_page_is_gone(here, do, live_server) -> None:
    key = do("return lay({brief: {name: 'Поликлиника'}})")
    assert len(key) == 32
    ready(here, live_server)
    found = do("return store.get(given)", key)
    assert (found["body"], found["brief"], found["state"]) == (
        {"said": "да"},
        {"name": "Поликлиника"},
        "open",
    )
    assert do("return (await store.entries('ivanova'))[0].body === undefined"), "a list is light"


def test_an_entry_is_laid_once_however_often_its_key_comes(do) -> None:
    do("await lay({key: 'a'}); await lay({key: 'a', body: {said: 'нет'}})")
    assert do("return (await store.get('a')).body.said") == "да"
    assert do("return (await store.counts('ivanova')).open") == 1


def test_two_hands_on_one_entry_lose_nothing(do) -> None:
    said = do("""
      const key = await lay({body: {}});
      const other = await box.openStore('test');
      await Promise.all(Array.from({length: 40}, (_, n) => (
        (n % 2 ? store : other).change(key, (body) => { body[n] = true; }))));
      return Object.keys((await store.get(key)).body).length""")
    assert said == 40


def test_a_change_in_one_tab_is_heard_in_another(do) -> None:
    heard = do("""
      const other = await box.openStore('test');
      const told = new Promise((resolve) => other.watch(resolve));
      const key = await lay();
      return [await told, key]""")
    assert heard[0] == heard[1]


def test_entries_are_their_owners(do) -> None:
    do("await lay(); await lay({owner: 'petrov', state: 'waiting'}); await lay({owner: 'petrov'})")
    assert do("return (await store.entries('ivanova')).length") == 1
    assert do("return store.next('ivanova')") is None
    assert do("return store.ofOthers('ivanova')") == 2
    assert do("return store.ofOthers('petrov')") == 1
    exported = do("return new Blob(await store.exportUnsent('ivanova')).text()")
    assert len(exported.splitlines()) == 2


def test_what_follows_waits_for_what_it_follows(do) -> None:
    do("await lay({key: 'photo', kind: 'photo', rank: 1, after: 'visit'}); await lay({key: 'visit'})")
    do("await store.release('visit')")
    assert do("return (await store.next('ivanova')).key") == "visit"
    do("await store.refuse('visit', 2, ['Кампания закрыта'])")
    assert do("return store.next('ivanova')") is None, "a photo without its visit is not sent"
    do("await store.release('visit'); await store.markSent('visit', 3, {version: 4})")
    assert do("return (await store.next('ivanova')).key") == "photo"
    assert do("return (await store.get('visit')).base") == 4


def test_a_sent_entry_leaves_its_body_and_keeps_its_trace(do) -> None:
    do("await lay({key: 'a', state: 'waiting'}); await store.markSent('a', 1)")
    found = do("return store.get('a')")
    assert (found["state"], found.get("body")) == ("sent", None)
    assert do("return store.change('a', (body) => { body.said = 'нет'; }).then(() => 'ok', (e) => e.name)")
    assert do("return store.forgetSent('ivanova', Date.now() + 1)") == 1


def test_what_is_changed_on_its_way_is_not_taken_for_sent(do) -> None:
    do("await lay({key: 'a', state: 'waiting'}); await store.change('a', (body) => { body.said = 'нет'; })")
    do("await store.markSent('a', 1, {version: 7})")
    found = do("return store.get('a')")
    assert (found["state"], found["base"], found["body"]) == ("waiting", 7, {"said": "нет"})


def test_an_older_store_is_brought_up_and_keeps_everything(do) -> None:
    do("await lay({key: 'a', body: new Uint8Array([1, 2, 3]).buffer})")
    told = do("""
      let asked = false;
      store.close();
      const first = await box.openStore('test', {outdated: () => { asked = true; }});
      const steps = [...box.STEPS, (database) => database.createObjectStore('later')];
      const newer = await box.openStore('test', {steps});
      const body = (await newer.get('a')).body;
      return [asked, new Uint8Array(body).length, await box.openStore('test').catch((e) => e.constructor.name)]""")
    assert told == [True, 3, "Outdated"], (
        "an old page steps aside, says so, and cannot come back over the newer"
    )


def test_a_full_storage_is_named_and_nothing_half_done(here, do) -> None:
    session = here.context.new_cdp_session(here)
    origin = here.evaluate("location.origin")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 3_000_000})
    said = do("""
      await lay({key: 'small'});
      for (let n = 0; n < 40; n += 1) {
        const body = new Uint8Array(655360);
        for (let at = 0; at < body.length; at += 65536) crypto.getRandomValues(body.subarray(at, at + 65536));
        try { await lay({key: `big ${n}`, kind: 'photo', body: body.buffer}); }
        catch (error) { return [error instanceof box.NoRoom, n, (await store.entries('ivanova')).length]; }
      }
      return 'no end'""")
    assert said[0] is True
    assert said[2] == said[1] + 1, "what did not fit left no trace, what was written stays"


def test_an_export_carries_the_bytes(do) -> None:
    do("await lay({key: 'a', body: {photo: new Uint8Array([255, 0, 7]).buffer, list: [1, null]}})")
    header, line = map(
        json.loads,
        do("return new Blob(await store.exportUnsent('ivanova', {name: 'Иванова'})).text()").splitlines(),
    )
    assert header == {"format": 1, "owner": "ivanova", "entries": 1, "name": "Иванова"}
    assert line["body"] == {"photo": {"base64": "/wAH"}, "list": [1, None]}


@pytest.mark.slow
def test_ten_thousand_entries_are_no_burden(do) -> None:
    told = do("""
      const began = performance.now();
      for (let lot = 0; lot < 100; lot += 1) {
        await Promise.all(Array.from({length: 100}, () => lay({state: 'waiting', body: 'y'.repeat(2000)})));
      }
      const laid = performance.now();
      const counts = await store.counts('ivanova');
      const counted = performance.now();
      for (let n = 0; n < 50; n += 1) {
        const entry = await store.next('ivanova');
        await store.markSent(entry.key, entry.revision);
      }
      return {laid: (laid - began) / 10000, counts, counted: counted - laid,
              sent: (performance.now() - counted) / 50, left: (await store.counts('ivanova')).waiting}""")
    assert told["counts"]["waiting"] == 10_000
    assert told["left"] == 9_950
    assert told["counted"] < 1_000
    assert told["sent"] < 500


class Server:
    """What the other side answers, one after another; the last answer repeats."""

    def __init__(self, page: Page) -> None:
        self.heard: list[str] = []
        self.answers: list[dict[str, Any]] = [{}]
        self.user = "ivanova"
        page.route("**/way/**", self.answer)

    def answer(self, route: Route) -> None:
        address = route.request.url
        if address.endswith("/state"):
            self.heard.append("state")
            route.fulfill(json={"token": "fresh", "user": {"id": self.user}})
            return
        key = address.rsplit("/", 1)[1]
        assert route.request.headers["x-csrftoken"] == "fresh"
        self.heard.append(key)
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if told.get("abort"):
            route.abort("connectionreset")
            return
        body = {"key": key, "outcome": "sent", "version": 1, **told.get("json", {})}
        route.fulfill(
            status=told.get("status", 200), **({"body": told["body"]} if "body" in told else {"json": body})
        )


@pytest.fixture
def server(here: Page) -> Server:
    made = Server(here)
    here.evaluate("""() => {
      window.sender = new out.Sender(store, {
        state: '/way/state', owner: () => 'ivanova', said: (way) => { window.way = way; },
        routes: {visit: (entry) => ({url: `/way/${entry.key}`, body: JSON.stringify(entry.body)})},
      });
    }""")
    return made


def test_waiting_entries_go_one_by_one_in_their_order(do, server) -> None:
    do("for (const key of ['a', 'b', 'c']) await lay({key, state: 'waiting', at: 1})")
    assert do("return sender.now()") == "online"
    assert server.heard[0] == "state"
    assert sorted(server.heard[1:]) == ["a", "b", "c"]
    assert do("return store.counts('ivanova')")["sent"] == 3


@pytest.mark.parametrize(
    ("answer", "way", "state"),
    [
        ({"json": {"outcome": "repeated"}}, "online", "sent"),
        ({"status": 422, "json": {"outcome": "refused", "reasons": ["Закрыто"]}}, "online", "refused"),
        ({"status": 409, "json": {"outcome": "conflict", "theirs": {"version": 2}}}, "online", "conflict"),
        ({"status": 500, "body": "boom"}, "down", "waiting"),
        ({"status": 429, "body": "slow"}, "down", "waiting"),
        ({"abort": True}, "offline", "waiting"),
        ({"status": 200, "body": "<h1>Заплатите за Wi-Fi</h1>"}, "offline", "waiting"),
        ({"json": {"key": "another"}}, "offline", "waiting"),
        ({"status": 403, "body": "no"}, "not-allowed", "waiting"),
    ],
)
def test_each_answer_is_taken_for_what_it_is(do, server, here, answer, way, state) -> None:
    server.answers = [answer]
    do("await lay({key: 'a', state: 'waiting'})")
    assert do("return sender.now()") == way
    do("clearTimeout(sender.timer)")
    assert do("return (await store.get('a')).state") == state
    assert do("return (await store.get('a')).body !== undefined") is (state != "sent")


def test_a_stumble_over_one_entry_does_not_hold_the_others(do, server) -> None:
    server.answers = [{"status": 500, "body": "boom"}, {}]
    do("for (const key of ['a', 'b', 'c']) await lay({key, state: 'waiting'})")
    assert do("return sender.now()") == "down"
    assert do("return store.counts('ivanova')")["sent"] == 2
    assert do("return (await store.entries('ivanova', ['waiting']))[0].tries") == 1
    do("clearTimeout(sender.timer)")


def test_a_server_that_is_down_is_not_knocked_at_by_every_entry(do, server) -> None:
    server.answers = [{"status": 503, "body": "down"}]
    do("for (let n = 0; n < 30; n += 1) await lay({state: 'waiting'})")
    assert do("return sender.now()") == "down"
    assert len(server.heard) == 1 + 4
    do("clearTimeout(sender.timer)")


def test_a_lost_answer_is_asked_again_under_the_same_key(do, server) -> None:
    server.answers = [{"abort": True}, {"json": {"outcome": "repeated"}}]
    do(
        "await lay({key: 'a', state: 'waiting'}); await sender.now(); clearTimeout(sender.timer); await sender.now()"
    )
    assert server.heard == ["state", "a", "state", "a"]
    assert do("return (await store.get('a')).state") == "sent"


def test_a_stale_token_is_renewed_once(do, server) -> None:
    server.answers = [{"status": 400, "json": {"outcome": "token"}}, {}]
    do("await lay({key: 'a', state: 'waiting'})")
    assert do("return sender.now()") == "online"
    assert server.heard == ["state", "a", "state", "a"]


def test_nothing_is_sent_in_another_persons_name(do, server) -> None:
    server.user = "petrov"
    do("await lay({key: 'a', state: 'waiting'})")
    assert do("return sender.now()") == "somebody-else"
    assert server.heard == ["state"]


def test_two_tabs_send_each_entry_once(do, server) -> None:
    do("for (let n = 0; n < 20; n += 1) await lay({key: `k${n}`, state: 'waiting'})")
    do("""
      const options = {state: '/way/state', owner: () => 'ivanova', routes: sender.routes};
      const other = new out.Sender(await box.openStore('test'), options);
      await Promise.all([sender.now(), other.now(), sender.now()])""")
    sent = [key for key in server.heard if key != "state"]
    assert len(sent) == len(set(sent)) == 20


def test_pauses_grow_and_never_pass_five_minutes(do) -> None:
    pauses = do("return [0, 1, 2, 3, 20].map((tries) => out.pause(tries, 0.5))")
    assert pauses == [2_000, 4_000, 8_000, 16_000, 300_000]


def test_without_a_network_nobody_is_asked(browser: Browser, live_server: str) -> None:
    with opened(browser, live_server, **PHONE) as page:
        ready(page, live_server)
        server = Server(page)
        page.evaluate("""() => { window.sender = new out.Sender(store, {state: '/way/state', owner: () => 'ivanova',
          routes: {visit: (entry) => ({url: `/way/${entry.key}`, body: ''})}}); }""")
        page.context.set_offline(True)
        assert page.evaluate("lay({state: 'waiting'}).then(() => sender.now())") == "offline"
        assert server.heard == []
