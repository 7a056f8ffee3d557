"""What several tests lean on: the tools outside Python, and the folders of the checkout."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from publisher.problem import SetupError
from publisher.render.prepress.profile import Profile, find_profile

ROOT = Path(__file__).parent.parent
NODE_MODULES = ROOT / "tests" / "browser" / "node_modules"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="take what is made now as expected")


def pytest_configure(config: pytest.Config) -> None:
    # Modules that write their examples anew ask for this as they are loaded.
    if config.getoption("--bless"):
        os.environ["PUBLISHER_BLESS"] = "1"


# What takes longest, so that nobody begins with it when all others are done.
LONGEST = (
    "hostile", "designs", "fragments", "flows", "pdf", "kept", "ace", "screen", "wrap",
    "line_ends", "page_list", "epub", "side_notes", "preview", "pressroom", "cluster",
    "pipeline", "prepress", "preflight", "arrival", "slim_press", "gathering", "cover",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in the order in which they are best begun, each with its tests as they stand."""
    rank = {f"test_{name}.py": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


@pytest.fixture
def agrees(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Holds a text against the file that keeps what is expected; `make bless` rewrites it."""

    def check(expected: Path, made: str) -> None:
        if request.config.getoption("--bless"):
            expected.parent.mkdir(parents=True, exist_ok=True)
            expected.write_text(made, "utf-8")
        assert made == expected.read_text("utf-8"), f"not as in {expected}; `make bless` accepts it"

    return check


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What tests lay out is not kept among the user's own books.

    All workers of a run share it: several modules print the same vaults.
    """
    base = tmp_path_factory.getbasetemp()
    home = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    os.environ["PUBLISHER_CACHE"] = str(home / "cache")


@pytest.fixture
def takes_printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The anchors of the takes that go to the press, as they go."""
    from publisher.render.pdf.makeready import Makeready

    found: list[str] = []
    job = Makeready.job

    def watched(ready: Makeready, standing: Any) -> Any:
        found.append(standing.take.anchor)
        return job(ready, standing)

    monkeypatch.setattr(Makeready, "job", watched)
    return found


@cache
def press_profile() -> Profile:
    """A press's profile from the system; a test without one is skipped, or fails in CI."""
    try:
        return find_profile()
    except SetupError as error:
        missing(str(error))
        raise


def missing(reason: str) -> None:
    """Skips the test; where the tools are promised, in CI, it fails instead."""
    if os.environ.get("CI") == "true" or os.environ.get("PUBLISHER_REQUIRE_TOOLS") == "1":
        pytest.fail(f"{reason} (and the tools are required here)", pytrace=False)
    pytest.skip(reason)


def chromium_path() -> str:
    """Any Chromium or Chrome of this machine; `PUBLISHER_CHROMIUM` names another."""
    found = os.environ.get("PUBLISHER_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
    )
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    if not found and mac.exists():
        found = str(mac)
    if not found:
        missing("no Chromium: install it, or set PUBLISHER_CHROMIUM to its path")
    return found


def tool_path(name: str) -> str:
    """A program of this machine, such as `node`, `qpdf` or `pdftotext`."""
    found = shutil.which(name)
    if not found:
        missing(f"no {name}: install it to run this test")
    return found or ""


def node_module(name: str) -> Path:
    """A package under tests/browser/node_modules, installed by `npm ci`."""
    if not (NODE_MODULES / name).exists():
        missing(f"no {name}: run `npm ci --ignore-scripts` in tests/browser")
    return NODE_MODULES / name
