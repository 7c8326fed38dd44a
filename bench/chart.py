"""Draw the figures of ``make bench``: ``python -m bench.chart figures.json chart.svg``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

_WAYS = {
    "bare_ms": ("bare gcc + run", "#9a9a9a"),
    "fresh_ms": ("a fresh container for each", "#d08c3c"),
    "service_ms": ("Cloister, over the WebSocket", "#2f6f9f"),
}
_WIDTH, _LEFT, _BAR = 720, 90, 16
_GROUP = 3 * _BAR + 18


def chart(figures: dict[str, Any]) -> str:
    """An SVG: for each program a bar for each way, its median with the 5th to 95th percentile."""
    programs = figures["programs"]
    longest = max(one[way]["p95"] for one in programs.values() for way in _WAYS)
    scale = (_WIDTH - _LEFT - 130) / longest
    drawn = [_legend()]
    for number, (name, one) in enumerate(programs.items()):
        top = 40 + number * _GROUP
        middle = top + 1.5 * _BAR + 5
        drawn.append(f'<text x="{_LEFT - 10}" y="{middle:.0f}" text-anchor="end">{name}</text>')
        for row, (way, (_, colour)) in enumerate(_WAYS.items()):
            drawn.append(_bar(one[way], top + row * _BAR, scale, colour))
    height = 40 + len(programs) * _GROUP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="sans-serif" font-size="12" role="img">\n'
        f"<title>Milliseconds from source to result, one client</title>\n"
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )


def _bar(figures: dict[str, float], top: float, scale: float, colour: str) -> str:
    low, median, high = (figures[share] * scale for share in ("p5", "p50", "p95"))
    middle = top + _BAR / 2
    return (
        f'<rect x="{_LEFT}" y="{top + 1:.0f}" width="{median:.1f}" height="{_BAR - 2}" '
        f'fill="{colour}"/>'
        f'<path d="M{_LEFT + low:.1f} {middle:.0f}H{_LEFT + high:.1f}" stroke="#222"/>'
        f'<text x="{_LEFT + max(median, high) + 6:.1f}" y="{middle + 4:.0f}">'
        f"{figures['p50']:.0f} ms</text>"
    )


def _legend() -> str:
    parts = []
    for number, (words, colour) in enumerate(_WAYS.values()):
        left = _LEFT + number * 200
        parts.append(
            f'<rect x="{left}" y="10" width="12" height="12" fill="{colour}"/>'
            f'<text x="{left + 18}" y="20">{words}</text>'
        )
    return "".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.chart", description=__doc__)
    parser.add_argument("figures", type=Path)
    parser.add_argument("svg", type=Path)
    options = parser.parse_args()
    options.svg.write_text(chart(json.loads(options.figures.read_text())))


if __name__ == "__main__":
    main()
