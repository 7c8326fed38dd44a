"""Verify what `manage.py audit export` wrote: python3 verify_export.py FILE PUBLIC_KEY [HEAD]

Needs Python 3.8 and the package `cryptography`, and nothing of Cloister. PUBLIC_KEY is what
`manage.py audit key` prints; HEAD the digest of an anchor, which the last seal must have.
"""

import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def merkle_root(leaves):
    level = [bytes.fromhex(leaf) for leaf in leaves]
    while len(level) > 1:
        pairs, odd = zip(level[::2], level[1::2]), level[len(level) & ~1 :]
        level = [hashlib.sha256(b"\1" + left + right).digest() for left, right in pairs] + odd
    return level[0].hex()


def check(right, what):
    if not right:
        sys.exit(f"WRONG: {what}")


def main(path, key, head=None):
    public, previous, number, count, owed, hidden = (
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)), "0" * 64, 0, 0, {}, 0,
    )  # fmt: skip
    for item in map(json.loads, open(path, encoding="ascii")):
        if item["type"] == "seal":
            check(not owed, f"seal {number}: {next(iter(owed), '')} is missing")
            header, number, name = item["header"], number + 1, f"seal {number + 1}"
            check((header["number"], header["previous"]) == (number, previous), f"{name}: chain")
            owed = dict(line.rsplit(" ", 1) for line in item["leaves"])
            check(len(owed) == header["count"], f"{name}: number of records")
            check(merkle_root(list(owed.values())) == header["root"], f"{name}: root")
            public.verify(bytes.fromhex(item["signature"]), canonical(header))
            for one in item["removals"]:
                public.verify(bytes.fromhex(one["signature"]), canonical(one["statement"]))
                check(one["statement"]["from_seal"] == number, f"{name}: a removal of another")
                owed = {
                    k: v
                    for k, v in owed.items()
                    if k not in one["statement"]["records"].split("\n")
                }
            previous = sha256(canonical(header))
        elif item["type"] == "record":
            record, opening, count = item["record"], item["opening"], count + 1
            name = f"{record['kind']} {record['id']}"
            check(name in owed, f"seal {number}: {name} was inserted")
            check(
                owed.pop(name) == sha256(b"\0" + canonical(record)),
                f"seal {number}: {name} changed",
            )
            if opening:
                check(
                    sha256(canonical(opening)) == record["personal"], f"{name}: its person changed"
                )
            hidden += "personal" in record and not opening
        else:
            text = json.dumps(
                item["files"], sort_keys=True, ensure_ascii=False, separators=(",", ":")
            )
            check(sha256(text.encode()) == item["hash"], f"source {item['hash']} changed")
    check(not owed, f"seal {number}: {next(iter(owed), '')} is missing")
    check(head in (None, previous), f"the last seal is {previous}, not the anchored one")
    print(
        f"{count} records in {number} seals, {hidden} of forgotten people; head {number} {previous}"
    )


try:
    main(*sys.argv[1:])
except (InvalidSignature, ValueError, KeyError) as error:
    sys.exit(f"WRONG: {type(error).__name__}: {error}")
