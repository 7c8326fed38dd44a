"""The sealed records as JSON Lines that can be verified without this site, or any database.

A line is an object with a ``type``:

* ``seal``: ``header``, ``signature``, ``leaves`` (``kind key leaf`` each), and
  ``removals``, signed, of records that were pruned from it. Its records follow.
* ``record``: the ``record`` as it was hashed, and its ``opening``: the personal
  fields with their salt, or null for what has none or forgot them.
* ``source``: ``hash`` and ``files`` of each source, at the end.

``docs/verify_export.py`` reads all of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from audit import leaves, packing
from audit.models import Source
from audit.sealed import Removal, Seal, What


def lines() -> Iterator[str]:
    """The whole archive, a line at a time, each with its line break."""
    for item in _items():
        yield json.dumps(item) + "\n"


def _items() -> Iterator[dict[str, Any]]:
    for seal in Seal.objects.order_by("number").iterator(chunk_size=20):
        yield {
            "type": "seal",
            "header": seal.header(),
            "signature": seal.signature,
            "leaves": seal.leaves.split("\n"),
            "removals": [
                {"statement": removal.statement(), "signature": removal.signature}
                for removal in Removal.objects.filter(what=What.PRUNED, from_seal=seal.number)
            ],
        }
        for one in leaves.of_seal(seal.number, seal.form):
            opening = one.opening and json.loads(one.opening)
            yield {"type": "record", "record": json.loads(one.text), "opening": opening}
    for source in Source.objects.iterator(chunk_size=20):
        files = {name: packing.described(data) for name, data in source.contents().items()}
        yield {"type": "source", "hash": source.hash, "files": files}
