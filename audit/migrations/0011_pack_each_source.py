import json

from django.db import migrations, transaction

from audit import packing

AT_ONCE = 20


def pack_all(apps, schema_editor):
    """Compress sources stored as JSON text; resume where an interrupted run stopped."""
    connection = schema_editor.connection
    done = ""
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(
                "SELECT hash, files FROM audit_source WHERE packed IS NULL AND hash > %s "
                "ORDER BY hash LIMIT %s",
                [done, AT_ONCE],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            cursor.executemany(
                "UPDATE audit_source SET packed = %s WHERE hash = %s",
                [(connection.Database.Binary(packed(files)), key) for key, files in rows],
            )
            done = rows[-1][0]


def packed(files):
    """Return the packed form. Keep malformed text as it is, so that “audit verify” names it."""
    try:
        described = json.loads(files)
        return packing.pack({name: packing.read(file) for name, file in described.items()})
    except (ValueError, TypeError, KeyError, AttributeError):
        text = files if isinstance(files, bytes) else str(files).encode("utf-8", "replace")
        return packing.pack({"unreadable": text})


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0010_packed_sources")]

    operations = [migrations.RunPython(pack_all)]
