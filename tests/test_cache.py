"""The cache keeps what it is given, and nothing that was touched."""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from publisher.cache import SELDOM, Cache, cache_folder, digest_of


def test_what_is_put_is_got(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    key = digest_of("a", b"b")
    assert cache.get(key) is None
    assert cache.put(key, b"words")
    assert Cache(tmp_path).get(key) == b"words"
    assert cache.size() >= len(b"words")


def test_parts_do_not_run_together() -> None:
    assert digest_of("ab", "c") != digest_of("a", "bc")
    assert digest_of("ab") == digest_of(b"ab")


def test_a_damaged_entry_is_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    key, other = digest_of("a"), digest_of("b")
    cache.put(key, b"words")
    cache.put(other, b"others")
    path, elsewhere = (tmp_path / k[:2] / k for k in (key, other))
    moved = elsewhere.read_bytes()
    path.write_bytes(moved)
    assert cache.get(key) is None
    assert not path.exists()
    elsewhere.write_bytes(moved[:-1])
    assert cache.get(other) is None


def test_the_least_used_go_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, most_bytes=2_600)
    keys = [digest_of(str(n)) for n in range(4)]
    for age, key in enumerate(keys):
        cache.put(key, bytes(1_000))
        old = time.time() - 100_000 * (4 - age)
        os.utime(tmp_path / key[:2] / key, (old, old))
    assert cache.get(keys[0]) is not None  # a use makes it young again
    cache.prune(keep=[keys[1]])
    assert [cache.has(key) for key in keys] == [True, True, False, False]
    assert cache.size() <= 2_600


def test_all_there_is_is_looked_at_once_in_a_while(tmp_path: Path) -> None:
    cache = Cache(tmp_path, most_bytes=3_200)

    def put(name: str, added: int) -> bool:
        """Whether the oldest entry went when that much had been put."""
        cache.put(digest_of(name), bytes(1_000))
        old = time.time() - 200_000
        os.utime(tmp_path / digest_of(name)[:2] / digest_of(name), (old, old))
        before = cache.size()
        cache.tidy(added=added)
        return cache.size() < before

    assert [put(name, 30) for name in "abcd"] == [False] * 4  # the first look found three to fit
    assert put("e", 40)  # much was added
    put("f", 30)
    put("g", 30)
    for seconds in (-SELDOM - 10, 10):  # long ago, or the clock was put back
        cache.put(digest_of("h"), bytes(1_000))
        then = time.time() + seconds
        os.utime(tmp_path / ".tidied", (then, then))
        cache.tidy(added=30)
        assert cache.size() <= 3_200
    cache.clear()
    assert list(tmp_path.rglob("*.*")) == []


def test_clear_leaves_what_is_not_ours(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(digest_of("a"), b"words")
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    assert cache.clear() > 0
    assert cache.size() == 0
    assert (tmp_path / "letter.txt").read_text("utf-8") == "mine"


def test_two_builds_at_once(tmp_path: Path) -> None:
    keys = [digest_of(str(n % 5)) for n in range(200)]

    def use(key: str) -> bytes | None:
        Cache(tmp_path).put(key, key.encode() * 1_000)
        return Cache(tmp_path).get(key)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(use, keys)) == [key.encode() * 1_000 for key in keys]
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()]


def test_a_folder_that_cannot_be_written_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    cache = Cache(tmp_path / "file")
    assert not cache.put(digest_of("a"), b"words")
    assert cache.get(digest_of("a")) is None
    assert cache.size() == cache.clear() == cache.prune() == 0


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has a place of its own")
def test_where_the_cache_is() -> None:
    assert cache_folder({"PUBLISHER_CACHE": "/a/b"}) == Path("/a/b")
    assert cache_folder({"XDG_CACHE_HOME": "/c"}) == Path("/c/publisher")
    for nothing in ({}, {"XDG_CACHE_HOME": ""}, {"XDG_CACHE_HOME": "c"}):
        assert cache_folder(nothing) == Path.home() / ".cache" / "publisher"
