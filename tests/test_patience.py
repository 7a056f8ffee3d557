"""The limit on work that never ends is itself at work."""

from __future__ import annotations

import time

import pytest
from patience import comes_to_an_end


def endless(wait: float) -> None:
    while True:
        time.sleep(wait)


@pytest.mark.parametrize("wait", [0.0, 1.0])
def test_what_never_ends_is_ended(wait: float) -> None:
    with pytest.raises(pytest.fail.Exception, match="no end"), comes_to_an_end(0.1):
        endless(wait)


def test_what_ends_is_left_alone() -> None:
    with comes_to_an_end(0.1):
        pass
    sum(range(10_000_000))
