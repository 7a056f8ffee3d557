"""Images by their first bytes."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from patience import comes_to_an_end
from PIL import Image, ImageFile

from publisher.problem import Problem
from publisher.vault.kinds import media_type
from publisher.vault.picture import Picture, book_type, extension, inspect
from publisher.vault.scan import Asset


def inspected(root: Path, name: str, content: bytes) -> Picture | Problem:
    (root / name).write_bytes(content)
    return inspect(str(root), Asset(name, media_type(name), len(content)))


def painted(kind: str, size: tuple[int, int] = (7, 5), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (90, 20, 40)).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "kind", "type_", "in_book"),
    [
        ("a.png", "PNG", "image/png", "image/png"),
        ("a.jpg", "JPEG", "image/jpeg", "image/jpeg"),
        ("a.JPEG", "JPEG", "image/jpeg", "image/jpeg"),
        ("a.gif", "GIF", "image/gif", "image/gif"),
        ("a.webp", "WEBP", "image/webp", "image/webp"),
        ("a.avif", "AVIF", "image/avif", "image/png"),
        ("a.bmp", "BMP", "image/bmp", "image/png"),
        ("a.tiff", "TIFF", "image/tiff", "image/png"),
    ],
)
def test_img_formats(tmp_path: Path, name: str, kind: str, type_: str, in_book: str) -> None:
    found = inspected(tmp_path, name, painted(kind))
    assert found == Picture(name, type_, 7, 5)
    assert found.book_type == book_type(type_) == in_book


def test_what_it_is_counts_not_its_name(tmp_path: Path) -> None:
    found = inspected(tmp_path, "photo.jpg", painted("PNG"))
    assert found == Picture("photo.jpg", "image/png", 7, 5)
    assert extension("image/png") == "png"


def test_a_photo_taken_upright_is_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = inspected(tmp_path, "a.jpg", painted("JPEG", exif=exif))
    assert found == Picture("a.jpg", "image/jpeg", 5, 7)


NS = 'xmlns="http://www.w3.org/2000/svg"'


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        (f'<svg {NS} width="40" height="30"/>', (40, 30)),
        (f'<svg {NS} width="40px" height="30.4px"/>', (40, 30)),
        (f'<svg {NS} width="1in" height="25.4mm"/>', (96, 96)),
        (f'<svg {NS} viewBox="0 0 200 100"/>', (200, 100)),
        (f'<svg {NS} viewBox="0,0,200,100" width="100"/>', (100, 50)),
        (f'<svg {NS} viewBox="0 0 200 100" height="10"/>', (20, 10)),
        (f'<svg {NS} viewBox="0 0 200 100" width="100%" height="100%"/>', (200, 100)),
        (f'<svg {NS} viewBox="-5 -5 10 20"/>', (10, 20)),
        (f'<svg {NS} viewBox="0 0 0 0"/>', (0, 0)),
        (f'<svg {NS} width="x" height="1e999"/>', (0, 0)),
        (f"<svg {NS}/>", (0, 0)),
        ('<svg width="4" height="3"/>', (4, 3)),
        (f'<?xml version="1.0"?><!-- c --><svg {NS} width="4" height="3"/>', (4, 3)),
    ],
)
def test_svg_sizes(tmp_path: Path, svg: str, size: tuple[int, int]) -> None:
    assert inspected(tmp_path, "a.svg", svg.encode()) == Picture("a.svg", "image/svg+xml", *size)


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


BOMB = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.png", b"this is no image"),
        ("empty.png", b""),
        ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00"),
        ("page.jpg", b"<html></html>"),
        ("huge.png", png_of(60_000, 60_000)),
        ("large.png", png_of(12_000, 12_000)),
        ("none.png", png_of(0, 5)),
        ("drawing.png", f'<svg {NS} width="1" height="1"/>'.encode()),
        ("broken.svg", b"<svg"),
        ("empty.svg", b""),
        ("page.svg", b"<html/>"),
        ("photo.svg", b"\x89PNG\r\n\x1a\n"),
        ("script.ps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n"),
        ("fat.svg", f"<svg {NS}>".encode() + b" " * (9 << 20) + b"</svg>"),
    ],
)
def test_what_is_no_image_is_a_problem(tmp_path: Path, name: str, content: bytes) -> None:
    with comes_to_an_end():
        found = inspected(tmp_path, name, content)
    assert isinstance(found, Problem)
    assert (found.code, str(found.at)) == ("image-unreadable", name)
    assert "\n" not in found.message


def noisy(kind: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((120, 90), 60).convert("RGB").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP"])
def test_half_a_picture_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, lenient: bool
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)  # as WeasyPrint sets it
    content = noisy(kind)
    name = f"a.{kind.lower()}"
    assert isinstance(inspected(tmp_path, name, content), Picture)
    found = inspected(tmp_path, name, content[: len(content) // 2])
    assert isinstance(found, Problem)
    assert (found.code, str(found.at)) == ("image-unreadable", name)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is lenient


def test_what_follows_a_whole_picture_is_no_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("JPEG", "PNG"):
        found = inspected(tmp_path, f"a.{kind.lower()}", noisy(kind) + b"maker's notes" * 99)
        assert isinstance(found, Picture)
    contents = {kind: noisy(kind) for kind in ("JPEG", "PNG", "GIF", "WEBP")}
    monkeypatch.setattr(ImageFile.ImageFile, "load", None)  # what ends as it should is not decoded
    for kind, content in contents.items():
        assert isinstance(inspected(tmp_path, f"b.{kind.lower()}", content), Picture)


def test_entities_are_neither_fetched_nor_expanded(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("42")
    outside = f'<!DOCTYPE svg [<!ENTITY s SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    found = inspected(tmp_path, "a.svg", f'{outside}<svg {NS} width="9">&s;</svg>'.encode())
    assert isinstance(found, Problem) or (found.width, found.height) == (9, 0)
    with comes_to_an_end():
        inspected(tmp_path, "b.svg", f"{BOMB}]><svg {NS}><text>&i;</text></svg>".encode())
        inspected(tmp_path, "c.svg", f'{BOMB}]><svg {NS} width="&i;"/>'.encode())


def test_a_missing_or_foreign_file_is_a_problem(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    (tmp_path / "outside.png").write_bytes(painted("PNG"))
    (root / "link.png").symlink_to(tmp_path / "outside.png")
    for path in ("gone.png", "../outside.png", "link.png"):
        found = inspect(str(root), Asset(path, "image/png", 1))
        assert isinstance(found, Problem)
        assert found.code == "image-unreadable"
