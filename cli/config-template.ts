import { stringify } from 'yaml';
import type { SourceKind } from '../core/lake.ts';

export interface TableName {
  project: string;
  dataset: string;
  table: string;
}

/** What the first source of a new configuration is. */
export interface TemplateFacts {
  kind: SourceKind;
  files: string[];
  /** The rows come from this table instead of files. */
  bigquery?: TableName;
  catalog: string[];
}

/** The text of a new `worthwhile.yaml`: every key there is, with its meaning; what is optional is commented out. */
export function configTemplate(facts: TemplateFacts): string {
  return `# Worthwhile. Relative paths start at this file; \`*\` and \`**\` in file names are globs.

company: Your company
workspace: ./data                  # the lake, the warehouse and everything else that is kept
currency: USD                      # what pages open with; currencies are never added up
timezone: America/Los_Angeles      # the billing clock of Google Cloud; leave it unless Google bills you on another
engine: duckdb

# Where the bills are. Kinds:
#   gcp-billing-detailed   Google Cloud's detailed usage cost export
#   gcp-billing-standard   Google Cloud's standard usage cost export
#   gcp-focus              Google Cloud's native FOCUS 1.2 export
#   focus                  FOCUS 1.0 to 1.3 of any provider
#   gcp-pricing            Google Cloud's pricing export; a list, no charges
#   gcp-recommendations    Google Cloud's recommendations export; a list, no charges
# Rows come from files (.parquet .ndjson .json .csv, each also .gz) or are pulled from a BigQuery table.
sources:
  - name: billing
    kind: ${facts.kind}
${origin(facts)}

# The billing accounts, for what no export says: currency, whether they are open, and which projects ought to be in the bills.
# Only read, with the role Billing Account Viewer (roles/billing.viewer) on each.
# cloudBilling: { accounts: ['010101-F0FFF0-61C528'], skuCatalog: true }    # skuCatalog: list prices where no pricing export is pulled

# Who owns what: Backstage catalog files (Component, Resource, System, Domain, Group, User).
catalog:
  files: ${list(facts.catalog)}
  # Instead of files, the catalog API of a Backstage backend; asked again when what is known is older. While it is down, what was
  # known last stays in force. The token lies in an environment variable:
  # backstage: { url: 'https://backstage.acme.com', tokenEnv: BACKSTAGE_TOKEN, maxAgeMinutes: 60 }
  squadTypes: [squad, team]        # Groups of these types are squads; their parents are tribes
  # What the catalog said earlier, for ownership before the first run:
  # history:
  #   - { asOf: 2026-01-01, files: ['./catalog-2026-01/**/*.yaml'] }

# How a charge finds its component or squad. The first step that finds something decides.
attribution:
  order: [rule, label, kubernetes, tag, inherited-tag, project-label, project, folder]
  componentLabels: [component, app, service]
  squadLabels: [squad, team, owner]
  # tagNamespaces: ['123456789012']    # only tags of these namespaces count; empty means any
  # Label values that mean a component or squad of another name, with the days on which they do:
  # aliases:
  #   - { value: playlst-api, component: playlist-api, from: 2026-01-01, to: 2026-07-01 }
  # Explicit rules come first. Conditions: source, project, service, sku, region, chargeCategory, label; \`*\` is any run of characters.
  # rules:
  #   - { when: { project: data-lake-prod, service: BigQuery }, component: warehouse, from: 2026-01-01 }

# Who used how much of what is shared: columns month (or date), consumer (a component or squad, named as in the catalog), quantity.
# Files are .csv, .csv.gz or .parquet; a query gives the same columns and takes the keys that a BigQuery source takes.
# drivers:
#   - { name: kafka-bytes, title: bytes written to Kafka, files: ['./drivers/kafka-bytes.csv'] }
#   - { name: slot-hours, bigquery: { project: acme-data, query: 'SELECT month, consumer, quantity FROM usage.slot_hours' } }

# What is shared, and how it is passed on. The first pool that takes a charge has it; pools may feed each other.
#   of      component, squad, source, project, service, sku, region, chargeCategory, namespace, label; a list means any of them
#   method  even | fixed (by shares) | proportional (to direct cost) | driver (by measured use)
# Whoever has no weight in a period leaves what is there to fallback: previous | even | keep (where it is).
# pools:
#   - { name: kafka, of: { component: kafka }, method: driver, driver: kafka-bytes, fallback: previous }
#   - { name: cluster-idle, of: [{ namespace: 'kube:unallocated' }, { namespace: 'kube:system-overhead' }], method: proportional }
#   - { name: support, of: { service: Support }, method: fixed, shares: { 'squad:search': 60, 'squad:playback': 40 }, from: 2026-01-01 }

# What the business counts, a day: columns date, value. Where it is counted by squad or component, a third column squad or component.
# metrics:
#   - { name: dau, title: Daily active users, format: number, files: ['./metrics/dau.csv'] }
#   - { name: streams, title: Streams started, bigquery: { project: acme-data, query: 'SELECT date, value FROM metrics.streams' } }

# What a saving is held against.
decisions:
  engineerYearlyCost: 200000
  horizonMonths: 12
  discountRate: 0.10
  materialityEngineers: 0.5        # below this share of an engineer a month, a page says so

# resources: { memory: 4GB, threads: 4 }    # default: 60 % of the machine's memory, every core
serve: { host: 127.0.0.1, port: 4000 }
# To let serve run by itself, for those without a scheduler:
# serve: { host: 127.0.0.1, port: 4000, schedule: '0 6 * * *', scheduleTimezone: Europe/Stockholm }
access: { mode: open }             # everyone who reaches the port may read
`;
}

const BIGQUERY_OPTIONS = `jobProject: acme-finops           # where queries run and are paid for; default: the data's project
location: EU                       # default: the table's own
maximumBytesBilled: 200 GiB        # a pull that would read more is not run
pricePerTiB: 6.25                  # US dollars; what a dry run shows is reckoned with it
labels: { team: finops }           # put on every job, beside app: worthwhile
storageRead: auto                  # the Storage Read API where permitted, else paged results; or: never
apiEndpoint: http://127.0.0.1:9050     # an emulator; called without credentials
storageEndpoint: 127.0.0.1:9060        # its Storage Read API`;

/** Where the first source's rows come from, with the other way beside it as a comment. */
function origin({ files, bigquery }: TemplateFacts): string {
  const options = BIGQUERY_OPTIONS.split('\n');
  if (bigquery) {
    const name = Object.entries(bigquery).map(([key, value]) => `      ${key}: ${scalar(value)}`);
    const comments = options.map((line) => `      # ${line}`);
    return ['    bigquery:', ...name, ...comments, "    # files: ['./billing/**/*.parquet']"].join('\n');
  }
  const table = [
    'project: acme-billing',
    'dataset: billing',
    'table: gcp_billing_export_resource_v1_010101_F0FFF0_61C528',
  ];
  return [
    `    files: ${list(files)}`,
    '    # bigquery:                        # instead of files; account hyphens are underscores in table names',
    ...[...table, ...options].map((line) => `    #   ${line}`),
  ].join('\n');
}

function scalar(text: string): string {
  return stringify(text, { defaultStringType: 'QUOTE_SINGLE' }).trim();
}

function list(globs: string[]): string {
  return stringify(globs, { collectionStyle: 'flow', defaultStringType: 'QUOTE_SINGLE', lineWidth: 0 }).trim();
}
