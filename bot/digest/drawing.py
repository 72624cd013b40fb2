"""A digest's chart as a picture of a reply, where what draws it is installed: Pillow, the optional extra [pictures]."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.reply import Chart

if TYPE_CHECKING:
    from bot.digest.activity import Activity


def drawn(activities: "Sequence[Activity]") -> Chart | None:
    """These charts as one picture; None without Pillow."""
    try:
        from bot.digest.chart import as_png  # noqa: PLC0415 - an extra, which need not be there
    except ImportError:
        return None
    return Chart(as_png(activities), " ".join(one.alt for one in activities))
