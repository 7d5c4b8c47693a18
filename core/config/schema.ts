import { z } from 'zod';
import { chargeConditions, name } from './parts.ts';
import { pools } from './pools.ts';
import { SOURCE_KINDS } from '../lake.ts';

const byteSize = z.string().regex(/^\d+(\.\d+)? ?([KMGT]i?B|B)$/i, 'a size such as 200 GiB');
const BYTE_UNITS = ['', 'K', 'M', 'G', 'T'];

/** `200 GiB` (1024-based) or `200 GB` (1000-based) as a number of bytes. */
function parsedBytes(text: string): bigint {
  const [, amount, prefix, binary] = /^([\d.]+) ?([KMGT]?)(i?)B$/i.exec(text)!;
  const unit = (binary ? 1024 : 1000) ** BYTE_UNITS.indexOf(prefix!.toUpperCase());
  return BigInt(Math.floor(Number(amount) * unit));
}

const day = z.iso.date();
const files = z.array(z.string().min(1)).min(1, 'name at least one file or glob');

/** How BigQuery is reached and paid for; the same keys wherever something is read from it. */
const bigqueryJob = {
  /** The project in which query jobs run and are paid; where left out, the data's own. */
  jobProject: z.string().min(1).optional(),
  /** Where the dataset lies, for example `EU`; asked of the dataset where left out. */
  location: z.string().min(1).optional(),
  /** A query that would read more is not run. */
  maximumBytesBilled: byteSize.default('200 GiB').transform(parsedBytes),
  /** Price of a TiB read on demand, in US dollars; what a dry run shows is reckoned with it. */
  pricePerTiB: z.number().min(0).default(6.25),
  /** Labels put on every job, beside `app: worthwhile`. */
  labels: z.record(z.string(), z.string()).default({}),
  /** Another address of the API, such as an emulator on this machine; it is then called without credentials. */
  apiEndpoint: z.url().nullish(),
};

const bigqueryTable = z.strictObject({
  project: z.string().min(1),
  dataset: z.string().min(1),
  table: z.string().min(1),
  ...bigqueryJob,
  /** `auto`: the Storage Read API where permitted, else paged results; `never`: paged results. */
  storageRead: z.enum(['auto', 'never']).default('auto'),
  /** Another address of the Storage Read API, `host:port`; only together with `apiEndpoint`. */
  storageEndpoint: z.string().nullish(),
});

const bigqueryQuery = z.strictObject({ project: z.string().min(1), query: z.string().min(1), ...bigqueryJob });

const oneOrigin = 'name either `files` or `bigquery`';
const hasOneOrigin = (part: { files?: unknown; bigquery?: unknown }): boolean =>
  (part.files === undefined) !== (part.bigquery === undefined);

const source = z
  .strictObject({
    name,
    kind: z.enum(SOURCE_KINDS),
    files: files.optional(),
    bigquery: bigqueryTable.optional(),
  })
  .refine(hasOneOrigin, oneOrigin);

const catalogAnnotations = z.strictObject({
  /** Google Cloud project ids that belong to the entity, comma-separated. */
  projects: z
    .array(z.string())
    .default(['worthwhile.dev/projects', 'google.com/project-id', 'cloud.google.com/project-id']),
  /** Folder resource names (`folders/123`) that belong to the group, comma-separated. */
  folders: z.array(z.string()).default(['worthwhile.dev/folders']),
  labelValues: z.array(z.string()).default(['worthwhile.dev/label-values']),
  /** Joint owners of a component: `squad-a=60, squad-b=40`. */
  owners: z.array(z.string()).default(['worthwhile.dev/owners']),
  costCentre: z.array(z.string()).default(['worthwhile.dev/cost-centre']),
});

function hasNoCredentials(url: string): boolean {
  const { username, password } = new URL(url);
  return username === '' && password === '';
}

const backstage = z.strictObject({
  /** Where the Backstage backend answers, for example `https://backstage.acme.com`. */
  url: z.url().refine(hasNoCredentials, 'has a name or password in it; put a token into the variable of `tokenEnv`'),
  /** Name of the environment variable with a token for the catalog API. */
  tokenEnv: z.string().min(1).optional(),
  /** A catalog younger than this is not asked for again. */
  maxAgeMinutes: z.number().min(0).default(60),
});

const catalog = z
  .strictObject({
    files: z.array(z.string().min(1)).default([]),
    backstage: backstage.optional(),
    /** Earlier states of the catalog, for ownership before the first load; `asOf` is their first valid day. */
    history: z.array(z.strictObject({ asOf: day, files })).default([]),
    annotations: catalogAnnotations.default(catalogAnnotations.parse({})),
    /** Group types that are squads; every other group above them may be a tribe. */
    squadTypes: z.array(z.string()).default(['squad', 'team']),
  })
  .refine(
    ({ files, backstage }) => files.length === 0 || backstage === undefined,
    'name either `files` or `backstage`: each is the whole catalog; earlier states go under `history`',
  );

const validity = { from: day.optional(), to: day.optional() };

const alias = z
  .strictObject({
    value: z.string().min(1),
    component: z.string().optional(),
    squad: z.string().optional(),
    ...validity,
  })
  .refine((a) => (a.component === undefined) !== (a.squad === undefined), 'name either a component or a squad');

/** Every condition that is given must hold; text compares without case, `*` stands for any run of characters. */
const condition = z
  .strictObject(chargeConditions)
  .refine((c) => Object.values(c).some((v) => v !== undefined), 'a rule needs at least one condition');

const rule = z
  .strictObject({ when: condition, component: z.string().optional(), squad: z.string().optional(), ...validity })
  .refine((r) => (r.component === undefined) !== (r.squad === undefined), 'name either a component or a squad');

/** The order in which attribution looks; the first that finds something decides. */
const ATTRIBUTION_STEPS = [
  'rule',
  'label',
  'kubernetes',
  'tag',
  'inherited-tag',
  'project-label',
  'project',
  'folder',
] as const;

const attribution = z.strictObject({
  order: z.array(z.enum(ATTRIBUTION_STEPS)).default([...ATTRIBUTION_STEPS]),
  componentLabels: z.array(z.string()).default(['component', 'app', 'service']),
  squadLabels: z.array(z.string()).default(['squad', 'team', 'owner']),
  /** Only tags of these namespaces count; empty means any. */
  tagNamespaces: z.array(z.string()).default([]),
  aliases: z.array(alias).default([]),
  rules: z.array(rule).default([]),
});

const driver = z
  .strictObject({
    name,
    /** What is counted, as it reads in a sentence: `bytes written to Kafka`. */
    title: z.string().optional(),
    files: files.optional(),
    bigquery: bigqueryQuery.optional(),
  })
  .refine(hasOneOrigin, oneOrigin);
const metric = z
  .strictObject({
    name,
    title: z.string(),
    format: z.enum(['number', 'currency']).default('number'),
    files: files.optional(),
    bigquery: bigqueryQuery.optional(),
  })
  .refine(hasOneOrigin, oneOrigin);

const cloudBilling = z.strictObject({
  /** Billing accounts, `XXXXXX-XXXXXX-XXXXXX`. */
  accounts: z
    .array(
      z.string().regex(/^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/, 'a billing account id such as 010101-F0FFF0-61C528'),
    )
    .min(1),
  /** Read the public SKU catalog where no pricing export is configured. */
  skuCatalog: z.boolean().default(true),
  /** Another address of the Cloud Billing API, for a stand-in on this machine; it is then called without credentials. */
  apiEndpoint: z.url().nullish(),
});

const decisions = z.strictObject({
  engineerYearlyCost: z.number().positive().default(200_000),
  horizonMonths: z.number().int().positive().default(12),
  discountRate: z.number().min(0).max(1).default(0.1),
  materialityEngineers: z.number().min(0).default(0.5),
});

const engine = z.literal('duckdb', {
  error: 'only "duckdb" is built in this version',
});

const resources = z.strictObject({
  /** DuckDB's memory cap, for example `4GB`; default 60 % of the machine's. */
  memory: z.string().optional(),
  threads: z.number().int().positive().optional(),
});

const serve = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65535).default(4000),
  /** When `serve` runs by itself: five fields of cron; never where left out. */
  schedule: z.string().optional(),
  /** The clock of the schedule, an IANA time zone; the machine's where left out. */
  scheduleTimezone: z.string().optional(),
});

/** The one configuration file. Relative paths are relative to it; an unknown key is an error. */
export const configSchema = z.strictObject({
  company: z.string().default('Your company'),
  workspace: z.string().default('./data'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as USD')
    .default('USD'),
  timezone: z.string().default('America/Los_Angeles'),
  engine: engine.default('duckdb'),
  sources: z.array(source).min(1, 'name at least one source'),
  cloudBilling: cloudBilling.optional(),
  catalog: catalog.default(catalog.parse({})),
  attribution: attribution.default(attribution.parse({})),
  drivers: z.array(driver).default([]),
  pools,
  metrics: z.array(metric).default([]),
  decisions: decisions.default(decisions.parse({})),
  resources: resources.default({}),
  serve: serve.default(serve.parse({})),
  access: z.strictObject({ mode: z.literal('open') }).default({ mode: 'open' }),
});

type Parsed = z.infer<typeof configSchema>;
/** Parsed configuration; every path in it is absolute. `path` is the file it came from. */
export type Config = Parsed & { path: string };
export type SourceConfig = Parsed['sources'][number];
export type BigQueryTable = z.infer<typeof bigqueryTable>;
export type BigQueryQuery = z.infer<typeof bigqueryQuery>;
export type CloudBillingConfig = z.infer<typeof cloudBilling>;
export type BackstageConfig = z.infer<typeof backstage>;
/** A source whose rows lie in files. */
export type FileSource = SourceConfig & { files: string[] };
export type CatalogConfig = Parsed['catalog'];
export type AttributionConfig = Parsed['attribution'];
export type AttributionRule = AttributionConfig['rules'][number];
