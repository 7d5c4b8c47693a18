-- grain: one label, tag, project label or folder of a label set
-- key: x_LabelSetId, x_LabelPosition
WITH
label_sets AS (
  SELECT x_LabelSetId, any_value(x_LabelSet) AS x_LabelSet
  FROM compacted_label_sets
  GROUP BY x_LabelSetId
),
labels AS (
  SELECT
    x_LabelSetId,
    unnest(x_LabelSet) AS label,
    generate_subscripts(x_LabelSet, 1) AS x_LabelPosition
  FROM label_sets
)
SELECT
  x_LabelSetId,
  x_LabelPosition,
  label.scope AS x_LabelScope,
  label.key AS x_LabelKey,
  label.value AS x_LabelValue,
  label.namespace AS x_LabelNamespace
FROM labels
