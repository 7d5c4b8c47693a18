/**
 * A readable group for a SKU, from its service and its description: the first pattern that matches decides.
 * Patterns are RE2 over `<service> | <description>` in lower case; the words are those of Google's and AWS' price lists.
 */
const SKU_GROUPS: readonly (readonly [group: string, pattern: string])[] = [
  ['Support', String.raw`^support|(premium|enhanced|enterprise|business|developer|standard) support`],
  ['Commitment fees', String.raw`\| *(commitment|committed use|reserved? instance|savings plan)|\| .*commitment fee`],
  ['Licences', String.raw`licen[cs]|\| .*(windows server|red hat|rhel|suse|sql server)`],
  ['GPUs', String.raw`\b(gpu|nvidia|tpu)\b`],
  [
    'Network',
    String.raw`egress|ingress|data transfer|network|load balanc|\bip address|\bnat\b|interconnect|vpn|bandwidth|cdn|dns|forwarding rule|cloud armor`,
  ],
  ['Slots', String.raw`\bslots?\b|bigquery.*\bedition\b`],
  ['Analysis', String.raw`\banalysis\b|query|data scanned|bytes scanned`],
  ['Backup', String.raw`backup|snapshot`],
  [
    'Object storage',
    String.raw`(cloud storage|simple storage service|object storage|blob storage|\bs3\b).*(storage|standard|nearline|coldline|archive|retrieval)`,
  ],
  ['Operations', String.raw`operations?\b|requests?\b|invocations?|api calls?|class [ab]\b|messages?`],
  [
    'Disk',
    String.raw`\bpd\b|persistent disk|hyperdisk|local ssd|\bebs\b|volume usage|managed disk|ssd backed|filestore`,
  ],
  ['Storage', String.raw`storage|\bgb-mo`],
  ['Memory', String.raw`\b(ram|memory)\b`],
  ['Compute cores', String.raw`\b(core|cores|vcpu|cpu|instance|boxusage|virtual machine)\b|compute engine`],
  ['Kubernetes', String.raw`kubernetes|openshift`],
  ['Streaming', String.raw`throughput|streaming|\bingestion\b|pub/sub|kinesis|kafka`],
  ['Logs and metrics', String.raw`logging|monitoring|cloudwatch|metric|trace`],
];

/** `sku_group(service, description, category)`: Tax and Adjustment go before any pattern; `Other` where none matches. */
export const skuGroupMacro = `CREATE MACRO sku_group(service, description, category) AS CASE
  WHEN category = 'Tax' THEN 'Tax'
  WHEN category IN ('Adjustment', 'Credit') THEN 'Adjustments'
${SKU_GROUPS.map(([group, pattern]) => `  WHEN regexp_matches(lower(concat(service, ' | ', description)), '${pattern}') THEN '${group}'`).join('\n')}
  ELSE 'Other' END`;
