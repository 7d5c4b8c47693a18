import { createHash } from 'node:crypto';
import { z } from 'zod';
import { checkedJson } from '../../core/checked-json.ts';
import { ApiProblem } from '../problems.ts';

const position = z.tuple([z.string(), z.string(), z.number().int().min(1)]);

export interface Page {
  offset: number;
  limit: number;
  /** Cursor of the next page, or null where `count` rows end on this one. */
  next: (count: number) => string | null;
}

/**
 * Where a page begins. A generation never changes, so an offset into a totally ordered list is exact; a cursor carries the
 * identity of the generation and the filters it was given for and is refused with any other.
 */
export function pageOf(
  identity: string,
  list: string,
  { cursor, limit, ...filters }: { cursor?: string | undefined; limit: number } & Record<string, unknown>,
): Page {
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([list, Object.entries(filters).filter(([, value]) => value !== undefined)]))
    .digest('base64url')
    .slice(0, 12);
  const offset = cursor === undefined ? 0 : offsetOf(cursor, identity, fingerprint);
  return {
    offset,
    limit,
    next: (count) =>
      offset + limit < count
        ? Buffer.from(JSON.stringify([identity, fingerprint, offset + limit])).toString('base64url')
        : null,
  };
}

function offsetOf(cursor: string, identity: string, fingerprint: string): number {
  const parsed = checkedJson(position, Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!parsed || parsed[1] !== fingerprint) throw badCursor();
  if (parsed[0] !== identity) {
    throw new ApiProblem({
      status: 409,
      kind: 'generation-changed',
      title: 'The data has been built again',
      detail: 'the cursor is of a generation that is no longer served',
      fix: 'ask for the first page, without a cursor',
    });
  }
  return parsed[2];
}

/** A cursor that was not given with this list. */
export function badCursor(): ApiProblem {
  return new ApiProblem({
    status: 400,
    kind: 'bad-cursor',
    title: 'The cursor is not one of this list',
    detail: 'a cursor is good for the list and the filters it was given with',
    fix: 'ask for the first page, without a cursor',
  });
}
