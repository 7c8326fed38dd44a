"""An account that changes projects without a pause delays no other account (SQLite)."""

import threading

from tests.service.serving import PATIENCE_SECONDS, eventually
from workspace.turns import Turns

LARGE, SMALL = 8 << 20, 100


def test_account_with_many_large_changes_is_overtaken_by_all_others():
    turns, order = Turns(), []
    began, go = threading.Event(), threading.Event()

    def change(account, size, hold=False):
        with turns.turn(account, size) as begin:
            begin()
            order.append(account)
            if hold:
                began.set()
                assert go.wait(PATIENCE_SECONDS)

    def start(*args):
        threads.append(threading.Thread(target=change, args=args))
        threads[-1].start()

    threads = []
    start("alice", LARGE, True)
    assert began.wait(PATIENCE_SECONDS)
    for _ in range(7):
        start("alice", LARGE)
    eventually(lambda: turns._accounts["alice"].here == 8)
    for account in ("bob", "charlie"):
        start(account, SMALL)
    start("dora", LARGE)
    eventually(lambda: len(turns._accounts) == 4)
    go.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    # Dora's change waits a ninth of the time that alice's next change waits.
    assert order[0] == "alice"
    assert set(order[1:4]) == {"bob", "charlie", "dora"}
    assert order[4:] == ["alice"] * 7


def test_turns_forget_accounts_and_survive_changes_that_fail():
    turns = Turns()
    for account in range(50):
        try:
            with turns.turn(account, LARGE if account % 2 else SMALL) as begin:
                begin()
                raise LookupError
        except LookupError:
            pass
    with turns.turn("last", SMALL) as begin:
        begin()
    eventually(lambda: _touch(turns) <= 1)


def _touch(turns):
    with turns.turn("last", SMALL) as begin:
        begin()
    return len(turns._accounts)
