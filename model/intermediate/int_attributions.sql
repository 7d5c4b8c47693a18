-- grain: what a subject is attributed to over a run of days, and why; or why it is not
-- key: x_SubjectId, ValidFrom
-- materialized: table
--
-- SquadId of a component is its first owner that is a squad; x_OwnerCount says how many owners share it. x_LabelledSquadId: what a squad label says against the owners
-- of the matched component; a rule is a decision, so no label contradicts it. x_UnallocatedReason:
--   owner-unknown          a component matched, but none of its owners is a squad on that day
--   empty-catalog          the catalog had neither component nor squad on that day
--   kubernetes-idle, kubernetes-overhead, kubernetes-unknown  GKE's namespaces for what no workload asked for; a label, the
--                          project or a folder that matches goes first, as the cluster then has an owner
--   label-value-ambiguous  a label value, or the project, is claimed by several entities of the catalog
--   label-value-unknown    there is a label under a key that attribution looks at, but its value is no name in the catalog
--   no-project             none of these labels, and no project
--   no-labels              none of these labels
WITH
candidates AS (
  SELECT
    e.x_SubjectId,
    e.ValidFrom,
    e.ValidTo,
    c.x_AttributionStep,
    c.x_StepPosition,
    c.x_Target,
    c.x_Precedence,
    c.x_KeyPosition,
    c.x_MatchRank,
    c.x_MatchedKey,
    c.x_MatchedValue,
    c.ComponentId,
    c.SquadId,
    c.x_Precedence = 2
    AND c.x_AttributionStep <> 'project'
    AND c.x_AttributionStep <> 'folder' AS x_IsSquadLabel
  FROM int_attribution_epochs AS e
  INNER JOIN int_attribution_candidates AS c
    ON c.x_SubjectId = e.x_SubjectId AND c.ValidFrom <= e.ValidFrom AND e.ValidFrom < c.ValidTo
),

winners AS (
  SELECT *
  FROM candidates
  WHERE TRUE
  QUALIFY
    ROW_NUMBER() OVER (
      PARTITION BY x_SubjectId, ValidFrom
      ORDER BY
        x_Precedence,
        x_StepPosition,
        x_Target,
        x_KeyPosition,
        x_MatchRank,
        x_MatchedValue,
        COALESCE(ComponentId, ''),
        COALESCE(SquadId, '')
    ) = 1
),

squad_labels AS (
  SELECT x_SubjectId, ValidFrom, SquadId
  FROM candidates
  WHERE x_IsSquadLabel
  QUALIFY
    ROW_NUMBER() OVER (
      PARTITION BY x_SubjectId, ValidFrom
      ORDER BY x_StepPosition, x_Target, x_KeyPosition, x_MatchRank, x_MatchedValue, SquadId
    ) = 1
),

owner_counts AS (
  SELECT ComponentId, ValidFrom, ValidTo, COUNT(*) AS x_OwnerCount
  FROM int_component_shares
  GROUP BY ComponentId, ValidFrom, ValidTo
),

first_owners AS (
  SELECT ComponentId, ValidFrom, ValidTo, SquadId
  FROM int_component_shares
  WHERE SquadId IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY ComponentId, ValidFrom ORDER BY x_OwnerPosition) = 1
),

-- What a person would look at first: the first label that attribution looked at, whatever it said.
first_labels AS (
  SELECT x_LabelSetId, x_LabelKey, x_LabelValue
  FROM int_attribution_labels
  WHERE x_PseudoNamespaceReason IS NULL
  QUALIFY
    ROW_NUMBER() OVER (
      PARTITION BY x_LabelSetId
      ORDER BY x_StepPosition, x_Target, x_KeyPosition, x_LabelValue
    ) = 1
),

pseudo_namespaces AS (
  SELECT x_LabelSetId, MIN(x_LabelValue) AS x_LabelValue, MIN(x_PseudoNamespaceReason) AS x_Reason
  FROM int_attribution_labels
  WHERE x_PseudoNamespaceReason IS NOT NULL
  GROUP BY x_LabelSetId
),

found AS (
  SELECT
    e.x_SubjectId,
    e.ValidFrom,
    e.ValidTo,
    w.x_AttributionStep,
    w.x_Precedence,
    w.x_MatchedKey,
    w.x_MatchedValue,
    w.ComponentId,
    CASE WHEN w.ComponentId IS NULL THEN w.SquadId ELSE o.SquadId END AS SquadId,
    COALESCE(n.x_OwnerCount, 0) AS x_OwnerCount,
    CASE
      WHEN w.ComponentId IS NOT NULL AND w.x_AttributionStep <> 'rule' AND s.ComponentId IS NULL THEN l.SquadId
    END AS x_LabelledSquadId
  FROM int_attribution_epochs AS e
  LEFT JOIN winners AS w ON w.x_SubjectId = e.x_SubjectId AND w.ValidFrom = e.ValidFrom
  LEFT JOIN first_owners AS o
    ON o.ComponentId = w.ComponentId AND o.ValidFrom <= e.ValidFrom AND e.ValidFrom < o.ValidTo
  LEFT JOIN owner_counts AS n
    ON n.ComponentId = w.ComponentId AND n.ValidFrom <= e.ValidFrom AND e.ValidFrom < n.ValidTo
  LEFT JOIN squad_labels AS l ON l.x_SubjectId = e.x_SubjectId AND l.ValidFrom = e.ValidFrom
  LEFT JOIN int_component_shares AS s
    ON
      s.ComponentId = w.ComponentId
      AND s.SquadId = l.SquadId
      AND s.ValidFrom <= e.ValidFrom
      AND e.ValidFrom < s.ValidTo
),

reasoned AS (
  SELECT
    f.x_SubjectId,
    f.ValidFrom,
    f.ValidTo,
    f.x_AttributionStep,
    f.x_MatchedKey,
    f.x_MatchedValue,
    f.ComponentId,
    f.SquadId,
    f.x_OwnerCount,
    f.x_LabelledSquadId,
    j.x_LabelSetId,
    j.SubAccountId,
    CASE
      WHEN f.SquadId IS NOT NULL THEN NULL
      WHEN f.ComponentId IS NOT NULL THEN 'owner-unknown'
      WHEN c.x_IsEmpty THEN 'empty-catalog'
      WHEN n.x_Reason IS NOT NULL THEN n.x_Reason
      WHEN f.x_Precedence = 3 THEN 'label-value-ambiguous'
      WHEN l.x_LabelKey IS NOT NULL THEN 'label-value-unknown'
      WHEN j.SubAccountId IS NULL THEN 'no-project'
      ELSE 'no-labels'
    END AS x_UnallocatedReason,
    n.x_LabelValue AS x_PseudoNamespace,
    l.x_LabelKey,
    l.x_LabelValue
  FROM found AS f
  INNER JOIN int_attribution_subjects AS j ON j.x_SubjectId = f.x_SubjectId
  INNER JOIN inp_catalog_states AS c ON c.ValidFrom <= f.ValidFrom AND f.ValidFrom < c.ValidTo
  LEFT JOIN pseudo_namespaces AS n ON n.x_LabelSetId = j.x_LabelSetId
  LEFT JOIN first_labels AS l ON l.x_LabelSetId = j.x_LabelSetId
)

SELECT
  r.x_SubjectId,
  r.ValidFrom,
  r.ValidTo,
  CASE WHEN r.SquadId IS NOT NULL OR r.ComponentId IS NOT NULL THEN r.x_AttributionStep END AS x_AttributionStep,
  CASE
    WHEN STARTS_WITH(r.x_UnallocatedReason, 'kubernetes-') THEN 'k8s-namespace'
    WHEN r.x_UnallocatedReason IN ('label-value-unknown', 'empty-catalog') THEN r.x_LabelKey
    ELSE r.x_MatchedKey
  END AS x_MatchedKey,
  CASE
    WHEN STARTS_WITH(r.x_UnallocatedReason, 'kubernetes-') THEN r.x_PseudoNamespace
    WHEN r.x_UnallocatedReason IN ('label-value-unknown', 'empty-catalog') THEN r.x_LabelValue
    ELSE r.x_MatchedValue
  END AS x_MatchedValue,
  r.ComponentId,
  r.SquadId,
  r.x_OwnerCount,
  r.x_LabelledSquadId,
  r.x_UnallocatedReason,
  r.x_LabelSetId,
  r.SubAccountId,
  s.x_RuleSource,
  s.x_RuleService,
  s.x_RuleSku,
  s.x_RuleSkuDescription,
  s.x_RuleRegion,
  s.x_RuleChargeCategory
FROM reasoned AS r
INNER JOIN int_attribution_subjects AS s ON s.x_SubjectId = r.x_SubjectId
