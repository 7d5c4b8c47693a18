import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';

/**
 * Generated companies: a handful of billing rows in the detailed schema with everything that makes Google's export hard,
 * and a small catalog. Amounts are whole nano-units, so that the truth can be reckoned in bigint beside the product.
 */
export interface WorldRow {
  nanos: bigint;
  listNanos: bigint | null;
  creditNanos: bigint[];
  month: '202606' | '202607';
  day: string;
  hour: number;
  project: 'none' | 'empty' | 'shop' | 'lake';
  labels: Record<string, string>;
  costType: 'regular' | 'tax' | 'adjustment' | 'rounding_error';
  currency: 'USD' | 'SEK';
  exportDay: string;
}

export interface World {
  rows: WorldRow[];
  /** Shares in per cent of the two owners of the component `shared`. */
  share: number;
  /** Whether the component `mover` changes squad in the middle of June. */
  moves: boolean;
}

const nanos = fc.oneof(
  fc.bigInt({ min: -5_000_000_000n, max: 5_000_000_000n }),
  fc.constantFrom(0n, 1n, -1n, 999_999_999n, 100_000_000_000_000n),
);

const row: fc.Arbitrary<WorldRow> = fc.record({
  nanos,
  listNanos: fc.option(nanos),
  creditNanos: fc.array(fc.bigInt({ min: -3_000_000_000n, max: 0n }), { maxLength: 3 }),
  month: fc.constantFrom('202606', '202607'),
  day: fc.constantFrom('2026-05-31', '2026-06-01', '2026-06-15', '2026-06-16', '2026-06-30', '2026-07-01'),
  hour: fc.integer({ min: 0, max: 23 }),
  project: fc.constantFrom('none', 'empty', 'shop', 'lake'),
  labels: fc.constantFrom<Record<string, string>[]>(
    {},
    { component: 'mover' },
    { component: 'shared' },
    { component: 'sharde' },
    { squad: 'red' },
    { component: 'mover', squad: 'blue' },
    { 'k8s-namespace': 'kube:unallocated', 'goog-k8s-cluster-name': 'main' },
    { 'k8s-namespace': 'mover', 'goog-k8s-cluster-name': 'main' },
  ),
  costType: fc.constantFrom('regular', 'regular', 'regular', 'tax', 'adjustment', 'rounding_error'),
  currency: fc.constantFrom('USD', 'USD', 'SEK'),
  exportDay: fc.constantFrom('2026-06-02', '2026-06-17', '2026-07-02', '2026-07-05'),
});

export const world: fc.Arbitrary<World> = fc.record({
  rows: fc
    .tuple(fc.array(row, { minLength: 1, maxLength: 40 }), fc.nat({ max: 3 }))
    .map(([rows, twins]) => [...rows, ...rows.slice(0, twins)]),
  share: fc.integer({ min: 1, max: 99 }),
  moves: fc.boolean(),
});

/** What the invoice of each month and currency says, in nano-units: cost plus credits over every row. */
export function invoiceTotals(rows: WorldRow[]): Record<string, bigint> {
  const totals: Record<string, bigint> = {};
  for (const { month, currency, nanos: cost, creditNanos } of rows) {
    const key = `${month.slice(0, 4)}-${month.slice(4)} ${currency}`;
    totals[key] = (totals[key] ?? 0n) + creditNanos.reduce((sum, credit) => sum + credit, cost);
  }
  return totals;
}

/** An exact decimal string as nano-units. */
export function toNanos(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const magnitude = BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
  return decimal.startsWith('-') ? -magnitude : magnitude;
}

/**
 * Writes the world below `folder` and gives its configuration's path. `files` says how many files the rows are dealt into;
 * each file has a resource of its own, since of two files with the same bytes one is a copy.
 */
export function writeWorld(folder: string, { rows, share, moves }: World, files: number, more = ''): string {
  for (let file = 0; file < files; file++) {
    const lines = rows.filter((_, index) => index % files === file).map((row) => exportLine(row, file));
    write(join(folder, 'export', `part-${file}.ndjson`), lines.join('\n') + (lines.length ? '\n' : ''));
  }
  write(join(folder, 'catalog', 'before', 'all.yaml'), catalogYaml('red', share));
  write(join(folder, 'catalog', 'after', 'all.yaml'), catalogYaml(moves ? 'blue' : 'red', share));
  const config = join(folder, 'worthwhile.yaml');
  write(
    config,
    `workspace: ./data
sources:
  - { name: gcp, kind: gcp-billing-detailed, files: [./export/*.ndjson] }
catalog:
  history:
    - { asOf: 2026-01-01, files: [./catalog/before/*.yaml] }
    - { asOf: 2026-06-16, files: [./catalog/after/*.yaml] }
attribution: { componentLabels: [component], squadLabels: [squad] }
${more}`,
  );
  return config;
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const PROJECTS = { none: null, empty: { id: null }, shop: { id: 'shop-prod' }, lake: { id: 'lake-prod' } };

function exportLine(row: WorldRow, file: number): string {
  const start = `${row.day}T${String(row.hour).padStart(2, '0')}:00:00Z`;
  const line = {
    billing_account_id: '010101-F0FFF0-61C528',
    service: { id: '6F81-5844-456A', description: 'Compute Engine' },
    sku: { id: '2E27-4F75-95CD', description: 'N1 Predefined Instance Core running in Americas' },
    usage_start_time: start,
    usage_end_time: start,
    project: PROJECTS[row.project],
    resource: { name: `vm-${file}` },
    labels: Object.entries(row.labels).map(([key, value]) => ({ key, value })),
    export_time: `${row.exportDay}T04:00:00Z`,
    cost: `#${decimalText(row.nanos)}#`,
    currency: row.currency,
    credits: row.creditNanos.map((credit) => ({ name: 'c', amount: `#${decimalText(credit)}#`, type: 'DISCOUNT' })),
    invoice: { month: row.month },
    cost_type: row.costType,
    cost_at_list: row.listNanos === null ? null : `#${decimalText(row.listNanos)}#`,
  };
  return JSON.stringify(line).replaceAll(/"#(.*?)#"/g, '$1');
}

function decimalText(nano: bigint): string {
  const magnitude = nano < 0n ? -nano : nano;
  const text = `${magnitude / 1_000_000_000n}.${String(magnitude % 1_000_000_000n).padStart(9, '0')}`;
  return nano < 0n ? `-${text}` : text;
}

function catalogYaml(moverOwner: string, share: number): string {
  const group = (name: string): string => `apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: ${name} }
spec: { type: squad, children: [] }
`;
  const component = (name: string, owner: string, annotations: string): string => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name}, annotations: { ${annotations} } }
spec: { type: service, lifecycle: production, owner: ${owner} }
`;
  return [
    group('red'),
    group('blue'),
    component('mover', moverOwner, 'example.com/a: b'),
    component('shared', 'red', `worthwhile.dev/owners: "red=${share}, blue=${100 - share}"`),
    component('lake', 'blue', 'worthwhile.dev/projects: lake-prod'),
  ].join('---\n');
}
