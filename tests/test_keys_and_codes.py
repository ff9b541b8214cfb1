"""Form keys and public codes, and the page that carries a key."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import codes, keys
from surveys.page import KEY_MARK, KeyedPage, style_source
from surveys.refusals import BadKey

SECRET = b"s" * 32


def test_a_key_opens_for_its_own_organisation_only():
    key = keys.minted(SECRET, "K7M4PX2D").decode()
    assert keys.opened(SECRET, "K7M4PX2D", key) == keys.opened(SECRET, "K7M4PX2D", key)
    for secret, code in ((SECRET, "K7M4PX2E"), (b"t" * 32, "K7M4PX2D")):
        with pytest.raises(BadKey):
            keys.opened(secret, code, key)


def test_no_two_forms_have_one_key():
    opened = {keys.opened(SECRET, "K7M4PX2D", keys.minted(SECRET, "K7M4PX2D").decode()) for _ in range(1000)}
    assert len(opened) == 1000


@given(st.text(max_size=60))
def test_any_other_text_is_refused(text):
    with pytest.raises(BadKey):
        keys.opened(SECRET, "K7M4PX2D", text)


def test_a_key_with_one_letter_changed_is_refused():
    key = keys.minted(SECRET, "K7M4PX2D").decode()
    for at in range(len(key)):
        changed = key[:at] + ("A" if key[at] != "A" else "B") + key[at + 1 :]
        with pytest.raises(BadKey):
            keys.opened(SECRET, "K7M4PX2D", changed)


def test_codes_have_no_look_alikes():
    assert not set("0O1ILQBSGZV") & set(codes.ALPHABET)
    assert all(set(codes.fresh()) <= set(codes.ALPHABET) for _ in range(200))


@pytest.mark.parametrize("typed", ["k7m4px2d", " K7M4 PX2D ", "К7М4РХ2D", "k7m4-px2d"])
def test_a_code_is_understood_as_it_was_meant(typed):
    assert codes.typed(typed) == "K7M4PX2D"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=500))
def test_a_compressed_page_with_a_key_is_the_page_with_the_key(text):
    text = text.replace(KEY_MARK, "")
    page = KeyedPage(f"{text}<input value={KEY_MARK}></html>")
    assert gzip.decompress(page.gzipped(b"key-1")) == page.plain(b"key-1")
    assert page.plain(b"key-2") == f"{text}<input value=key-2></html>".encode()


def test_the_compressed_page_is_about_as_small_as_gzip_makes_it():
    html = "".join(f"<p>вопрос {number}</p>" for number in range(500)) + f"<i>{KEY_MARK}</i>"
    page = KeyedPage(html)
    assert len(page.gzipped(b"k" * 32)) < 1.05 * len(gzip.compress(page.plain(b"k" * 32), 9)) + 100
    assert zlib.decompress(page.gzipped(b"k"), 31)


def test_a_page_without_a_place_for_the_key_is_refused():
    with pytest.raises(ValueError, match="unpack"):
        KeyedPage("<p>no key</p>")


def test_a_style_is_named_as_the_browser_names_it():
    assert style_source("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
