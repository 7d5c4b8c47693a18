interface SkuGroup {
  group: string;
  /** RE2 over the SKU's description in lower case, or over `<service> | <description>` where the service has to speak too. */
  pattern: string;
  over?: keyof typeof TEXTS;
}

/**
 * A readable group for a SKU: the first pattern that matches decides. Descriptions go before services, because a service's name
 * says little of what one SKU of it is ("BigQuery" sells storage too). The words are those of Google's and AWS' price lists.
 */
const SKU_GROUPS: readonly SkuGroup[] = [
  { group: 'Support', pattern: String.raw`\bsupport\b`, over: 'service' },
  {
    group: 'Commitment fees',
    pattern: String.raw`^(commitment|committed use|reserved? instance|savings plan)|commitment fee`,
  },
  { group: 'Licences', pattern: String.raw`licen[cs]|windows server|red hat|\brhel\b|\bsuse\b|sql server` },
  { group: 'GPUs', pattern: String.raw`\b(gpu|nvidia|tpu)\b` },
  {
    group: 'Network',
    pattern: String.raw`egress|ingress|data transfer|network|load balanc|\bip (address|charge)|\bnat\b|interconnect|\bvpn\b|bandwidth|\bcdn\b|\bdns\b|forwarding rule|cloud armor`,
  },
  { group: 'Slots', pattern: String.raw`\bslots?\b` },
  { group: 'Slots', pattern: String.raw`^bigquery.*\| .*\bedition\b`, over: 'both' },
  { group: 'Analysis', pattern: String.raw`\banalysis\b|\bquery\b|\bqueries\b|data scanned|bytes scanned` },
  { group: 'Backup', pattern: String.raw`backup|snapshot` },
  {
    group: 'Operations',
    pattern: String.raw`\boperations?\b|\brequests\b|\binvocations?\b|\bapi calls?\b|class [ab]\b|\bmessages?\b`,
  },
  {
    group: 'Disk',
    pattern: String.raw`\bpd\b|persistent disk|hyperdisk|local ssd|\bebs\b|volume usage|managed disk|ssd backed|filestore`,
  },
  {
    group: 'Object storage',
    pattern: String.raw`(cloud storage|simple storage service|object storage|blob storage|\bs3\b).*\| .*(storage|nearline|coldline|archive|retrieval|gb-mo)`,
    over: 'both',
  },
  { group: 'Storage', pattern: String.raw`storage|\bgb-mo` },
  { group: 'Memory', pattern: String.raw`\b(ram|memory)\b` },
  { group: 'Compute cores', pattern: String.raw`\b(core|cores|vcpu|cpu|instance|boxusage|virtual machine)\b` },
  { group: 'Kubernetes', pattern: String.raw`kubernetes|openshift`, over: 'both' },
  { group: 'Streaming', pattern: String.raw`throughput|streaming|\bingestion\b|pub/sub|kinesis|kafka`, over: 'both' },
  { group: 'Logs and metrics', pattern: String.raw`logging|monitoring|cloudwatch|metric|trace`, over: 'both' },
  { group: 'Compute cores', pattern: String.raw`compute engine`, over: 'service' },
  { group: 'Network', pattern: String.raw`^networking$`, over: 'service' },
];

const TEXTS = {
  description: 'lower(description)',
  service: 'lower(service)',
  both: "lower(concat(service, ' | ', description))",
};

/** `sku_group(service, description, category)`: Tax and Adjustment go before any pattern; `Other` where none matches. */
export const skuGroupMacro = `CREATE MACRO sku_group(service, description, category) AS CASE
  WHEN category = 'Tax' THEN 'Tax'
  WHEN category IN ('Adjustment', 'Credit') THEN 'Adjustments'
${SKU_GROUPS.map(
  ({ group, pattern, over = 'description' }: SkuGroup) =>
    `  WHEN regexp_matches(${TEXTS[over]}, '${pattern}') THEN '${group}'`,
).join('\n')}
  ELSE 'Other' END`;
