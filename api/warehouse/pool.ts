import type { DuckDBConnection } from '@duckdb/node-api';
import { ApiProblem } from '../problems.ts';

export interface PoolOptions {
  /** Queries that run at once; each holds one libuv thread, so keep it below UV_THREADPOOL_SIZE. */
  size: number;
  /** Queries that may wait for a connection before more are refused. */
  queue: number;
}

export interface ConnectionPool {
  /** Lends a connection. When `signal` aborts, waiting ends, a running query is interrupted, and the signal's reason is thrown. */
  run: <Result>(
    work: (connection: DuckDBConnection) => Promise<Result>,
    signal?: AbortSignal | undefined,
  ) => Promise<Result>;
  running: () => number;
  waiting: () => number;
  /**
   * Waits for every query and closes the connections. Closing one under its query hangs the process in DuckDB 1.5.6: the worker
   * thread destroys the context whose lock it holds.
   */
  close: () => Promise<void>;
}

/** Connections opened on demand, lent first come first served. */
export function connectionPool(open: () => Promise<DuckDBConnection>, options: PoolOptions): ConnectionPool {
  const all: DuckDBConnection[] = [];
  const idle: DuckDBConnection[] = [];
  const queue: (() => void)[] = [];
  let lent = 0;
  let allReturned: () => void = () => {};

  const acquire = async (signal: AbortSignal | undefined): Promise<DuckDBConnection> => {
    signal?.throwIfAborted();
    if (lent >= options.size) {
      if (queue.length >= options.queue) throw overloaded();
      await turnInQueue(queue, signal);
    } else lent += 1;
    const free = idle.pop();
    if (free) return free;
    try {
      const connection = await open();
      all.push(connection);
      return connection;
    } catch (error) {
      passOn();
      throw error;
    }
  };

  // A freed place goes to whoever waits longest, without being counted down in between.
  const passOn = (): void => {
    const next = queue.shift();
    if (next) next();
    else {
      lent -= 1;
      if (lent === 0) allReturned();
    }
  };

  return {
    run: async (work, signal) => {
      const connection = await acquire(signal);
      try {
        return await interruptible(connection, work, signal);
      } finally {
        idle.push(connection);
        passOn();
      }
    },
    running: () => lent,
    waiting: () => queue.length,
    close: async () => {
      await new Promise<void>((resolve) => {
        allReturned = resolve;
        if (lent === 0) resolve();
      });
      for (const connection of all) connection.closeSync();
    },
  };
}

function turnInQueue(queue: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      queue.splice(queue.indexOf(turn), 1);
      reject(signal?.reason);
    };
    const turn = (): void => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    queue.push(turn);
  });
}

const INTERRUPT_EVERY_MS = 20;

async function interruptible<Result>(
  connection: DuckDBConnection,
  work: (connection: DuckDBConnection) => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (!signal) return work(connection);
  signal.throwIfAborted();
  let again: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    connection.interrupt();
    // An interrupt that arrives before the query has reached a worker thread is lost, so it is repeated until the work ends.
    again = setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await work(connection);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearInterval(again);
  }
}

function overloaded(): ApiProblem {
  return new ApiProblem({
    status: 503,
    kind: 'overloaded',
    title: 'Too many questions at once',
    detail: 'the server has as many queries running and waiting as it allows',
    fix: 'ask again in a second',
    retryAfterSeconds: 1,
  });
}
