-- grain: a value that a label set holds under a key that some step of attribution looks at
-- key: x_LabelSetId, x_AttributionStep, x_Target, x_KeyPosition, x_LabelValue
-- materialized: table
WITH
found AS (
  SELECT DISTINCT
    v.x_LabelSetId,
    k.x_AttributionStep,
    s.x_StepPosition,
    k.x_Target,
    k.x_KeyPosition,
    k.x_LabelKey,
    v.x_LabelValue
  FROM stg_label_values AS v
  INNER JOIN inp_label_keys AS k ON k.x_LabelScope = v.x_LabelScope AND k.x_LabelKey = LOWER(v.x_LabelKey)
  INNER JOIN inp_steps AS s ON s.x_AttributionStep = k.x_AttributionStep
  -- Tags of FOCUS files have no namespace; those always count.
  LEFT JOIN inp_tag_namespaces AS n ON n.x_LabelNamespace = '*' OR n.x_LabelNamespace = v.x_LabelNamespace
  WHERE
    v.x_LabelValue IS NOT NULL
    AND TRIM(v.x_LabelValue) <> ''
    AND (v.x_LabelNamespace IS NULL OR n.x_LabelNamespace IS NOT NULL)
)

SELECT
  x_LabelSetId,
  x_AttributionStep,
  x_StepPosition,
  x_Target,
  x_KeyPosition,
  x_LabelKey,
  x_LabelValue,
  REPLACE(REPLACE(REPLACE(REPLACE(LOWER(TRIM(x_LabelValue)), '_', '-'), '.', '-'), '/', '-'), ' ', '-') AS x_MatchValue,
  -- What GKE cost allocation writes where there is no namespace to charge (Google's documentation of 2022-06).
  CASE
    WHEN x_LabelKey <> 'k8s-namespace' THEN NULL
    WHEN x_LabelValue = 'kube:unallocated' THEN 'kubernetes-idle'
    WHEN x_LabelValue = 'kube:system-overhead' THEN 'kubernetes-overhead'
    WHEN x_LabelValue = 'goog-k8s-unknown' OR x_LabelValue = 'goog-k8s-unsupported-sku' THEN 'kubernetes-unknown'
  END AS x_PseudoNamespaceReason
FROM found
