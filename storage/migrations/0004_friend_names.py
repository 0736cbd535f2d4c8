"""Friends' names as they are searched: the database keeps each one levelled, in step with storage.names.name_key."""

from tortoise import migrations
from tortoise.migrations import operations as ops

KATAKANA = "".join(map(chr, [*range(0x30A1, 0x30F7), 0x30FD, 0x30FE]))
HIRAGANA = "".join(chr(ord(letter) - 0x60) for letter in KATAKANA)

FORWARD = (
    "ALTER TABLE friends ADD COLUMN name_key text GENERATED ALWAYS AS (translate(lower(normalize("
    "coalesce(display_name, '') || ' ' || coalesce(line_name, ''), NFKC)),"
    f" '{KATAKANA}', '{HIRAGANA}')) STORED"
)


class Migration(migrations.Migration):
    dependencies = [("storage", "0003_outbox")]

    operations = [ops.RunSQL(FORWARD, "ALTER TABLE friends DROP COLUMN name_key")]
