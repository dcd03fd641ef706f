"""Keys: what is sealed opens again, with the right key only, and is never silently something else."""

from __future__ import annotations

import base64
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wegmarke.sealing.keys import KEY_BYTES, MAGIC, TEXT, Keyring, SealedError, keyring, parsed

OLD, NEW = Keyring([b"o" * KEY_BYTES]), Keyring([b"n" * KEY_BYTES, b"o" * KEY_BYTES])


@given(st.binary())
def test_what_is_sealed_opens_again_and_looks_different_each_time(content):
    one, other = OLD.seal(content), OLD.seal(content)
    assert OLD.open(one) == OLD.open(other) == content
    assert one != other


@given(st.text())
def test_any_text_opens_as_it_was_sealed(text):
    assert OLD.open_text(OLD.seal_text(text)) == text


def test_a_new_key_opens_what_older_ones_sealed_and_an_older_one_nothing_new():
    assert NEW.open(OLD.seal(b"x")) == b"x"
    with pytest.raises(SealedError, match="not among the keys"):
        OLD.open(NEW.seal(b"x"))


@given(st.integers(min_value=len(MAGIC) + 4, max_value=40), st.integers(0, 7))
def test_a_changed_value_is_not_opened(at, bit):
    sealed = bytearray(OLD.seal(b"some content"))
    sealed[at % len(sealed)] ^= 1 << bit
    if at % len(sealed) >= len(MAGIC) + 4:
        with pytest.raises(SealedError, match="changed"):
            OLD.open(bytes(sealed))


@pytest.mark.parametrize("text", ["", "plain", f"{TEXT}ÄÖ", f"{TEXT}abc", f"{TEXT}AAAA", TEXT])
def test_texts_that_were_never_sealed_stay_as_they_are(text):
    assert OLD.open_text(text) == text


@pytest.mark.parametrize("text", ["", "short", "x" * 44, "ä" * 43])
def test_keys_of_the_wrong_size_are_refused(text):
    with pytest.raises(ValueError, match="32 bytes"):
        parsed(text)


def test_the_first_use_makes_a_key_only_its_owner_can_read(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("WEGMARKE_FIELD_KEY", raising=False)
    settings.DATA_DIR = tmp_path
    sealed = keyring().seal(b"x")
    file = tmp_path / "field.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["field.key"]
    assert Keyring(parsed(file.read_text())).open(sealed) == b"x"


def test_a_key_of_the_environment_counts_before_the_file(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setenv("WEGMARKE_FIELD_KEY", base64.urlsafe_b64encode(b"o" * KEY_BYTES).decode())
    assert OLD.open(keyring().seal(b"x")) == b"x"
    assert not (tmp_path / "field.key").exists()
