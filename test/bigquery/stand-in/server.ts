import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startGoogleSql } from '../../googlesql/evaluator.ts';
import { QueryEngine } from './engine.ts';
import { FaultPlan, type LoggedRequest, type RequestSort } from './faults.ts';
import { Jobs } from './jobs.ts';
import { answerRest, type RestWorld } from './rest.ts';
import { startStorage } from './storage.ts';
import { StandInTables } from './tables.ts';

export interface StandIn {
  /** For `apiEndpoint`. */
  apiEndpoint: string;
  /** For `storageEndpoint`: `127.0.0.1:port`, without encryption. */
  storageEndpoint: string;
  tables: StandInTables;
  faults: FaultPlan;
  /** Everything that was asked since the log was last cleared. */
  requests: LoggedRequest[];
  count: (sort: RequestSort) => number;
  /** Forgets requests and faults; tables stay. */
  reset: () => void;
  settings: Pick<RestWorld, 'pageRows' | 'batchRows' | 'runningPolls' | 'onRequest'>;
  close: () => Promise<void>;
}

const DEFAULTS: StandIn['settings'] = { pageRows: 1000, batchRows: 1000, runningPolls: 0, onRequest: null };

/** Starts a BigQuery on 127.0.0.1: REST v2 and Storage Read, with Google's own SQL over tables that a test makes. */
export async function startStandIn(): Promise<StandIn> {
  const google = await startGoogleSql();
  const tables = await StandInTables.open();
  const faults = new FaultPlan();
  const engine = new QueryEngine(google, tables);
  const requests: LoggedRequest[] = [];
  const world: RestWorld = {
    tables,
    engine,
    jobs: new Jobs(engine),
    faults,
    log: (request) => void requests.push(request),
    ...DEFAULTS,
  };
  const http = createServer((message, response) => void answerRest(world, message, response));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const storage = await startStorage(world);
  return {
    apiEndpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    storageEndpoint: `127.0.0.1:${storage.port}`,
    tables,
    faults,
    requests,
    count: (sort) => requests.filter((request) => request.sort === sort).length,
    reset: () => {
      requests.length = 0;
      faults.clear();
      Object.assign(world, DEFAULTS);
    },
    settings: world,
    close: async () => {
      http.closeAllConnections();
      http.close();
      storage.close();
      await google.close();
      tables.close();
    },
  };
}
