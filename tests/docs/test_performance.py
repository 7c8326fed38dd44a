"""The chart in the documentation is drawn from the figures beside it."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

from bench.chart import chart

DOCS = Path(__file__).resolve().parents[2] / "docs"
FIGURES = json.loads((DOCS / "performance.json").read_text())


def test_the_chart_is_the_one_of_the_figures():
    assert (DOCS / "performance.svg").read_text() == chart(FIGURES)


def test_every_median_is_written_in_the_chart_which_is_whole_xml():
    drawn = ET.fromstring(chart(FIGURES)).iter("{http://www.w3.org/2000/svg}text")
    told = {text.text for text in drawn}
    for one in FIGURES["programs"].values():
        for way in ("bare_ms", "fresh_ms", "service_ms"):
            assert f"{one[way]['p50']:.0f} ms" in told
