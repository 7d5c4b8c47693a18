import type { DuckDBConnection } from '@duckdb/node-api';
import { billingDayMacro } from './billing-clock.ts';
import { skuGroupMacro } from './sku-groups.ts';

/**
 * BigQuery's names for what DuckDB calls otherwise, so that `intermediate/` and `marts/` are one text for both engines.
 * COUNTIF, ARRAY_LENGTH, STARTS_WITH, SPLIT and IF are already the same in both.
 */
const PORTABLE_MACROS = [
  'CREATE MACRO FORMAT_DATE(pattern, day) AS strftime(CAST(day AS DATE), pattern)',
  'CREATE MACRO REGEXP_CONTAINS(value, pattern) AS regexp_matches(value, pattern)',
  'CREATE MACRO DIV(dividend, divisor) AS dividend // divisor',
  "CREATE MACRO UNIX_DATE(day) AS (CAST(day AS DATE) - DATE '1970-01-01')",
];

/** What staging alone uses; part of the hash under which compacted charges are kept. */
export const STAGING_MACROS = [
  // 16 hex digits that the same texts give on every machine and DuckDB version; null differs from ''.
  `CREATE MACRO stable_id(texts) AS
    left(md5(array_to_string(list_transform(texts, lambda part: coalesce('=' || part, '-')), chr(31))), 16)`,
  // Down, also below zero: what is cut off is then never negative. See stg_rounded_charges.
  `CREATE MACRO cut_to_nano(amount) AS CASE
    WHEN amount::DECIMAL(38, 9) > amount THEN amount::DECIMAL(38, 9) - 0.000000001::DECIMAL(38, 9)
    ELSE amount::DECIMAL(38, 9) END`,
  'CREATE MACRO nano() AS 0.000000001::DECIMAL(38, 9)',
  `CREATE MACRO is_commitment_fee(description) AS
    regexp_matches(lower(description), '^(commitment|committed use)')`,
  // With their lengths, because DuckDB's hash does not tell where one list ends and the next begins (1.5.6).
  `CREATE MACRO lists_hash(labels, tags, project_labels, ancestors) AS hash(
    len(labels), labels, len(tags), tags, len(project_labels), project_labels, len(ancestors), ancestors)`,
  `CREATE MACRO google_label_set(labels, tags, project_labels, ancestors) AS list_concat(
    list_transform(labels, lambda item: {'scope': 'label', 'key': item.key, 'value': item.value, 'namespace': NULL::VARCHAR}),
    list_transform(tags, lambda item: {
      'scope': CASE WHEN item.inherited THEN 'inherited-tag' ELSE 'tag' END,
      'key': item.key, 'value': item.value, 'namespace': item.namespace}),
    list_transform(project_labels, lambda item:
      {'scope': 'project-label', 'key': item.key, 'value': item.value, 'namespace': NULL::VARCHAR}),
    list_transform(list_filter(ancestors, lambda item: starts_with(item.resource_name, 'folders/')), lambda item:
      {'scope': 'folder', 'key': 'folder', 'value': item.resource_name, 'namespace': NULL::VARCHAR}))`,
  // A Tags text that is no JSON object stays visible as one label of its own.
  `CREATE MACRO focus_label_set(tags) AS CASE
    WHEN tags IS NULL THEN []
    WHEN json_valid(tags) AND json_type(tags) = 'OBJECT' THEN list_transform(
      map_entries(CAST(CAST(tags AS JSON) AS MAP(VARCHAR, VARCHAR))),
      lambda item: {'scope': 'label', 'key': item.key, 'value': item.value, 'namespace': NULL::VARCHAR})
    ELSE [{'scope': 'label', 'key': 'Tags', 'value': tags, 'namespace': NULL::VARCHAR}] END`,
  skuGroupMacro,
];

/** Makes a fresh database ready for the model's SQL: the macros, and the billing clock as one of them. */
export async function prepareModelSession(connection: DuckDBConnection, timezone: string): Promise<void> {
  for (const macro of [...PORTABLE_MACROS, ...STAGING_MACROS]) await connection.run(macro);
  await connection.run(await billingDayMacro(connection, timezone));
}
