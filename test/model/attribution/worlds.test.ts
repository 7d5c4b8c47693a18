import fc from 'fast-check';
import { expect, test } from 'vitest';
import { selectRows } from '../../../core/duckdb.ts';
import { component, load, squad } from '../inputs/catalog.ts';
import { attribute, sharesOf, type Charge, type World } from './oracle.ts';
import { withModelOver, type StagedWorld } from './run-model.ts';

const SQUADS = ['red', 'blue', 'green'];
const COMPONENTS = ['web', 'api', 'lake'];
const VALUES = [...COMPONENTS, ...SQUADS, 'legacy', 'stranger'];
const DAYS = ['2026-01-31', '2026-02-01', '2026-02-14', '2026-02-15', '2026-03-01'];
const LATER = [...DAYS, '2999-12-31'];

const split = fc.constantFrom<Record<string, number>[]>(
  { red: 1 },
  { blue: 1 },
  { ghost: 1 },
  { red: 0.6, blue: 0.4 },
  { red: 0.333333333, blue: 0.333333333, ghost: 0.333333334 },
  { ghost: 0.000000001, green: 0.999999999 },
  {},
);
const catalog = fc.record({
  components: fc.dictionary(fc.constantFrom(...COMPONENTS), split, { noNullPrototype: true }),
  squads: fc.subarray(SQUADS),
  projects: fc.dictionary(fc.constantFrom('shop', 'lab'), fc.constantFrom(...COMPONENTS), { noNullPrototype: true }),
});
const span = fc.record({ from: fc.constantFrom('1900-01-01', ...DAYS), to: fc.constantFrom(...LATER) });
const target = fc.oneof(
  fc.record({ component: fc.constantFrom(...COMPONENTS) }),
  fc.record({ squad: fc.constantFrom(...SQUADS, 'outsider') }),
);
const label = fc.record({
  scope: fc.constantFrom('label', 'tag', 'inherited-tag', 'project-label'),
  key: fc.constantFrom('component', 'app', 'squad', 'team', 'env'),
  value: fc.constantFrom(...VALUES),
});
const labels = fc.uniqueArray(label, { maxLength: 4, selector: ({ scope, key }) => `${scope} ${key}` });
const charge = fc.record({
  day: fc.constantFrom(...DAYS),
  labelSet: fc.constantFrom('l0', 'l1', 'l2', 'l3'),
  project: fc.constantFrom('shop', 'lab', 'unknown', null),
  service: fc.constantFrom('BigQuery', 'Support'),
  category: fc.constantFrom('Usage', 'Tax', 'Adjustment', 'Purchase'),
  nanos: fc.oneof(fc.integer({ min: -5_000_000_000, max: 5_000_000_000 }), fc.constantFrom(0, 1, -1, 2, 999_999_999)),
});

const world: fc.Arbitrary<World> = fc
  .record({
    order: fc.shuffledSubarray(['rule', 'label', 'tag', 'inherited-tag', 'project-label', 'project'], { minLength: 3 }),
    catalogs: fc.array(catalog, { maxLength: 3 }),
    alias: fc.option(fc.tuple(target, span)),
    rules: fc.array(
      fc.tuple(
        fc.record({
          project: fc.option(fc.constantFrom('shop', 'lab'), { nil: undefined }),
          service: fc.constantFrom('BigQuery', 'Support'),
        }),
        target,
        span,
      ),
      { maxLength: 2 },
    ),
    labelSets: fc.tuple(labels, labels, labels, labels),
    charges: fc.array(charge, { minLength: 1, maxLength: 12 }),
  })
  .map(({ order, catalogs, alias, rules, labelSets, charges }) => ({
    order,
    loads: catalogs.map((facts, index) => ({
      from: ['2026-01-15', '2026-02-01', '2026-02-15'][index]!,
      ...facts,
      projects: Object.fromEntries(Object.entries(facts.projects).filter(([, id]) => id in facts.components)),
    })),
    aliases: alias ? [{ value: 'legacy', ...alias[0], ...alias[1] }] : [],
    rules: rules.map(([when, to, days]) => ({ ...when, ...to, ...days })),
    labelSets: Object.fromEntries(labelSets.map((set, index) => [`l${index}`, set])),
    charges: charges.map((facts, index) => ({ id: `c${index}`, ...facts })),
  }));

test('the model attributes every charge as a plain reading of the design does, and no check fails', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (company) => {
      await withModelOver(asStaged(company), async (connection, failedChecks) => {
        const rows = await selectRows<Record<string, string | null>>(
          connection,
          `SELECT x_ChargeId, x_AttributionStep, ComponentId, SquadId, x_LabelledSquadId, x_UnallocatedReason
           FROM int_charges_attributed ORDER BY x_ChargeId`,
        );
        const expected = company.charges.map((each) => ({ id: each.id, ...attribute(company, each) }));
        expect(
          rows.map((row) => ({
            id: row['x_ChargeId'],
            step: row['x_AttributionStep'],
            component: row['ComponentId'],
            squad: row['SquadId'],
            labelled: row['x_LabelledSquadId'],
            reason: row['x_UnallocatedReason'],
          })),
        ).toEqual(expected.sort((a, b) => (a.id < b.id ? -1 : 1)));
        expect(failedChecks).toEqual([]);
      });
    }),
    { numRuns: 25 },
  );
}, 180_000);

test('every squad is charged its shares, within a nano-unit a charge, and all squads together exactly the bill', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (company) => {
      const charged = await withModelOver(asStaged(company), (connection) =>
        selectRows<{ SquadId: string; nanos: string; count: string }>(
          connection,
          `SELECT SquadId, CAST(SUM(BilledCost) * 1000000000 AS HUGEINT) AS nanos, SUM(x_ChargeCount) AS "count"
           FROM fct_chargeback GROUP BY SquadId`,
        ),
      );
      const expected = new Map<string, number>();
      for (const each of company.charges) {
        for (const [owner, share] of sharesOf(company, each, attribute(company, each))) {
          expected.set(owner, (expected.get(owner) ?? 0) + each.nanos * share);
        }
      }

      expect(sum(charged.map(({ nanos }) => BigInt(nanos)))).toBe(
        sum(company.charges.map(({ nanos }) => BigInt(nanos))),
      );
      expect(sum(charged.map(({ count }) => BigInt(count)))).toBe(BigInt(company.charges.length));
      for (const { SquadId, nanos } of charged) {
        expect(Math.abs(Number(nanos) - (expected.get(SquadId) ?? Number.NaN))).toBeLessThanOrEqual(
          company.charges.length,
        );
      }
    }),
    { numRuns: 20 },
  );
}, 180_000);

const sum = (values: bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

function asStaged(company: World): StagedWorld {
  return {
    attribution: {
      order: company.order,
      aliases: company.aliases,
      rules: company.rules.map(({ project, service, ...rest }) => ({ when: { project, service }, ...rest })),
    },
    loads: company.loads.map(({ from, components, squads, projects }) =>
      load(from, {
        squads: squads.map((id) => squad(id)),
        components: Object.entries(components).map(([id, owners]) =>
          component(id, Object.fromEntries(Object.entries(owners).map(([owner, share]) => [owner, share.toFixed(9)])), {
            projects: Object.keys(projects).filter((project) => projects[project] === id),
          }),
        ),
      }),
    ),
    labels: Object.entries(company.labelSets).flatMap(([id, set]) =>
      set.map(({ scope, key, value }, index) => ({
        x_LabelSetId: id,
        x_LabelPosition: index + 1,
        x_LabelScope: scope,
        x_LabelKey: key,
        x_LabelValue: value,
      })),
    ),
    charges: company.charges.map(chargeRow),
  };
}

function chargeRow({ id, day, labelSet, project, service, category, nanos }: Charge) {
  const amount = `${nanos < 0 ? '-' : ''}${(Math.abs(nanos) / 1e9).toFixed(9)}`;
  return {
    x_ChargeId: id,
    BillingPeriodStart: `${day.slice(0, 7)}-01`,
    ChargePeriodStart: day,
    x_ChargeMonth: `${day.slice(0, 7)}-01`,
    BillingCurrency: 'USD',
    ChargeCategory: category,
    SubAccountId: project,
    ServiceName: service,
    x_LabelSetId: labelSet,
    ListCost: amount,
    ContractedCost: amount,
    BilledCost: amount,
    EffectiveCost: amount,
    x_CreditAmount: '0',
    PricingQuantity: '1',
    x_ChargeCount: 1,
  };
}
