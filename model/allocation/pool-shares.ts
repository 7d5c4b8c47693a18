import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from '../../core/duckdb.ts';
import { WorthwhileError } from '../../core/errors.ts';
import type { ComputedRelation } from '../computed.ts';
import { insertRows } from '../inputs/load.ts';
import type { InputRow } from '../inputs/tables.ts';
import { apportion } from './apportion.ts';
import { nano } from './fixed-point.ts';
import type { Network, Target, Weight } from './network.ts';
import { solve, TrappedPools, type FinalShare } from './solve.ts';

/** Who finally pays what part of a pool, with pools that feed pools followed to their end and components split to their owners. */
export const poolShares: ComputedRelation = {
  name: 'int_pool_shares',
  grain: 'what one squad, or one component of it, finally pays of a pool over a run of usage days in a billing month',
  key: [{ name: 'x_ShareId', nullable: false }],
  columns: `x_ShareId BIGINT, BillingPeriodStart DATE, BillingCurrency VARCHAR, x_PoolId VARCHAR, ValidFrom DATE, ValidTo DATE, x_TargetPosition BIGINT,
    SquadId VARCHAR, ComponentId VARCHAR, x_IsKept BOOLEAN, x_ShareHigh BIGINT, x_ShareLow BIGINT`,
  dependsOn: ['int_pool_weights', 'int_component_shares'],
  compute: async (connection) => {
    await connection.run(`CREATE TABLE int_pool_shares (${poolShares.columns})`);
    const rows = (await shareRows(connection)).map((row, index) => ({ x_ShareId: index + 1, ...row }));
    await insertRows(connection, 'int_pool_shares', rows);
  },
};

interface Run {
  month: string;
  currency: string;
  from: string;
  to: string;
}

async function shareRows(connection: DuckDBConnection): Promise<InputRow[]> {
  const owners = await readOwners(connection);
  const rows: InputRow[] = [];
  for (const { run, network } of await readNetworks(connection)) {
    for (const [pool, shares] of solved(network, run)) {
      for (const days of runsOfOwners(run, shares, owners)) rows.push(...rowsOf(pool, days, shares, owners));
    }
  }
  return rows;
}

function solved(network: Network, { month, currency, from }: Run): Map<string, FinalShare[]> {
  try {
    return solve(network);
  } catch (error) {
    if (!(error instanceof TrappedPools)) throw error;
    throw new WorthwhileError(
      'CONFIG_INVALID',
      `pools feed only each other, so nobody would pay for them: ${error.message}`,
      {
        on: `billing month ${month.slice(0, 7)} (${currency}), usage from ${from}`,
        fix: 'give one of these pools a target that is no pool, or a driver row of a consumer outside of them',
        cause: error,
      },
    );
  }
}

async function readNetworks(connection: DuckDBConnection): Promise<{ run: Run; network: Network }[]> {
  const rows = await selectRows<Record<string, string>>(
    connection,
    `SELECT BillingPeriodStart AS "month", BillingCurrency AS currency, ValidFrom AS "from", ValidTo AS "to", x_PoolId AS pool,
       x_TargetKind AS kind, x_Target AS id, x_Weight AS weight
     FROM int_pool_weights ORDER BY ALL`,
  );
  const networks = new Map<string, { run: Run; network: Map<string, Weight[]> }>();
  for (const { month, currency, from, to, pool, kind, id, weight } of rows) {
    const key = JSON.stringify([month, currency, from]);
    const one = networks.get(key) ?? { run: { month, currency, from, to } as Run, network: new Map() };
    networks.set(key, one);
    const target = { kind, ...(id === null ? {} : { id }) } as Target;
    one.network.set(pool!, [...(one.network.get(pool!) ?? []), { target, weight: nano(weight!) }]);
  }
  return [...networks.values()];
}

interface Owner {
  from: string;
  to: string;
  squadId: string | null;
  /** In units of 10^-9. */
  share: bigint;
}
type Owners = ReadonlyMap<string, Owner[]>;

async function readOwners(connection: DuckDBConnection): Promise<Owners> {
  const rows = await selectRows<Record<string, string>>(
    connection,
    `SELECT ComponentId AS id, ValidFrom AS "from", ValidTo AS "to", SquadId AS "squadId", x_OwnerShare AS share
     FROM int_component_shares ORDER BY ComponentId, ValidFrom, x_OwnerPosition`,
  );
  const owners = new Map<string, Owner[]>();
  for (const { id, from, to, squadId, share } of rows) {
    const own = owners.get(id!) ?? [];
    owners.set(id!, own);
    own.push({ from: from!, to: to!, squadId: squadId!, share: nano(share!) });
  }
  return owners;
}

/** The run cut where the owners of any component among the shares change. */
function runsOfOwners(run: Run, shares: FinalShare[], owners: Owners): Run[] {
  const turns = shares
    .flatMap(({ target }) => (target.kind === 'component' ? (owners.get(target.id) ?? []) : []))
    .flatMap(({ from, to }) => [from, to])
    .filter((day) => run.from < day && day < run.to);
  const days = [run.from, ...[...new Set(turns)].sort(), run.to];
  return days.slice(1).map((to, index) => ({ ...run, from: days[index]!, to }));
}

interface Part {
  squadId: string | null;
  componentId: string | null;
  isKept: boolean;
  units: bigint;
}

/** A final share by who carries it: a component's is split by the shares of its owners on the day. */
function partsOf({ target, units }: FinalShare, day: string, owners: Owners): Part[] {
  if (target.kind === 'kept') return [{ squadId: null, componentId: null, isKept: true, units }];
  if (target.kind === 'squad') return [{ squadId: target.id, componentId: null, isKept: false, units }];
  const own = (owners.get(target.id) ?? []).filter(({ from, to }) => from <= day && day < to);
  const nobody: Part = { squadId: 'unallocated', componentId: target.id, isKept: false, units };
  if (own.length === 0) return [nobody];
  const split = apportion(
    units,
    own.map(({ share }) => share),
  );
  return own.map(({ squadId }, index) => ({ ...nobody, squadId: squadId ?? 'unallocated', units: split[index]! }));
}

function rowsOf(pool: string, run: Run, shares: FinalShare[], owners: Owners): InputRow[] {
  const parts = shares.flatMap((share) => partsOf(share, run.from, owners));
  return parts.map(({ squadId, componentId, isKept, units }, index) => ({
    BillingPeriodStart: run.month,
    BillingCurrency: run.currency,
    x_PoolId: pool,
    ValidFrom: run.from,
    ValidTo: run.to,
    x_TargetPosition: index + 1,
    SquadId: squadId,
    ComponentId: componentId,
    x_IsKept: isKept,
    x_ShareHigh: Number(units / 10n ** 9n),
    x_ShareLow: Number(units % 10n ** 9n),
  }));
}
