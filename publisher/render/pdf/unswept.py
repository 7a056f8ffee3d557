"""Nothing is swept while what workers work with is loaded: nearly all of it stays.

To be imported first of all in the process that workers are forked from; they sweep again.
"""

from __future__ import annotations

import gc

gc.disable()
