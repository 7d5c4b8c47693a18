import { join, resolve } from 'node:path';

/** Where everything of one workspace lives; the only place that spells these paths. */
export interface Workspace {
  root: string;
  lake: string;
  catalogLoads: string;
  /** What is remembered of the Backstage API: when it was asked, and its pages' ETags. */
  backstageState: string;
  /** What the Cloud Billing API last said, one file an account and one a service (`core/cloud-billing.ts`). */
  cloudBilling: string;
  /** Drivers and metrics as last taken in, one folder each. */
  measures: string;
  compacted: string;
  warehouse: string;
  /** Text file with the name of the generation that is served, for example `gen-12.duckdb`. */
  currentPointer: string;
  spill: string;
  lock: string;
  /** The run history: one file a run (`core/run-record.ts`). */
  runs: string;
  ledger: string;
}

export function workspaceAt(root: string): Workspace {
  const absolute = resolve(root);
  return {
    root: absolute,
    lake: join(absolute, 'lake'),
    catalogLoads: join(absolute, 'catalog', 'loads'),
    backstageState: join(absolute, 'catalog', 'backstage.json'),
    cloudBilling: join(absolute, 'cloud-billing'),
    measures: join(absolute, 'measures'),
    compacted: join(absolute, 'compacted'),
    warehouse: join(absolute, 'warehouse'),
    currentPointer: join(absolute, 'warehouse', 'current'),
    spill: join(absolute, 'spill'),
    lock: join(absolute, 'run.lock'),
    runs: join(absolute, 'runs'),
    ledger: join(absolute, 'ledger'),
  };
}
