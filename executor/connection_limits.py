"""Limit the connections of each network and of all together.

A connection is *idle* while no whole request of it has arrived. Where a limit is met, the
connection that has been idle the longest makes room, so connections that ask for nothing
keep nobody out; only where none is idle the new one is refused.
"""

from __future__ import annotations

from collections import Counter
from typing import Protocol


class Connection(Protocol):
    """The interface of a connection to these limits."""

    network: str

    def make_room(self) -> None:
        """End the connection now."""


class ConnectionLimits:
    """Counts connections; at most ``per_network`` of one network and ``total`` of all."""

    def __init__(self, per_network: float, total: int) -> None:
        self._per_network = per_network
        self._total = total
        self._open: Counter[str] = Counter()
        self._idle: dict[str, dict[Connection, None]] = {}
        """For each network its idle connections, the longest idle first."""

    def enter(self, new: Connection) -> bool:
        """Count a new, idle connection; return False, without counting, if there is no room."""
        network = new.network
        if self._open[network] >= self._per_network and not self._make_room(network):
            return False
        if self._open.total() >= self._total and not self._make_room(self._most_idle()):
            return False
        self._open[network] += 1
        self.idle(new)
        return True

    def leave(self, network: str) -> None:
        """Remove one connection of ``network`` from the count."""
        self._open[network] -= 1
        if not self._open[network]:
            del self._open[network]

    def idle(self, connection: Connection) -> None:
        self._idle.setdefault(connection.network, {})[connection] = None

    def busy(self, connection: Connection) -> None:
        """Remove a busy or closed connection from the idle ones."""
        idle = self._idle.get(connection.network, {})
        idle.pop(connection, None)
        if not idle:
            self._idle.pop(connection.network, None)

    def _most_idle(self) -> str:
        """Return the network with the most idle connections."""
        return max(self._idle, key=lambda network: len(self._idle[network]), default="")

    def _make_room(self, network: str) -> bool:
        connection = next(iter(self._idle.get(network, ())), None)
        if connection is None:
            return False
        self.busy(connection)
        connection.make_room()
        return True
