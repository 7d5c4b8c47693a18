import { join, resolve } from 'node:path';

/** Where everything of one workspace lives; the only place that spells these paths. */
export interface Workspace {
  root: string;
  lake: string;
  catalogLoads: string;
  compacted: string;
  warehouse: string;
  /** Text file with the name of the generation that is served, for example `gen-12.duckdb`. */
  currentPointer: string;
  spill: string;
  lock: string;
  ledger: string;
}

export function workspaceAt(root: string): Workspace {
  const absolute = resolve(root);
  return {
    root: absolute,
    lake: join(absolute, 'lake'),
    catalogLoads: join(absolute, 'catalog', 'loads'),
    compacted: join(absolute, 'compacted'),
    warehouse: join(absolute, 'warehouse'),
    currentPointer: join(absolute, 'warehouse', 'current'),
    spill: join(absolute, 'spill'),
    lock: join(absolute, 'run.lock'),
    ledger: join(absolute, 'ledger'),
  };
}
