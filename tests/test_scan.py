"""The vault as files, good and bad."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from pathlib import Path

import pytest
from patience import comes_to_an_end

from publisher.problem import Problem, SetupError
from publisher.vault.decoding import decode_text
from publisher.vault.scan import MAX_NOTE, Asset, Vault, open_inside, read_asset, scan


def vault_of(root: Path, files: dict[str, str | bytes]) -> Path:
    for path, content in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def scanned(root: Path, files: dict[str, str | bytes]) -> tuple[Vault, tuple[Problem, ...]]:
    return scan(vault_of(root, files))


def told(problems: tuple[Problem, ...]) -> list[str]:
    return sorted(f"{problem.at}: {problem.code}" for problem in problems)


def test_vault_index_leaves_out_dot_folders(tmp_path: Path) -> None:
    vault, problems = scanned(
        tmp_path,
        {
            "A.md": "a",
            "Sub/B.md": "b",
            ".trash/C.md": "c",
            ".obsidian/D.md": "d",
            "Sub/.hidden.md": "e",
            "node_modules/x/README.md": "f",
            "pic.PNG": b"x",
            "Sub/board.canvas": "{}",
            "no-ending": "x",
        },
    )
    assert [file.path for file in vault.files] == ["A.md", "Sub/B.md"]
    assert [(asset.path, asset.media_type, asset.size) for asset in vault.assets] == [
        ("Sub/board.canvas", "application/json", 2),
        ("no-ending", "application/octet-stream", 1),
        ("pic.PNG", "image/png", 1),
    ]
    assert problems == ()


def test_note_name_is_a_file_with_md_in_any_case(tmp_path: Path) -> None:
    vault, _ = scanned(tmp_path, {"A.md": "", "B.MD": "", "C.Md": "", "D.markdown": "", "md": ""})
    assert [file.path for file in vault.files] == ["A.md", "B.MD", "C.Md"]


@pytest.mark.parametrize(
    "name",
    [
        "Light No. 7.5", "St. Brannoc", "It's", "It’s", "“Q”", "a (b), c", "R & D", "C++", "100%",
        "Why!", "a=b;c", "Fog 🌫", "霧", "Ægir", "[x]", "a'b\"c", "~tilde", "$x", "#h", " two  blanks",
    ],
)  # fmt: skip
def test_name_chars_and_name_dots(tmp_path: Path, name: str) -> None:
    vault, problems = scanned(tmp_path, {f"{name}.md": "text"})
    assert [file.path for file in vault.files] == [f"{name}.md"]
    assert problems == ()


def test_empty_note_is_a_note(tmp_path: Path) -> None:
    vault, problems = scanned(tmp_path, {"Empty.md": ""})
    assert vault.files[0].text == ""
    assert vault.files[0].digest == hashlib.sha256(b"").hexdigest()
    assert problems == ()


def test_nfc_orders_and_the_disk_spells(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "École.md")
    vault, _ = scanned(tmp_path, {decomposed: "x", "Ecru.md": "y", "École/B.md": "z"})
    # Composed or not, É comes after E; a folder comes before a file of its name.
    assert [file.path for file in vault.files] == ["Ecru.md", "École/B.md", decomposed]


def test_the_order_does_not_depend_on_the_disk(tmp_path: Path) -> None:
    names = ["b/x.md", "a/y.md", "a b/z.md", "a.md", "B.md", "a/x.md"]
    one, _ = scanned(tmp_path / "one", dict.fromkeys(names, "t"))
    two, _ = scanned(tmp_path / "two", dict.fromkeys(reversed(names), "t"))
    assert [f.path for f in one.files] == [f.path for f in two.files]


TEXTS: list[tuple[str, bytes, str, list[str]]] = [
    ("bom", b"\xef\xbb\xbf---\na: 1\n---\n", "---\na: 1\n---\n", []),
    ("crlf", b"a\r\nb\r\nc\n", "a\nb\nc\n", []),
    ("lone cr", b"a\rb", "a\nb", []),
    ("utf-8", "Fjörður 霧 🌫".encode(), "Fjörður 霧 🌫", []),
    ("utf-16 le", "\ufeffGrüße".encode("utf-16-le"), "Grüße", []),
    ("utf-16 be", "\ufeffGrüße".encode("utf-16-be"), "Grüße", []),
    ("utf-32 le", "\ufeffGrüße".encode("utf-32-le"), "Grüße", []),
    ("utf-16 cut", "\ufeffab".encode("utf-16-le")[:-1], "a\ufffd", ["n.md:1:2: not-utf-8"]),
    ("bad-utf8 latin", b"one\ncaf\xe9 \x93x\x94\n", "one\ncafé “x”\n", ["n.md:2:4: not-utf-8"]),
    (
        "bad-utf8 short",
        b"Caf\xe9 \x93q\x94 \x96 d\xe9j\xe0\n",
        "Café “q” – déjà\n",
        ["n.md:1:4: not-utf-8"],
    ),
    ("bad-utf8 mixed", "é".encode() + b" \xe9 ok", "é \ufffd ok", ["n.md:1:3: not-utf-8"]),
    (
        "bad-utf8 cut",
        "日本語 text".encode() + b"\xe6\x97",
        "日本語 text\ufffd",
        ["n.md:1:9: not-utf-8"],
    ),
    ("cyrillic", "Здравствуй, мир".encode("cp1251"), "", ["n.md:1:1: not-utf-8"]),
    ("control", b"a\x00b\x0cc\x1bd", "a\ufffdb c\ufffdd", ["n.md:1:2: control-character"]),
    ("tab", b"a\tb", "a\tb", []),
]


@pytest.mark.parametrize(
    ("content", "text", "problems"), [t[1:] for t in TEXTS], ids=[t[0] for t in TEXTS]
)
def test_texts(content: bytes, text: str, problems: list[str]) -> None:
    made, found = decode_text(content, "n.md")
    assert made == text or (not text and "\ufffd" in made)
    assert told(found) == problems


def test_bad_utf8_keeps_the_note(tmp_path: Path) -> None:
    vault, problems = scanned(tmp_path, {"A.md": b"caf\xe9", "B.md": "ok"})
    assert [file.text for file in vault.files] == ["café", "ok"]
    assert told(problems) == ["A.md:1:4: not-utf-8"]


def test_drawings_are_assets(tmp_path: Path) -> None:
    vault, _ = scanned(
        tmp_path,
        {
            "A.md": "a",
            "Map.excalidraw.md": "---\nexcalidraw-plugin: parsed\n---\n",
            "Old.md": "---\ntags: x\nexcalidraw-plugin: raw\n---\n{}",
        },
    )
    assert [file.path for file in vault.files] == ["A.md"]
    assert {a.path: a.media_type for a in vault.assets} == {
        "Map.excalidraw.md": "text/x-excalidraw",
        "Old.md": "text/x-excalidraw",
    }


def test_links_out_of_the_vault_are_not_followed(tmp_path: Path) -> None:
    outside = vault_of(tmp_path / "outside", {"Secret.md": "s", "deep/Other.md": "o"})
    root = vault_of(tmp_path / "vault", {"A.md": "a", ".trash/Gone.md": "g", "Sub/B.md": "b"})
    (root / "Leak.md").symlink_to(outside / "Secret.md")
    (root / "leak").symlink_to(outside, target_is_directory=True)
    (root / "up").symlink_to("..", target_is_directory=True)
    (root / "Hidden.md").symlink_to(root / ".trash/Gone.md")
    (root / "pic.png").symlink_to("/etc/hostname")
    vault, problems = scan(root)
    assert [file.path for file in vault.files] == ["A.md", "Sub/B.md"]
    assert vault.assets == ()
    assert told(problems) == [
        f"{name}: link-outside-vault" for name in ("Hidden.md", "Leak.md", "leak", "pic.png", "up")
    ]


def test_links_inside_and_loops(tmp_path: Path) -> None:
    root = vault_of(tmp_path, {"A.md": "a", "Sub/B.md": "b"})
    (root / "Also.md").symlink_to(root / "A.md")
    (root / "again").symlink_to(root / "Sub", target_is_directory=True)
    (root / "Sub/loop").symlink_to(root, target_is_directory=True)
    (root / "round.md").symlink_to(root / "round.md")
    (root / "broken.md").symlink_to(root / "nowhere.md")
    vault, problems = scan(root)
    assert [file.path for file in vault.files] == ["A.md", "Also.md", "Sub/B.md"]
    assert told(problems) == ["broken.md: file-unreadable", "round.md: file-unreadable"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_does_not_hold_up_the_book(tmp_path: Path) -> None:
    root = vault_of(tmp_path, {"A.md": "a"})
    os.mkfifo(root / "Pipe.md")
    with comes_to_an_end():
        _, problems = scan(root)
    assert told(problems) == ["Pipe.md: file-unreadable"]


def test_a_giant_note_is_left_out(tmp_path: Path) -> None:
    vault, problems = scanned(tmp_path, {"A.md": "a", "Giant.md": b"x" * (MAX_NOTE + 1)})
    assert [file.path for file in vault.files] == ["A.md"]
    assert told(problems) == ["Giant.md: note-too-large"]


@pytest.mark.skipif(os.name != "posix", reason="names are text here")
def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    root = vault_of(tmp_path, {"A.md": "a"})
    try:
        (root / os.fsdecode(b"caf\xe9.md")).write_text("c")
        (root / os.fsdecode(b"pic\xe9.png")).write_text("c")
    except OSError:
        pytest.skip("this disk keeps only names in UTF-8")
    vault, problems = scan(root)
    assert [file.path for file in vault.files] == ["A.md", "café.md"]
    assert told(problems) == ["picé.png: file-unreadable"]


def test_habits(tmp_path: Path) -> None:
    vault, problems = scanned(
        tmp_path,
        {
            "A.md": "a",
            ".obsidian/app.json": json.dumps(
                {"strictLineBreaks": True, "attachmentFolderPath": "/Files/"}
            ),
            ".obsidian/templates.json": '{"folder": "Meta/Vorlagen"}',
            ".obsidian/plugins/templater-obsidian/data.json": '{"templates_folder": "Moulds/"}',
        },
    )
    assert vault.habits.strict_breaks
    assert vault.habits.attachment_folder == "Files"
    assert {"meta/vorlagen", "moulds", "templates"} <= set(vault.habits.template_folders)
    assert problems == ()


@pytest.mark.parametrize(
    "settings", ["{", "[]", "", "\xff", '{"strictLineBreaks": "yes"}', "[" * 9999]
)
def test_broken_habits(tmp_path: Path, settings: str) -> None:
    vault, problems = scanned(tmp_path, {"A.md": "a", ".obsidian/app.json": settings})
    assert not vault.habits.strict_breaks
    assert {problem.code for problem in problems} <= {"settings-unreadable"}
    assert bool(problems) == (settings not in ("[]", '{"strictLineBreaks": "yes"}'))


def test_settings_outside_the_vault_are_not_read(tmp_path: Path) -> None:
    outside = vault_of(tmp_path / "outside", {"app.json": '{"strictLineBreaks": true}'})
    root = vault_of(tmp_path / "vault", {"A.md": "a"})
    (root / ".obsidian").symlink_to(outside, target_is_directory=True)
    vault, _ = scan(root)
    assert not vault.habits.strict_breaks


def test_set_up_errors_are_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file.md").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / "hidden/.trash").mkdir(parents=True)
    (tmp_path / "hidden/.trash/A.md").write_text("x")
    said = {}
    for name in ("missing", "file.md", "empty", "hidden", "nul\0byte"):
        with pytest.raises(SetupError) as caught:
            scan(tmp_path / name)
        said[name] = str(caught.value).replace(str(tmp_path) + "/", "")
    assert said == {
        "missing": "there is no folder missing",
        "file.md": "file.md is a file: give the folder that holds the notes",
        "empty": "no notes (.md files) in empty",
        "hidden": "no notes (.md files) in hidden",
        "nul\0byte": "the folder nul\0byte cannot be read: embedded null byte",
    }


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    root = vault_of(tmp_path, {"A.md": "a", "Locked.md": "x", "locked/B.md": "b"})
    (root / "Locked.md").chmod(0)
    (root / "locked").chmod(0)
    try:
        vault, problems = scan(root)
    finally:
        (root / "locked").chmod(0o700)
    assert [file.path for file in vault.files] == ["A.md"]
    assert told(problems) == ["Locked.md: file-unreadable", "locked: file-unreadable"]


def test_assets_are_read_under_guard(tmp_path: Path) -> None:
    root = vault_of(tmp_path / "vault", {"A.md": "a", "pic.png": b"data"})
    vault_of(tmp_path, {"outside.png": b"secret"})
    vault, _ = scan(root)
    assert read_asset(vault.root, vault.assets[0]) == b"data"
    (root / "pic.png").unlink()
    (root / "pic.png").symlink_to(tmp_path / "outside.png")
    with pytest.raises(SetupError, match=r"^pic\.png: "):
        read_asset(vault.root, vault.assets[0])
    for path in ("../outside.png", str(tmp_path / "outside.png"), "", ".obsidian/x", "no.png"):
        with pytest.raises(SetupError):
            open_inside(vault.root, path)
    with pytest.raises(SetupError):
        read_asset(vault.root, Asset("../outside.png", "image/png", 6))


def test_a_deep_vault(tmp_path: Path) -> None:
    deep = tmp_path / "/".join(["d"] * 200)
    deep.mkdir(parents=True)
    (deep / "A.md").write_text("a")
    vault, _ = scan(tmp_path)
    assert vault.files[0].path.count("/") == 200
