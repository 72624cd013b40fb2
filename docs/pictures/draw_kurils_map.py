#!/usr/bin/env python3
"""Draw the map of the topic `kurils` as an SVG: `draw_kurils_map.py kurils.svg`. The README beside this has the rest.

The map takes no side: it has no border line and no colour for a country.
"""

import json
import sys
from dataclasses import dataclass
from html import escape
from math import cos, log, pi, radians, sin, tan
from pathlib import Path

COASTLINE = Path(__file__).with_name("kurils-coastline.json")
EARTH_RADIUS = 6371.0  # kilometres, of a sphere
WIDTH, HEIGHT = 900, 600
FOOTER_TOP = 562
FOOTER = "Background map, not part of the reading. Coastline: Natural Earth 1:10m, public domain"
SEA = "#d3e5ee"
LAND = "#f4efe1"
COAST = "#7d7968"
ACCENT = "#c2410c"  # the four islands at issue, and nothing else
INK = "#1b2430"
WATER_INK = "#24556f"
PAPER = "#ffffff"
STYLE = f"""
  text {{ font-family: "Liberation Sans", Arial, Helvetica, sans-serif; fill: {INK}; font-size: 26px;
         stroke-width: 5px; stroke-linejoin: round; paint-order: stroke; }}
  .place {{ stroke: {SEA}; }}
  .on-land {{ stroke: {LAND}; }}
  .water {{ font-style: italic; fill: {WATER_INK}; letter-spacing: 0.5px; }}
  .title {{ font-weight: bold; stroke: {SEA}; }}
  .scale {{ font-size: 20px; stroke: {SEA}; }}
  .footer {{ font-size: 20px; }}
  .land {{ fill: {LAND}; stroke: {COAST}; stroke-width: 1px; stroke-linejoin: round; }}
  .at-issue {{ fill: {ACCENT}; stroke: {ACCENT}; stroke-width: 1px; stroke-linejoin: round; }}
"""

Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Cone:
    """A Lambert conformal conic projection of a sphere.

    Source: J. P. Snyder, Map Projections: A Working Manual (1987), equations 15-1 to 15-3.
    """

    meridian: float
    parallels: tuple[float, float]

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Kilometres east of the meridian and below the cone's tip, of a point given in degrees."""
        south, north = (radians(parallel) for parallel in self.parallels)
        n = log(cos(south) / cos(north)) / log(_stretch(north) / _stretch(south))
        rho = EARTH_RADIUS * cos(south) * (_stretch(south) / _stretch(radians(latitude))) ** n / n
        theta = n * radians(longitude - self.meridian)
        return rho * sin(theta), rho * cos(theta)


def _stretch(latitude: float) -> float:
    return tan(pi / 4 + latitude / 2)


CONE = Cone(meridian=149, parallels=(44, 54))


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the picture in pixels, with the point of the earth in its middle and its scale."""

    name: str
    box: tuple[int, int, int, int]  # left, top, width, height
    middle: tuple[float, float]  # longitude, latitude
    scale: float  # kilometres to a pixel

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a point given in degrees is in the picture."""
        left, top, width, height = self.box
        (x, y), (x0, y0) = CONE.place(longitude, latitude), CONE.place(*self.middle)
        return left + width / 2 + (x - x0) / self.scale, top + height / 2 + (y - y0) / self.scale

    def coast(self, rings: list[Ring], kind: str) -> str:
        """The rings as one path, cut off at the window's edge."""
        lines = ("L".join("{:.1f},{:.1f}".format(*self.point(*place)) for place in ring) for ring in rings)
        path = "".join(f"M{line}Z" for line in lines)
        return f'<path class="{kind}" clip-path="url(#{self.name})" d="{path}"/>'

    def clip(self) -> str:
        """The window's edge, for `coast`."""
        return f'<clipPath id="{self.name}">{rectangle(self.box)}</clipPath>'

    def scale_bar(self, x: float, y: float, kilometres: int) -> str:
        """A bar of that length on the ground, its left end at x, y."""
        end = x + kilometres / self.scale
        bar = f'<path d="M{x},{y - 7}V{y}H{end:.1f}V{y - 7}" fill="none" stroke="{INK}" stroke-width="2.5"/>'
        return bar + label(end + 8, y, f"{kilometres} km", "scale", "start")


MAIN = Window("main", (0, 0, WIDTH, FOOTER_TOP), middle=(152.42, 47.6), scale=2.45)
INSET = Window("inset", (530, 216, 354, 330), middle=(147.13, 44.46), scale=0.99)


def rectangle(box: tuple[int, int, int, int], style: str = "") -> str:
    """A box given as left, top, width and height."""
    left, top, width, height = box
    return f'<rect x="{left}" y="{top}" width="{width}" height="{height}" {style}/>'


def label(x: float, y: float, words: str, kind: str = "place", anchor: str = "middle") -> str:
    """Words at a place; each line of them below the one before."""
    lines = (
        f'<tspan x="{x:.1f}" dy="{28 if row else 0}">{escape(line)}</tspan>'
        for row, line in enumerate(words.split("\n"))
    )
    return f'<text y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{"".join(lines)}</text>'


def main_map(land: list[Ring], at_issue: list[Ring]) -> list[str]:
    """The map from Hokkaido to Kamchatka."""
    return [
        rectangle(MAIN.box, f'fill="{SEA}"'),
        MAIN.coast(land, "land"),
        MAIN.coast(at_issue, "at-issue"),
        label(376, 182, "Sea of Okhotsk", "water"),
        label(735, 150, "Pacific Ocean", "water"),
        label(206, 84, "Sakhalin\n(Karafuto)", anchor="start"),
        label(153, 466, "Hokkaido", "on-land"),
        label(624, 56, "Kamchatka", anchor="start"),
        label(400, 386, "Urup\n(Uruppu)", anchor="start"),
        label(444, 272, "Kuril Islands", anchor="end"),
        label(286, 492, "The four islands", "title", "start"),
        MAIN.scale_bar(287, 535, 300),
    ]


def inset_map(land: list[Ring], at_issue: list[Ring]) -> list[str]:
    """The four islands, larger, each with both its names."""
    return [
        rectangle(INSET.box, f'fill="{SEA}"'),
        INSET.coast(land, "land"),
        INSET.coast(at_issue, "at-issue"),
        rectangle(INSET.box, f'fill="none" stroke="{INK}" stroke-width="1.5"'),
        label(707, 249, "The four islands at issue", "title"),
        label(722, 302, "Iturup / Etorofu", anchor="end"),
        label(630, 425, "Kunashir / Kunashiri", anchor="start"),
        label(697, 468, "Shikotan", anchor="start"),
        label(646, 506, "Habomai islets", anchor="start"),
        INSET.scale_bar(647, 535, 50),
    ]


def drawing() -> str:
    """The whole picture as SVG."""
    coastline = json.loads(COASTLINE.read_text(encoding="utf-8"))
    land, at_issue = coastline["land"], coastline["four_islands"]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">',
        f"<style>{STYLE}</style><defs>{MAIN.clip()}{INSET.clip()}</defs>",
        rectangle((0, 0, WIDTH, HEIGHT), f'fill="{PAPER}"'),
        *main_map(land, at_issue),
        *inset_map(land, at_issue),
        label(WIDTH / 2, HEIGHT - 12, FOOTER, "footer"),
        "</svg>\n",
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(drawing(), encoding="utf-8")
