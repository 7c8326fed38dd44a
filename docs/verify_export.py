"""Verify an export of the records: python3 verify_export.py FILE PUBLIC_KEYS [HEAD]

FILE is what “manage.py audit export” wrote, PUBLIC_KEYS what “audit key” prints and printed before
the key was changed, with commas between, HEAD the digest of an anchor that the last seal must have.
Needs the package cryptography, and nothing of Cloister.
"""

import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def canonical(value, **form):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), **form).encode()


def root(leaves):
    level = [bytes.fromhex(leaf) for leaf in leaves]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2])
        level = [hashlib.sha256(b"\1" + left + right).digest() for left, right in pairs] + odd
    return level[0].hex()


class Export:
    def __init__(self, keys):
        self.keys = {
            key: Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)) for key in keys.split(",")
        }
        self.number, self.count, self.head, self.owed, self.sources = 0, 0, "0" * 64, {}, set()

    def check(self, right, what):
        if not right:
            raise ValueError(f"seal {self.number}: {what}")

    def signed(self, statement, signature):
        self.check(statement["key"] in self.keys, "is signed with another key")
        self.keys[statement["key"]].verify(bytes.fromhex(signature), canonical(statement))

    def seal(self, header, signature, leaves, removals):
        self.end()
        self.number += 1
        self.owed = dict(line.rsplit(" ", 1) for line in leaves)
        chain = (self.number, self.head, len(self.owed), root(self.owed.values()))
        expected = (header[name] for name in ("number", "previous", "count", "root"))
        self.check(chain == tuple(expected), "does not fit its records or the seal before")
        self.signed(header, signature)
        for removal in removals:
            statement = removal["statement"]
            self.signed(statement, removal["signature"])
            self.check(statement["from_seal"] == self.number, "has a removal of another")
            for name in statement["records"].split("\n"):
                self.owed.pop(name, None)
        self.head = sha256(canonical(header))

    def record(self, record, opening):
        name, self.count = f"{record['kind']} {record['id']}", self.count + 1
        self.check(self.owed.pop(name, "") == sha256(b"\0" + canonical(record)), f"{name} changed")
        fits = not opening or sha256(canonical(opening)) == record["personal"]
        self.check(fits, f"the person of {name} changed")
        self.sources.update({record["source_id"]} if "source_id" in record else ())

    def source(self, hash, files):
        fits = sha256(canonical(files, ensure_ascii=False)) == hash
        self.check(fits, f"source {hash} changed")
        self.sources.discard(hash)

    def end(self):
        self.check(not self.owed, f"{next(iter(self.owed), '')} is missing")


def main(path, keys, head=None):
    export = Export(keys)
    with open(path, encoding="ascii") as lines:
        for item in map(json.loads, lines):
            getattr(export, item.pop("type"))(**item)
    export.end()
    export.check(not export.sources, f"source {next(iter(export.sources), '')} is missing")
    export.check(head in (None, export.head), f"has the head {export.head}, not the anchored one")
    print(f"{export.count} records in {export.number} seals; head {export.head}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        sys.exit(f"WRONG: {type(error).__name__}: {error}")
