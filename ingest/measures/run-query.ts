import { WorthwhileError } from '../../core/errors.ts';
import type { RunQuery } from './load-measures.ts';

export const runQuery: RunQuery = async (query, label) => {
  throw new WorthwhileError('SOURCE_UNREACHABLE', `${label} cannot be queried`, { on: query.project });
};
