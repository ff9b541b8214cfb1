"""/verify/: what a hash is, and a doubted file checked in the page; nothing of it is kept."""

import io
import json
import subprocess
import sys
from hashlib import sha256 as sha256_of
from typing import Any

import pypdfium2
import pytest
from build import TOKEN, a_release, an_inspection
from flask.testing import FlaskClient
from handing import a_ready_campaign
from sqlalchemy import delete
from standings import enclosed

from council import verifying
from documents.verify.file import verify_file
from nok.enclosed import canonical
from nok.verifying import verify
from surveys import frozen, qr, queries
from surveys.db import db, writing
from surveys.models import Inspection
from surveys.releases import Release


@pytest.fixture
def campaign_id(session) -> int:
    """Two organisations, approved and published."""
    made, _codes = a_ready_campaign()
    votes: dict[str, Any] = {"for": 5, "against": 1, "abstain": 0}
    a_release(made, number="7", held_on="2026-11-20", **votes)
    return made


def kept(campaign_id: int, version: int = 1) -> Release:
    """A release as it is stored."""
    db.session.rollback()
    found = frozen.release(db.session(), campaign_id, version)
    assert found is not None
    return found


def sent(client: FlaskClient, content: bytes, name: str = "файл.json") -> Any:
    """The form with a file, filled in and sent as a browser does."""
    found = TOKEN.search(client.get("/verify/").text)
    assert found is not None
    data = {"csrf_token": found[1], "file": (io.BytesIO(content), name)}
    return client.post("/verify/", data=data, content_type="multipart/form-data")


def test_a_printed_hash_says_what_it_is(page, campaign_id) -> None:
    release = kept(campaign_id)
    short, sha256 = release.short, release.sha256
    answer = page.get(f"/verify/{short}")
    assert answer.status_code == 200
    for words in (sha256, "действует", "протокол № 7", "20 ноября 2026", "За — 5, против — 1", "Поликлиники"):
        assert words in answer.text, words
    assert answer.headers["Cache-Control"] == "public, no-cache", "what is replaced says so at once"
    assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")
    again = page.get(f"/verify/{short}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_downloaded_bytes_have_the_printed_hash_and_recompute(client, campaign_id) -> None:
    release = kept(campaign_id)
    sha256 = release.sha256
    answer = client.get(f"/ratings/{campaign_id}/versions/1.json")
    report = verify(answer.data, sha256)
    assert report.differences == () and report.enclosed.sha256 == sha256


def test_branches_and_the_uninspected_are_recomputed_too(client, session) -> None:
    campaign_id, codes = a_ready_campaign(3)
    with writing() as pen:
        head, branch, bare = (queries.organization(pen, code) for code in codes)
        assert head and branch and bare
        branch.parent_id = head.id
        assessment = queries.assessment(pen, campaign_id, bare.id)
        assert assessment is not None
        pen.execute(delete(Inspection).where(Inspection.assessment_id == assessment.id))
    a_release(campaign_id)
    content = kept(campaign_id).content.encode()
    told = json.loads(content)["organizations"]
    assert [one["inspected"] for one in told].count(False) == 1
    assert [one["with_branches"]["codes"] for one in told if one["with_branches"]] == [[codes[1]]]
    report = verify(content)
    assert report.differences == () and not any("филиал" in note for note in report.notes)
    assert sum(not one.inspected for one in frozen.results(kept(campaign_id)).standings) == 1


def test_a_whole_hash_and_one_with_spaces_lead_to_the_short_address(client, campaign_id) -> None:
    release = kept(campaign_id)
    short, sha256 = release.short, release.sha256
    spaced = " ".join(sha256[at : at + 8] for at in range(0, 64, 8)).upper()
    for typed in (sha256, spaced, sha256[:20]):
        answer = client.get(f"/verify/{typed}")
        assert (answer.status_code, answer.location) == (302, f"/verify/{short}"), typed
    answer = client.get("/verify/", query_string={"hash": f" {spaced} "})
    assert answer.status_code == 302 and answer.location == f"/verify/{sha256}"
    almost = sha256[:-1] + ("0" if sha256[-1] != "0" else "1")
    assert client.get(f"/verify/{almost}").status_code == 404


def test_an_unknown_hash_has_a_page_that_says_what_to_do(page, campaign_id) -> None:
    for typed in ("0123456789ab", "нет", "../x", "<script>", "z" * 500):
        answer = page.get(f"/verify/{typed}")
        assert answer.status_code == 404
    assert "Такого выпуска нет" in page.get("/verify/0123456789ab").text
    assert "первые 12" in page.get("/verify/?hash=K7M4PX2D").text


def test_a_draft_of_the_council_is_unknown(client, campaign_id) -> None:
    a_release(campaign_id, published=False)
    assert client.get(f"/verify/{kept(campaign_id, 2).short}").status_code == 404
    assert "действует" in client.get(f"/verify/{kept(campaign_id).short}").text


def test_a_replaced_release_says_by_which_and_what_differs(page, session) -> None:
    campaign_id, codes = a_ready_campaign()
    a_release(campaign_id)
    short = kept(campaign_id).short
    before = page.get(f"/verify/{short}")
    assert "действует" in before.text
    an_inspection(campaign_id, codes[0], comfort=["a"])
    db.session.rollback()
    a_release(campaign_id, note="Исправлена проверка")
    text = page.get(f"/verify/{short}", headers={"If-None-Match": before.headers["ETag"]}).text
    assert "заменён" in text and "Действует другой выпуск" in text
    assert f"/verify/{kept(campaign_id, 2).short}" in text
    assert "80,00" in text and "20,00" in text and "2.1" in text
    assert "Исправлена проверка" in page.get(f"/verify/{kept(campaign_id, 2).short}").text


def test_the_published_file_agrees_in_the_page(page, campaign_id) -> None:
    content = kept(campaign_id).content.encode()
    answer = sent(page, content)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert "Сошлась каждая цифра" in answer.text
    assert "Цифры те же, что в опубликованном выпуске" in answer.text


def test_a_falsified_file_is_named_and_is_no_release_of_ours(page, campaign_id) -> None:
    told = json.loads(kept(campaign_id).content)
    told["organizations"][0]["result"]["total"]["printed"] = "99.99"
    answer = sent(page, canonical(told))
    assert "Не всё сошлось" in answer.text
    assert "итог: в файле 99,99, по счётам" in answer.text
    assert "такого нет" in answer.text


def test_counts_made_up_so_that_figures_agree_are_no_figures_of_the_release(page, session) -> None:
    campaign_id, codes = a_ready_campaign()
    a_release(campaign_id)
    year = json.loads(kept(campaign_id).content)["campaign"]["year"]
    answer = page.get(f"/o/{codes[0]}/results/{year}.json")
    assert "Цифры те же, что в опубликованном выпуске" in sent(page, answer.data).text
    told = json.loads(answer.data)
    an_inspection(campaign_id, codes[0], comfort=["a"])
    db.session.rollback()
    a_release(campaign_id, published=False)
    other = json.loads(kept(campaign_id, 2).content)
    told["organization"] = next(one for one in other["organizations"] if one["code"] == codes[0])
    text = sent(page, canonical(told)).text
    assert "Файл называет опубликованный выпуск, но совпадает с ним не всё" in text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Выберите файл"),
        (b"{", "обрывается"),
        (b"%PDF-1.7 x", "не открывается"),
        (b"PK\x03\x04", "Excel"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words(page, campaign_id, content, words) -> None:
    answer = sent(page, content)
    assert answer.status_code == 400 and words in answer.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_page_is_bounded(page, session, monkeypatch) -> None:
    monkeypatch.setattr(verifying, "MOST_BYTES", 100)
    answer = sent(page, b"x" * 101)
    assert answer.status_code == 413 and "у себя" in answer.text
    monkeypatch.setattr(verifying, "PER_MINUTE", "0 per minute")
    assert sent(page, b"{}").status_code == 429
    kind = "multipart/form-data; boundary=x"
    assert page.post("/verify/", data=b"x" * 20_000_000, content_type=kind).status_code == 413


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_program_from_the_page_recomputes_on_a_bare_python(client, campaign_id, tmp_path) -> None:
    answer = client.get("/verify/nok.pyz")
    assert answer.status_code == 200 and len(answer.data) < 200_000
    (tmp_path / "nok.pyz").write_bytes(answer.data)
    (tmp_path / "release.json").write_bytes(client.get(f"/ratings/{campaign_id}/versions/1.json").data)
    run = [sys.executable, "-I", "-S", "nok.pyz", "verify", "release.json"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    assert "Сошлось всё" in done.stdout.decode()
    told = (tmp_path / "release.json").read_bytes()
    (tmp_path / "release.json").write_bytes(told.replace(b'"printed":"87.', b'"printed":"97.', 1))
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode == 1 and "в файле 97," in done.stdout.decode()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_from_the_paper_to_the_recomputed_number(page, session) -> None:
    """The journalist's way: the code on the sheet, the page behind it, the file, every figure counted anew."""
    campaign_id, codes = a_ready_campaign()
    a_release(campaign_id, number="7", held_on="2026-11-20")
    release = kept(campaign_id)
    short, sha256 = release.short, release.sha256
    year = json.loads(release.content)["campaign"]["year"]
    paper = page.get(f"/ratings/{campaign_id}.pdf").data
    own = page.get(f"/o/{codes[0]}/results/{year}.pdf").data
    for pdf in (paper, own):
        sheet = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
        (address,) = qr.decode(sheet)
        assert address == f"http://127.0.0.1:8000/verify/{short}"
        words = " ".join(short[at : at + 4] for at in range(0, 12, 4))
        assert words in pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
        assert verify_file(pdf, sha256).differences == ()
    assert sha256_of(enclosed(paper, "release.json")).hexdigest() == sha256
    assert sha256 in page.get(address.removeprefix("http://127.0.0.1:8000")).text
    for pdf in (paper, own):
        text = sent(page, pdf, "итог.pdf").text
        assert "Сошлась каждая цифра" in text and "Цифры те же, что в опубликованном выпуске" in text
