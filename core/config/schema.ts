import { z } from 'zod';
import { SOURCE_KINDS } from '../lake.ts';

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'use lower-case letters, digits, "-" and "_", beginning with a letter or digit');
const day = z.iso.date();
const files = z.array(z.string().min(1)).min(1, 'name at least one file or glob');

const source = z.strictObject({
  name,
  kind: z.enum(SOURCE_KINDS),
  files,
});

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

const catalog = z.strictObject({
  files: z.array(z.string().min(1)).default([]),
  /** Earlier states of the catalog, for ownership before the first load; `asOf` is their first valid day. */
  history: z.array(z.strictObject({ asOf: day, files })).default([]),
  annotations: catalogAnnotations.default(catalogAnnotations.parse({})),
  /** Group types that are squads; every other group above them may be a tribe. */
  squadTypes: z.array(z.string()).default(['squad', 'team']),
});

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
  .strictObject({
    source: z.string().optional(),
    project: z.string().optional(),
    service: z.string().optional(),
    sku: z.string().optional(),
    region: z.string().optional(),
    chargeCategory: z.string().optional(),
    label: z.strictObject({ key: z.string(), value: z.string().default('*') }).optional(),
  })
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

const driver = z.strictObject({ name, files });
const pool = z.looseObject({ name });
const metric = z.strictObject({
  name,
  title: z.string(),
  format: z.enum(['number', 'currency']).default('number'),
  files,
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
  catalog: catalog.default(catalog.parse({})),
  attribution: attribution.default(attribution.parse({})),
  drivers: z.array(driver).default([]),
  pools: z.array(pool).default([]),
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
export type CatalogConfig = Parsed['catalog'];
export type AttributionConfig = Parsed['attribution'];
export type AttributionRule = AttributionConfig['rules'][number];
