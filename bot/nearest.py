"""The name somebody most likely meant: for misspelt topics and commands. It suggests; it never verifies anything."""

from collections.abc import Iterable

_CLOSE = 75.0  # of 100; measured on topics and commands: "kurlis" to "kurils" is 83, "kuril" to "trial" 60


def nearest_name(wanted: str, names: Iterable[str]) -> str | None:
    """The one of `names` that is nearest to `wanted`, as it is written there; None when nothing is near.

    Case, hyphens and outer spaces do not count. Two letters that changed places are one mistake. Ties go to
    the first.
    """
    typed = _plain(wanted)
    if not typed:
        return None
    from rapidfuzz import process  # noqa: PLC0415 - 3 MB that most questions do not need

    known = {name: _plain(name) for name in names}
    found = process.extractOne(typed, known, scorer=_likeness, score_cutoff=_CLOSE)
    return found[2] if found else None


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _likeness(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    from rapidfuzz import fuzz  # noqa: PLC0415 - 3 MB that most questions do not need
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - 3 MB that most questions do not need

    swaps = 100 * OSA.normalized_similarity(one, other)
    # Letters that are in both in some order: a name typed without its ending
    likeness = max(swaps, fuzz.ratio(one, other) if min(len(one), len(other)) > 3 else swaps)
    return likeness if likeness >= (score_cutoff or 0) else 0.0
