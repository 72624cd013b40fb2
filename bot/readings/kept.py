"""What is worked out from a reading once, and kept as long as the reading is in use."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from bot.readings.model import Reading

_Built = TypeVar("_Built")
_MOST = 64  # readings; when more are in use at once, the one kept longest is built anew


def kept_per_reading(build: Callable[[Reading], _Built]) -> Callable[[Reading], _Built]:
    """`build`, called once for each reading. A changed reading is another object, so it is built anew."""
    kept: dict[int, tuple[Reading, _Built]] = {}

    @wraps(build)
    def get(reading: Reading) -> _Built:
        # A Reading holds mappings, so it has no hash; it is held here, so that its id stays its own
        found = kept.get(id(reading))
        if found is None:
            if len(kept) >= _MOST:
                kept.pop(next(iter(kept)), None)
            found = kept[id(reading)] = reading, build(reading)
        return found[1]

    return get
