"""When a book was made, as far as the same notes are to give the same bytes."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from publisher.anthology.selection import Anthology
from publisher.problem import SetupError


def modified(anthology: Anthology) -> int:
    """The book's date in seconds since 1970: the environment's, else its newest piece's.

    The clock is never asked, so that the same vault gives the same bytes. Raises
    SetupError where SOURCE_DATE_EPOCH is no number.
    https://reproducible-builds.org/specs/source-date-epoch/
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if given:
        try:
            datetime.fromtimestamp(int(given), UTC)
        except (ValueError, OverflowError, OSError):
            message = f"SOURCE_DATE_EPOCH is “{given}”, not a number of seconds"
            raise SetupError(message) from None
        return int(given)
    days = [n.properties.date for n in anthology.pieces if n.properties.date]
    newest = max(days, default=None)
    if newest is None or newest.year < 2000:
        return int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
    date = datetime(min(newest.year, 9998), newest.month or 1, newest.day or 1, tzinfo=UTC)
    return int(date.timestamp())
