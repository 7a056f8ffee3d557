"""The preview in a browser: a book that changes while one looks at it."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from conftest import chromium_path, node_module
from playwright.sync_api import Frame, Locator, Page, expect, sync_playwright

PLAN = """\
# The sample for the preview.
[book]
title = "Fog and Harbour" # not “Harbour and Fog”

[theme.tokens]
# Ox blood, as Ann likes it.
accent = "#7a1f1f"
"""
SENTENCE = "The ferry leaves when the ferryman has finished his tea, and not before."
LOG = "\n\n".join(f"Number {n} in the log: {SENTENCE} {SENTENCE}" for n in range(40))
FURTHER = "\n\n".join(f"Further on, entry {n}: {SENTENCE} {SENTENCE}" for n in range(20))
FOG = f"""---
author: Ann Lee
---
It comes from the sea and asks for nothing.

{LOG}

## Dew

Here the note links to [[Coast]] and nobody wrote that note, which is a pity.

{FURTHER}
"""
HARBOUR = """---
author: Bo Quay
---
A harbour is a door. See [[Fog]] and [the pilots](https://example.org/pilots).

![[boat.svg]]

<script>document.body.textContent = "a script ran"</script>
"""
BOAT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 5h7L6 8H3z"/></svg>'


@dataclass
class Preview:
    vault: Path
    port: int
    page: Page
    asked: list[str]

    def ask(
        self, path: str, method: str = "GET", body: str = "", **headers: str
    ) -> tuple[int, str]:
        """A request as someone else would make it."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        line.request(
            method, path, body or None, {k.replace("_", "-"): v for k, v in headers.items()}
        )
        answer = line.getresponse()
        told = answer.read().decode("utf-8", "replace")
        line.close()
        return answer.status, told

    def frame(self) -> Frame:
        handle = self.page.query_selector("iframe.shown")
        found = handle and handle.content_frame()
        assert found
        return found

    def text(self, words: str) -> Locator:
        """What stands on the page that is shown, whichever frame that is by now."""
        return self.page.frame_locator("iframe.shown").get_by_text(words)

    def save(self, name: str, text: str) -> None:
        (self.vault / name).write_text(text, "utf-8")

    def open(self, title: str) -> None:
        self.page.click(f"#contents a:has(.name:text-is('{title}'))")
        current = self.page.locator("#contents a[aria-current] .name")
        expect(current).to_have_text(title)
        expect(self.page.locator("iframe.shown")).to_have_attribute("title", title)


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    chromium = chromium_path()
    vault = tmp_path_factory.mktemp("vault")
    for name, text in (
        ("anthology.toml", PLAN), ("Fog.md", FOG), ("Harbour.md", HARBOUR),
        ("boat.svg", BOAT), ("unseen.svg", BOAT), ("secret.txt", "mine"),
    ):  # fmt: skip
        (vault / name).write_text(text, "utf-8")
    with served(vault) as (process, port), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector("body[data-state=calm][data-shown='1']", timeout=60_000)
        yield Preview(vault, port, page, asked)
        browser.close()
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=10)
        assert (process.returncode, complaint) == (0, "")
        assert left_behind(vault) == []
        temporary(vault).rmdir()


@cache
def temporary(_vault: Path) -> Path:
    # Sockets want short names.
    return Path(mkdtemp(prefix="pv-", dir="/tmp"))


def left_behind(vault: Path) -> list[str]:
    """What a preview has not cleared away of its temporary files."""
    return [file.name for file in temporary(vault).iterdir()]


class served:  # noqa: N801 - reads as what it is
    """The command itself, in a process of its own."""

    def __init__(self, vault: Path) -> None:
        self._vault = vault

    def __enter__(self) -> tuple[subprocess.Popen[str], int]:
        command = [sys.executable, "-m", "publisher", "preview", str(self._vault), "--no-open"]
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": str(temporary(self._vault))},
        )
        assert self._process.stdout
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", self._process.stdout.readline())
        assert found
        return self._process, int(found[1])

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.__exit__(None, None, None)  # waits, and closes what it was heard by


def test_a_server_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "Fog.md").write_text(FOG, "utf-8")
    with served(tmp_path) as (_, port):
        looking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.closing(looking):
            looking.request("GET", "/events/ebook")
            with looking.getresponse() as told:
                while b'"shown": 1' not in told.readline():
                    pass
        assert left_behind(tmp_path)
    for _ in range(100):
        if not left_behind(tmp_path):
            break
        time.sleep(0.1)
    assert left_behind(tmp_path) == []
    temporary(tmp_path).rmdir()


def renewed(preview: Preview, change: Callable[[], object]) -> None:
    before = preview.page.get_attribute("body", "data-shown") or ""
    change()
    preview.page.wait_for_selector(
        f'body[data-state=calm]:not([data-shown="{before}"])', timeout=20_000
    )


def test_the_contents_are_the_books(preview: Preview) -> None:
    expect(preview.page.locator("#title")).to_have_text("Fog and Harbour")
    names = preview.page.locator("#contents .name").all_text_contents()
    assert names == [
        "Cover", "Half title", "Title page", "Copyright", "Contents",
        "Ann Lee", "Fog", "Bo Quay", "Harbour", "Glossary", "Contributors", "Colophon",
    ]  # fmt: skip


def test_a_saved_note_is_shown_where_one_was(preview: Preview) -> None:
    preview.open("Fog")
    frame = preview.frame()
    frame.evaluate("scrollTo(0, 2400)")
    line = frame.get_by_text(re.compile("^Number 21 in the log"))
    before = line.bounding_box()
    changed = FOG.replace("Number 3 in the log:", "A new line stands here. And one more.\n\nNew:")
    renewed(preview, lambda: preview.save("Fog.md", changed))
    frame = preview.frame()
    expect(preview.text("A new line stands here.")).to_have_count(1)
    after = frame.get_by_text(re.compile("^Number 21 in the log")).bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 3
    renewed(preview, lambda: preview.save("Fog.md", FOG))


def test_a_problem_stands_beside_its_text(preview: Preview) -> None:
    preview.open("Fog")
    preview.page.click("#problems-button")
    listed = preview.page.locator("#problem-list .remark").filter(has_text="Coast")
    listed.locator("button").click()
    preview.page.click("#problems-button")
    card = preview.page.locator("#margin .card").filter(has_text="Coast")
    expect(card).to_contain_text("is not a note of this vault")
    expect(card.locator(".hint")).to_contain_text("glossary entry")
    block = preview.frame().get_by_text("Here the note links to")
    expect(block).to_have_attribute("data-remark", "note")
    here, there = card.bounding_box(), block.bounding_box()
    assert here
    assert there
    assert abs(here["y"] - there["y"]) < 4


def test_a_broken_save_keeps_the_last_good_book(preview: Preview) -> None:
    page = preview.page
    preview.open("Harbour")
    preview.save("anthology.toml", PLAN.replace("[book]", "[book"))
    trouble = page.locator("#trouble")
    expect(trouble).to_have_text(re.compile(r"anthology\.toml:2:6: "), timeout=20_000)
    assert "\n" not in (trouble.text_content() or "")
    expect(preview.text("A harbour is a door.")).to_be_visible()
    renewed(preview, lambda: preview.save("anthology.toml", PLAN))
    expect(trouble).to_have_text("")


def test_a_theme_s_file_is_watched(preview: Preview) -> None:
    home = preview.vault / "themes" / "dusk"
    home.mkdir(parents=True)
    (home / "theme.toml").write_text('title = "Dusk"\nextends = "classic"\n', "utf-8")
    (home / "epub.css").write_text('@import "parent";\n.body > p { color: rgb(1, 2, 3); }', "utf-8")
    preview.open("Harbour")
    ours = PLAN.replace("[theme.tokens]", '[theme]\nname = "dusk"\n\n[theme.tokens]')
    renewed(preview, lambda: preview.save("anthology.toml", ours))
    paragraph = preview.text("A harbour is a door.")
    expect(paragraph).to_have_css("color", "rgb(1, 2, 3)")
    good = (home / "epub.css").read_text("utf-8")
    preview.save("themes/dusk/epub.css", "p { color: red;")
    expect(preview.page.locator("#trouble")).to_contain_text("epub.css:1: this brace has no other")
    expect(paragraph).to_have_css("color", "rgb(1, 2, 3)")
    preview.save("themes/dusk/epub.css", good)
    expect(preview.page.locator("#trouble")).to_have_text("")
    renewed(preview, lambda: preview.save("anthology.toml", PLAN))


def test_it_is_seen_as_devices_show_it(preview: Preview) -> None:
    preview.open("Harbour")
    page, widths = preview.page, []
    for name in ("Phone", "E-reader", "Tablet"):
        page.get_by_label(name, exact=True).check()
        page.wait_for_timeout(300)
        widths.append(preview.frame().evaluate("innerWidth"))
    assert widths == [360, 558, 760]
    colours = []
    for name in ("Light", "Sepia", "Dark"):
        page.get_by_label(name, exact=True).check()
        colours.append(preview.frame().evaluate("getComputedStyle(document.documentElement).color"))
    assert len(set(colours)) == 3
    page.get_by_label("Light", exact=True).check()
    page.get_by_label("E-reader", exact=True).check()


def test_keys_are_enough(preview: Preview) -> None:
    page = preview.page
    preview.open("Fog")
    current = page.locator("#contents a[aria-current] .name")
    for key, title in (("j", "Bo Quay"), ("ArrowRight", "Harbour"), ("k", "Bo Quay"),
                       ("ArrowLeft", "Fog")):  # fmt: skip
        page.keyboard.press(key)
        expect(current).to_have_text(title)
    preview.frame().locator("body").press("j")
    expect(current).to_have_text("Bo Quay")
    page.keyboard.press("p")
    expect(page.locator("#problems")).to_be_visible()
    page.keyboard.press("p")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector("body[data-state=calm]")
    expect(current).to_have_text("Bo Quay")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "stage"


def test_links_of_the_book_lead_within_it(preview: Preview) -> None:
    preview.open("Harbour")
    preview.frame().click("a[href*='example.org']")
    expect(preview.page.locator("#said")).to_contain_text("https://example.org/pilots")
    preview.frame().click("a:text('Fog')")
    expect(preview.page.locator("#contents a[aria-current] .name")).to_have_text("Fog")


def test_no_script_of_a_note_runs_and_its_picture_is_shown(preview: Preview) -> None:
    preview.open("Harbour")
    frame = preview.frame()
    assert "a script ran" not in frame.locator("body").inner_text()
    assert frame.evaluate("document.querySelector('img').naturalWidth") > 0


def test_nothing_is_asked_of_others(preview: Preview) -> None:
    assert preview.asked
    home = f"http://127.0.0.1:{preview.port}/"
    assert [url for url in preview.asked if not url.startswith((home, "data:"))] == []


def test_a_token_is_written_into_the_plan_and_shown(preview: Preview) -> None:
    page = preview.page
    preview.open("Harbour")
    page.click("#design-button")
    accent = page.get_by_label("Accent", exact=True)
    expect(accent).to_have_value("#7a1f1f")

    def paint() -> None:
        accent.fill("#00507a")
        accent.press("Enter")

    renewed(preview, paint)
    heading = page.frame_locator("iframe.shown").locator("h1")
    expect(heading).to_have_css("color", "rgb(0, 80, 122)")
    assert (preview.vault / "anthology.toml").read_text("utf-8") == PLAN.replace(
        "#7a1f1f", "#00507a"
    )
    # Its type gives each its input.
    kinds = {name: page.get_by_label(name, exact=True).evaluate("e => e.type || e.localName")
             for name in ("Accent", "Opening", "Hyphens", "Text size", "Rating")}  # fmt: skip
    assert kinds == {
        "Accent": "text", "Opening": "select-one", "Hyphens": "checkbox", "Text size": "text",
        "Rating": "checkbox",
    }  # fmt: skip


def test_a_wrong_value_is_told_beside_its_field(preview: Preview) -> None:
    page = preview.page
    before = (preview.vault / "anthology.toml").read_text("utf-8")
    size = page.get_by_label("Text size", exact=True)
    size.fill("huge")
    size.press("Enter")
    error = page.locator("#error-text-size")
    expect(error).to_contain_text("text-size wants a length, such as 11pt or 1.2em, not “huge”")
    expect(size).to_have_attribute("aria-invalid", "true")
    assert (preview.vault / "anthology.toml").read_text("utf-8") == before
    expect(preview.text("A harbour is a door.")).to_be_visible()
    size.fill("")
    size.press("Enter")
    expect(error).to_have_text("")
    renewed(preview, lambda: page.get_by_label("Opening", exact=True).select_option("plain"))
    assert 'opening = "plain"' in (preview.vault / "anthology.toml").read_text("utf-8")
    renewed(preview, lambda: page.get_by_role("button", name="Reset Opening").click())
    page.click("#design-button")
    renewed(preview, lambda: preview.save("anthology.toml", PLAN))


def test_another_theme_is_a_choice(preview: Preview) -> None:
    page = preview.page
    page.click("#design-button")
    choice = page.get_by_label("Theme", exact=True)
    assert {"Classic", "Dusk"} <= set(choice.locator("option").all_text_contents())
    renewed(preview, lambda: choice.select_option("dusk"))
    assert 'name = "dusk"' in (preview.vault / "anthology.toml").read_text("utf-8")
    page.click("#design-button")
    renewed(preview, lambda: preview.save("anthology.toml", PLAN))


def test_print_shows_the_real_pages_as_they_lie_open(preview: Preview) -> None:
    page = preview.page
    preview.open("Fog")
    page.get_by_label("Print", exact=True).check()
    page.wait_for_selector("#print:has(img):not(:has(.stale))", timeout=90_000)
    page.wait_for_selector("body[data-state=calm]")
    first = page.get_by_role("img", name="Page 3", exact=True)
    expect(first).to_be_visible(timeout=60_000)
    expect(page.locator("#contents a[aria-current] .name")).to_have_text("Fog")
    expect(first).to_have_js_property("naturalWidth", 864)
    expect(first).to_have_js_property("naturalHeight", 1296)
    # A recto lies at the right of its spread, a verso at the left.
    # Asked again where a page is drawn anew meanwhile.
    second = page.get_by_role("img", name="Page 4", exact=True)
    expect(page.locator("#print .page:last-child", has=first)).to_have_count(1)
    expect(page.locator("#print .page:first-child", has=second)).to_have_count(1)


def test_an_edit_draws_its_own_piece_again_and_no_other(preview: Preview) -> None:
    page = preview.page
    page.evaluate("document.activeElement.blur()")
    preview.open("Fog")
    page.locator("#print").evaluate("pane => pane.scrollBy(0, 500)")
    page.wait_for_timeout(400)
    before, top = plates(page), page.locator("#print").evaluate("pane => pane.scrollTop")
    text = HARBOUR.replace("A harbour is a door.", "A harbour is a gate.")
    renewed(preview, lambda: preview.save("Harbour.md", text))
    after = plates(page)
    changed = [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert len(changed) == 1
    assert page.locator("#print").evaluate("pane => pane.scrollTop") == top
    renewed(preview, lambda: preview.save("Harbour.md", HARBOUR))
    assert plates(page) == before


def plates(page: Page) -> list[str]:
    found = page.locator("#print .page[data-plate]").evaluate_all(
        "pages => pages.map(page => page.dataset.plate)"
    )
    return [str(one) for one in found]


def test_a_problem_stands_at_its_height_on_the_printed_page(preview: Preview) -> None:
    page = preview.page
    page.click("#problems-button")
    page.locator("#problem-list .remark").filter(has_text="Coast").locator("button").click()
    page.click("#problems-button")
    pin = page.locator(".pin[open]")
    expect(pin).to_contain_text("is not a note of this vault")
    # The block is the second of the last section: in the lower part of some page, not at its top.
    page.wait_for_timeout(700)
    height = float(pin.evaluate("pin => pin.style.getPropertyValue('--top')"))
    assert 0.1 < height < 0.95
    page.get_by_label("E-book", exact=True).check()
    expect(page.locator("iframe.shown")).to_be_visible()
    page.wait_for_selector("body[data-state=calm]")


@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/", "GET", {}, 200),
        ("/", "GET", {"Host": "evil.example"}, 403),
        ("/outline/ebook", "GET", {"Host": "evil.example:80"}, 403),
        ("/outline/ebook", "GET", {"Origin": "https://evil.example"}, 403),
        ("/outline/ebook", "GET", {"Sec_Fetch_Site": "cross-site"}, 403),
        ("/outline/ebook", "GET", {"Sec_Fetch_Site": "same-site"}, 403),
        ("/outline/ebook", "GET", {"Sec_Fetch_Site": "same-origin"}, 200),
        ("/book/unseen.svg", "GET", {}, 404),
        ("/book/images/unseen.svg", "GET", {}, 404),
        ("/book/secret.txt", "GET", {}, 404),
        ("/book/../secret.txt", "GET", {}, 404),
        ("/book/..%2fsecret.txt", "GET", {}, 404),
        ("/book//etc/passwd", "GET", {}, 404),
        ("/page/..%2fserver.py", "GET", {}, 404),
        ("/page/__init__.py", "GET", {}, 404),
        ("/plate/0123/0", "GET", {}, 404),
        ("/theme", "POST", {}, 403),
        ("/theme", "POST", {"Origin": "https://evil.example"}, 403),
        ("/theme", "GET", {}, 405),
        ("/outline/other", "GET", {}, 404),
        ("/events/other", "GET", {}, 404),
    ],
)
def test_who_may_ask_for_what(
    preview: Preview, path: str, method: str, headers: dict[str, str], status: int
) -> None:
    assert preview.ask(path, method, **headers)[0] == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"tokens": {"accent": [1]}}', 400),
        ("{", 400),
        ("[" * 60_000, 400),
        ("[" * 100_000, 400),
        ('{"theme": "../../etc"}', 422),
        ('{"theme": "nowhere"}', 422),
        ("{}", 400),
    ],
)
def test_a_wish_that_cannot_be_is_refused(preview: Preview, body: str, status: int) -> None:
    home = f"http://127.0.0.1:{preview.port}"
    before = (preview.vault / "anthology.toml").read_bytes()
    answered, told = preview.ask("/theme", "POST", body, Origin=home)
    assert answered == status
    assert '"error"' in told
    assert (preview.vault / "anthology.toml").read_bytes() == before


def test_axe_finds_nothing(preview: Preview) -> None:
    page = preview.page
    source = (node_module("axe-core") / "axe.min.js").read_text("utf-8")
    page.evaluate(source)
    preview.open("Fog")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for keys in ([], ["p"], ["d"], ["d", "?"]):
            for key in keys:
                page.keyboard.press(key)
            assert violations(page) == [], (scheme, keys)
            page.keyboard.press("Escape")
    page.emulate_media(color_scheme="light")
    page.get_by_label("Print", exact=True).check()
    page.wait_for_selector("#print img")
    assert violations(page) == []
    page.get_by_label("E-book", exact=True).check()


def violations(page: Page) -> list[Any]:
    found = page.evaluate("axe.run(document, { iframes: false }).then(made => made.violations)")
    return [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]
