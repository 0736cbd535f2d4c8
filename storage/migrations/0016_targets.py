"""Whom a scenario is for: from a list of tags, worn or not, to a condition like any other."""

from tortoise import migrations
from tortoise.migrations import operations as ops

FORWARD = """
UPDATE scenario_versions v SET definition = jsonb_set(v.definition, '{target}', coalesce(
    (SELECT CASE count(*) WHEN 1 THEN (array_agg(c.condition))[1] ELSE jsonb_build_object('all', jsonb_agg(c.condition)) END
     FROM (SELECT CASE WHEN (t ->> 'has')::boolean THEN jsonb_build_object('tag', t -> 'tag')
                       ELSE jsonb_build_object('not', jsonb_build_object('tag', t -> 'tag')) END AS condition
           FROM jsonb_array_elements(v.definition -> 'target') AS t) AS c
     HAVING count(*) > 0), 'null'::jsonb))
WHERE jsonb_typeof(v.definition -> 'target') = 'array'
"""


class Migration(migrations.Migration):
    dependencies = [("storage", "0015_lots")]

    operations = [ops.RunSQL(FORWARD, "SELECT 1")]
