/** What a request is for, as the stand-in sorts it; what faults and counts are keyed by. */
export type RequestSort =
  | 'dataset'
  | 'table'
  /** A query that is only analysed and priced. */
  | 'dry-run'
  /** An aggregate over all partitions. */
  | 'probe'
  /** An aggregate over chosen partitions. */
  | 'check'
  /** A query that brings rows. */
  | 'pull'
  /** A page of rows that is asked for by itself. */
  | 'page'
  /** What has become of a job. */
  | 'job'
  /** `CreateReadSession` and `ReadRows` of the Storage Read API. */
  | 'session'
  | 'stream';

export interface LoggedRequest {
  sort: RequestSort;
  /** `project.dataset.table` where one table is concerned. */
  table?: string;
  sql?: string;
  labels?: Record<string, string>;
  bytesProcessed?: number;
}

/** What happens instead of the answer, or before it. */
export type Effect =
  /** The connection breaks after so many bytes (REST) or batches (Storage Read) of the answer. */
  | { kind: 'cut'; after: number }
  | { kind: 'refuse'; status: number; reason: string; message?: string }
  | { kind: 'delay'; milliseconds: number }
  /** The world changes first; then the request is answered as it came. */
  | { kind: 'meanwhile'; work: () => void | Promise<void> };

export interface Fault {
  on: RequestSort | 'any';
  /** Requests of that sort that pass first. */
  skip?: number;
  /** How many it then hits; once where left out. */
  times?: number;
  effect: Effect;
}

/** Faults waiting for their request. */
export class FaultPlan {
  #faults: { fault: Fault; skip: number; times: number }[] = [];

  add(...faults: Fault[]): void {
    for (const fault of faults) this.#faults.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** Everything that strikes this request, in the order it was added; each strike is used up. */
  strike(sort: RequestSort): Effect[] {
    const effects: Effect[] = [];
    for (const waiting of this.#faults) {
      if (waiting.fault.on !== 'any' && waiting.fault.on !== sort) continue;
      if (waiting.skip > 0) waiting.skip--;
      else if (waiting.times > 0) {
        waiting.times--;
        effects.push(waiting.fault.effect);
      }
    }
    return effects;
  }
}

/** An answer of Google's that is an error: https://cloud.google.com/bigquery/docs/error-messages */
export class ApiFault extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  /** The body of the HTTP answer. */
  get body(): object {
    const error = { message: this.message, domain: 'global', reason: this.reason };
    return { error: { code: this.status, message: this.message, errors: [error], status: STATUS_TEXT[this.status] } };
  }
}

const STATUS_TEXT: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};
