"""Backups: encrypted ones reveal any change, damaged ones are refused."""

import io
import json
import tarfile

import pytest

from scripts import archive, seal

SECRET = b"correct horse battery"


def sealed(content):
    """Encrypt bytes."""
    target = io.BytesIO()
    sealer = seal.Sealer(target, SECRET)
    sealer.write(content)
    sealer.close()
    return target.getvalue()


def opened(content, secret=SECRET):
    """Decrypt bytes."""
    return io.BufferedReader(seal.Opener(io.BytesIO(content), secret)).read()


@pytest.fixture
def folder(tmp_path):
    """Make the contents of a small backup."""
    found = tmp_path / "contents"
    (found / "filestore" / "ab").mkdir(parents=True)
    (found / "database.dump").write_bytes(b"rows" * 1000)
    (found / "filestore" / "ab" / "abcd").write_bytes(b"picture")
    (found / "manifest.json").write_text(json.dumps({"database": "demo"}))
    return found


@pytest.mark.parametrize("size", [0, 1, seal.CHUNK - 1, seal.CHUNK, seal.CHUNK + 1, 3 * seal.CHUNK])
def test_what_was_sealed_opens_as_it_was(size):
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert opened(sealed(content)) == content


def test_a_wrong_passphrase_opens_nothing():
    with pytest.raises(seal.Tampered, match="passphrase"):
        opened(sealed(b"secret"), b"another passphrase")


def test_one_changed_bit_anywhere_is_found():
    good = sealed(b"s" * 3000)
    for place in (len(seal.MAGIC), len(seal.MAGIC) + 20, 60, len(good) - 1):
        bad = bytearray(good)
        bad[place] ^= 1
        with pytest.raises(seal.Tampered):
            opened(bytes(bad))


@pytest.mark.parametrize("cut", [1, seal.CHUNK // 2 + seal.TAG, seal.CHUNK + seal.TAG])
def test_a_file_that_is_cut_off_is_found_even_between_two_chunks(cut):
    good = sealed(b"s" * (2 * seal.CHUNK + seal.CHUNK // 2))
    with pytest.raises(seal.Tampered):
        opened(good[:-cut])


def test_a_file_with_more_at_its_end_is_found():
    with pytest.raises(seal.Tampered):
        opened(sealed(b"s" * 100) + b"more")


def test_two_chunks_that_changed_places_are_found():
    good = sealed(b"a" * seal.CHUNK + b"b" * seal.CHUNK + b"c")
    start, size = len(seal.MAGIC) + 23, seal.CHUNK + seal.TAG
    first, second = good[start : start + size], good[start + size : start + 2 * size]
    with pytest.raises(seal.Tampered):
        opened(good[:start] + second + first + good[start + 2 * size :])


@pytest.mark.parametrize("secret", [None, SECRET])
def test_a_backup_holds_what_was_put_in(folder, tmp_path, secret):
    archive.pack(tmp_path / "b", folder, secret)
    target = tmp_path / "out"
    target.mkdir()
    archive.unpack(tmp_path / "b", target, secret)
    assert (target / "filestore/ab/abcd").read_bytes() == b"picture"
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0


def test_an_encrypted_backup_shows_nothing_of_its_content(folder, tmp_path):
    archive.pack(tmp_path / "b", folder, SECRET)
    content = (tmp_path / "b").read_bytes()
    assert b"picture" not in content and b"manifest" not in content


def test_a_file_that_was_changed_in_the_tar_is_found(folder, tmp_path):
    archive.pack(tmp_path / "b", folder)
    content = (tmp_path / "b").read_bytes().replace(b"picture", b"forgery")
    (tmp_path / "b").write_bytes(content)
    with pytest.raises(ValueError, match="abcd is not what was saved"):
        archive.unpack(tmp_path / "b", tmp_path / "out")


def test_a_tar_that_is_cut_off_is_refused(folder, tmp_path):
    archive.pack(tmp_path / "b", folder)
    content = (tmp_path / "b").read_bytes()
    (tmp_path / "b").write_bytes(content[:3000])
    with pytest.raises(ValueError, match="damaged"):
        archive.unpack(tmp_path / "b", tmp_path / "out")


@pytest.mark.parametrize("kind", ["outside", "link"])
def test_a_tar_that_would_write_elsewhere_is_refused(tmp_path, kind):
    with tarfile.open(tmp_path / "b", "w") as tar:
        member = tarfile.TarInfo("../evil" if kind == "outside" else "evil")
        if kind == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member, io.BytesIO())
    (tmp_path / "out").mkdir()
    with pytest.raises(ValueError, match="no backup of ours"):
        archive.unpack(tmp_path / "b", tmp_path / "out")
    assert not (tmp_path / "evil").exists()


def test_any_other_file_is_no_backup(tmp_path):
    (tmp_path / "b").write_text("hello")
    with pytest.raises(ValueError, match="no backup"):
        archive.unpack(tmp_path / "b", tmp_path / "out")


def test_an_encrypted_backup_asks_for_its_passphrase(folder, tmp_path):
    archive.pack(tmp_path / "b", folder, SECRET)
    with pytest.raises(ValueError, match="encrypted"):
        archive.unpack(tmp_path / "b", tmp_path / "out")


def test_a_backup_that_cannot_be_finished_leaves_no_file(folder, tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_add", full)
    with pytest.raises(OSError, match="space"):
        archive.pack(tmp_path / "b", folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contents"]
