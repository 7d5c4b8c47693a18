import { createHash } from 'node:crypto';
import { z } from 'zod';
import { checkedJson } from '../../core/checked-json.ts';
import { addDecimals } from '../../core/decimal-sum.ts';
import { type RunHistory, type RunRecord } from '../../core/run-record.ts';
import { run, type Run, type RunsAnswer, type runsQuery } from '../contract/index.ts';
import { badCursor } from './cursor.ts';
import { notFound } from './filters.ts';

const position = z.tuple([z.string(), z.string()]);

/** A page of the run history, the newest first. */
export function runs(
  history: RunHistory,
  schedule: RunsAnswer['schedule'],
  { cursor, limit, outcome }: z.output<typeof runsQuery>,
): RunsAnswer {
  const list = createHash('sha256')
    .update(JSON.stringify(['runs', outcome ?? null]))
    .digest('base64url')
    .slice(0, 12);
  const matching = history.list().filter((record) => outcome === undefined || record.outcome === outcome);
  const after = cursor === undefined ? null : lastOf(cursor, list);
  const rest = after === null ? matching : matching.filter(({ id }) => id < after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const hasMore = last !== undefined && rest.length > page.length;
  return {
    runs: page.map(answerOf),
    count: matching.length,
    nextCursor: hasMore ? Buffer.from(JSON.stringify([list, last.id])).toString('base64url') : null,
    schedule,
  };
}

/** One run. Throws NOT_FOUND, also for one so old that it is no longer kept. */
export function runById(history: RunHistory, id: string): { run: Run } {
  const record = history.list().find((one) => one.id === id);
  if (!record)
    throw notFound(`there is no run "${id}"`, 'the oldest runs are not kept; list what there is with /api/v1/runs');
  return { run: answerOf(record) };
}

function answerOf(record: RunRecord): Run {
  const { startedAt, endedAt, sources } = record;
  const pulls = sources.flatMap(({ pulled }) => pulled ?? []);
  const total = (values: string[]): string => addDecimals(values.length > 0 ? values : ['0']);
  return run.parse({
    ...record,
    durationMs: endedAt ? Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) : null,
    rows: sources.reduce((sum, source) => sum + source.rows, 0),
    bytes: sources.reduce((sum, source) => sum + source.bytes, 0),
    partitionsLanded: sources.reduce((sum, source) => sum + source.landed, 0),
    pulled:
      pulls.length === 0
        ? null
        : {
            queries: pulls.reduce((sum, { queries }) => sum + queries, 0),
            bytesProcessed: total(pulls.map(({ bytesProcessed }) => bytesProcessed)),
            bytesBilled: total(pulls.map(({ bytesBilled }) => bytesBilled)),
            priceUsd: total(pulls.map(({ priceUsd }) => priceUsd)),
          },
  });
}

function lastOf(cursor: string, list: string): string {
  const parsed = checkedJson(position, Buffer.from(cursor, 'base64url').toString('utf8'));
  if (parsed?.[0] === list) return parsed[1];
  throw badCursor();
}
