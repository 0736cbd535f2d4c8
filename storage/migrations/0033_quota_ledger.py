"""The ledger of what each send has taken, begun with what the outbox knows; what others have sent of the month."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

ZONE = "Asia/Tokyo"  # LINE's months
BEGUN = [
    f"""
    INSERT INTO quota_ledger (month, at, class, source, operation_id, messages)
    SELECT x.month, x.at, x.class, CASE
        WHEN x.cause LIKE 'operation:%' THEN coalesce(
            (SELECT 'broadcast:' || r.broadcast_id FROM broadcast_runs r WHERE r.operation_id = x.operation),
            (SELECT 'deed:' || p.audit_id FROM operations p WHERE p.id = x.operation), 'deed')
        WHEN x.cause LIKE 'command:%' THEN 'deed:' || split_part(x.cause, ':', 2)
        WHEN x.cause ~ '^(event|notice):' THEN split_part(x.cause, ':', 1)
        WHEN x.cause LIKE 'click:%' THEN 'link' ELSE x.cause END, x.operation, x.messages
    FROM (
        SELECT to_char(coalesce(ambiguous_at, attempted_at, finished_at) AT TIME ZONE '{ZONE}', 'YYYY-MM') AS month,
            max(finished_at) AS at, class, cause, sum(cost) AS messages,
            CASE WHEN cause LIKE 'operation:%' THEN substr(cause, 11)::bigint END AS operation
        FROM outbox WHERE state = 'accepted' AND cost > 0 GROUP BY 1, 3, 4
    ) x
    """,
    """
    UPDATE quota_months q SET others = x.others, others_told = x.others FROM (
        SELECT m.month, greatest(0, m.line_used - coalesce(sum(l.messages), 0)) AS others
        FROM quota_months m LEFT JOIN quota_ledger l USING (month) WHERE m.line_used IS NOT NULL GROUP BY m.month
    ) x WHERE q.month = x.month
    """,
    """
    CREATE FUNCTION quota_ledger_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'rows of quota_ledger are only added'; END $$
    """,
    """
    CREATE TRIGGER quota_ledger_stays BEFORE UPDATE OR DELETE ON quota_ledger
    FOR EACH STATEMENT EXECUTE FUNCTION quota_ledger_stays()
    """,
    "CREATE INDEX broadcast_runs_operation ON broadcast_runs (operation_id)",
]
UNDONE = [
    "DROP INDEX broadcast_runs_operation",
    "DROP TRIGGER quota_ledger_stays ON quota_ledger",
    "DROP FUNCTION quota_ledger_stays",
]


class Migration(migrations.Migration):
    dependencies = [("storage", "0032_marks")]

    initial = False

    operations = [
        ops.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("month", fields.CharField(max_length=7)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("klass", fields.CharField(source_field="class", max_length=16)),
                ("source", fields.CharField(max_length=64)),
                ("operation_id", fields.BigIntField(null=True)),
                ("messages", fields.IntField()),
            ],
            options={
                "table": "quota_ledger",
                "app": "storage",
                "indexes": [
                    Index(fields=["month", "source"]),
                    Index(fields=["source"]),
                    Index(fields=["operation_id"]),
                ],
                "pk_attr": "id",
                "table_description": "What LINE took in one batch of ends for one source. A trigger refuses every change of what stands here.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="QuotaMonth",
            name="others",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="QuotaMonth",
            name="others_told",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.RunSQL(BEGUN, UNDONE),
    ]
