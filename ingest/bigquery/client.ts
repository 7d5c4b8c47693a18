import type { BigQueryQuery, BigQueryTable } from '../../core/config/schema.ts';
import { WorthwhileError } from '../../core/errors.ts';

/** One call of BigQuery's REST API below `projects/<project>/`. */
export interface ApiCall {
  method: 'GET' | 'POST';
  project: string;
  path: string;
  query?: Record<string, string | number | boolean>;
  body?: unknown;
}

/** BigQuery's REST API: one request, one answer as the raw JSON it is. Failures are thrown as Google's client makes them. */
export type BigQueryApi = <Answer>(call: ApiCall) => Promise<Answer>;

/** The clients' own retries, with delays of their own, stand aside for ours. */
const NO_RETRIES = { retries: 0, noResponseRetries: 0 };
const REQUEST_TIMEOUT_MS = 180_000;
/** The word gzip in it lets Google's servers compress what they send. */
const USER_AGENT = 'worthwhile (gzip)';

/**
 * Google's client says where BigQuery is and signs what is asked there; the requests themselves go beside its row methods. Those
 * round INT64 above 2^53, and they copy every answer twice before it is read. Retries are ours: one count and one delay.
 * Throws CONFIG_INVALID where BIGQUERY_EMULATOR_HOST is set and no `apiEndpoint`: the client would follow it silently.
 */
export async function openBigQuery(settings: BigQueryQuery | BigQueryTable): Promise<BigQueryApi> {
  assertNoStrayEmulator(settings, process.env);
  const { BigQuery } = await import('@google-cloud/bigquery');
  const { apiEndpoint } = settings;
  const authClient = apiEndpoint ? await withoutCredentials() : null;
  const client = withoutEmulatorHost(
    () =>
      new BigQuery({
        projectId: settings.jobProject ?? settings.project,
        ...(apiEndpoint && { apiEndpoint, authClient: authClient as never }),
      }),
  );
  return async <Answer>({ method, project, path, query = {}, body }: ApiCall): Promise<Answer> => {
    const parameters = new URLSearchParams({ prettyPrint: 'false' });
    for (const [key, value] of Object.entries(query)) parameters.set(key, String(value));
    const { data } = await client.authClient
      .request<unknown>({
        method,
        url: `${client.baseUrl}/projects/${encodeURIComponent(project)}/${path}?${parameters}`,
        headers: { 'User-Agent': USER_AGENT },
        timeout: REQUEST_TIMEOUT_MS,
        retry: false,
        responseType: 'json',
        ...(body !== undefined && { data: body }),
      })
      .catch((error: unknown) => {
        throw asApiError(error);
      });
    // What cannot be parsed comes as text: an answer that was cut off.
    if (data === null || typeof data !== 'object') throw new Error('invalid json response body');
    return data as Answer;
  };
}

/** An answer of BigQuery's that says what is wrong, as an error with its status and reasons. */
function asApiError(error: unknown): unknown {
  const { response } = error as { response?: { status?: number; data?: unknown } };
  const told = (response?.data as { error?: unknown } | undefined)?.error;
  if (typeof told !== 'object' || told === null) return error;
  const { code, errors, message } = told as { code?: number; errors?: { reason?: string }[]; message?: string };
  return Object.assign(new Error(message, { cause: error }), { code: code ?? response?.status, errors: errors ?? [] });
}

/** Where the API is another one than Google's, nothing is looked up and nothing is sent. */
async function withoutCredentials(): Promise<object> {
  const { googleAuthLibrary } = await import('google-gax');
  return new googleAuthLibrary.PassThroughClient();
}

/** The environment variable redirects Google's client without a word, so it must be what the configuration says too. */
export function assertNoStrayEmulator(
  { apiEndpoint }: Pick<BigQueryQuery, 'apiEndpoint'>,
  environment: Record<string, string | undefined>,
): void {
  const host = environment['BIGQUERY_EMULATOR_HOST'];
  if (host === undefined || host === '' || apiEndpoint) return;
  throw new WorthwhileError(
    'CONFIG_INVALID',
    `BIGQUERY_EMULATOR_HOST is set to ${host}, and the configuration does not say so`,
    {
      on: 'environment variable BIGQUERY_EMULATOR_HOST',
      fix: 'unset it to read from Google, or set `apiEndpoint` under `bigquery` to read from the emulator',
    },
  );
}

/** The client reads the variable when it is made, and prefers it to the endpoint it is given. */
function withoutEmulatorHost<Made>(make: () => Made): Made {
  const { BIGQUERY_EMULATOR_HOST: host } = process.env;
  delete process.env['BIGQUERY_EMULATOR_HOST'];
  try {
    return make();
  } finally {
    if (host !== undefined) process.env['BIGQUERY_EMULATOR_HOST'] = host;
  }
}

function halfAnEndpoint({ project, dataset, table }: BigQueryTable): WorthwhileError {
  return new WorthwhileError('CONFIG_INVALID', '`storageEndpoint` is set without `apiEndpoint`', {
    on: `${project}.${dataset}.${table}`,
    fix: 'set both, to read from an emulator, or none, to read from Google',
  });
}

/** One read session of the Storage Read API: the Arrow schema of its rows, and its streams' names. */
export interface ReadSession {
  arrowSchema: Uint8Array;
  streams: string[];
}

/** The Storage Read API, as far as it is used. */
export interface StorageReadApi {
  open: (request: { parent: string; table: string }) => Promise<ReadSession>;
  /** Arrow record batches from row `offset` of the stream on; the sequence fails where the connection does. */
  read: (stream: string, offset: number) => AsyncIterable<{ rows: number; recordBatch: Uint8Array }>;
  close: () => Promise<void>;
}

/**
 * The Storage Read API; null where it is not to be used: `storageRead: never`, or an `apiEndpoint` without a
 * `storageEndpoint`, which is `host:port` without encryption.
 */
export async function openStorageRead(settings: BigQueryTable): Promise<StorageReadApi | null> {
  const { apiEndpoint, storageEndpoint, storageRead } = settings;
  if (storageRead === 'never' || (apiEndpoint && !storageEndpoint)) return null;
  if (storageEndpoint && !apiEndpoint) throw halfAnEndpoint(settings);
  const { v1 } = await import('@google-cloud/bigquery-storage');
  const { googleAuthLibrary, grpc } = await import('google-gax');
  const [host, port] = storageEndpoint?.split(':') ?? [];
  const client = new v1.BigQueryReadClient({
    projectId: settings.jobProject ?? settings.project,
    // A peer that is gone without a word is noticed, instead of waited for.
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 20_000,
    ...(host &&
      port && {
        apiEndpoint: host,
        port: Number(port),
        sslCreds: grpc.credentials.createInsecure(),
        auth: new googleAuthLibrary.GoogleAuth({
          projectId: settings.project,
          authClient: new googleAuthLibrary.PassThroughClient(),
        }) as never,
      }),
  });
  return {
    open: async ({ parent, table }) => {
      const readSession = { table, dataFormat: 'ARROW' as const };
      const [session] = await client.createReadSession({ parent, readSession, maxStreamCount: 1 }, { retry: null });
      return {
        arrowSchema: session.arrowSchema?.serializedSchema as Uint8Array,
        streams: (session.streams ?? []).map(({ name }) => name!),
      };
    },
    read: async function* (stream, offset) {
      const responses = client.readRows({ readStream: stream, offset }, { retryRequestOptions: NO_RETRIES });
      try {
        for await (const response of responses) {
          const { arrowRecordBatch, rowCount } = response as {
            arrowRecordBatch?: { serializedRecordBatch?: Uint8Array; rowCount?: string };
            rowCount?: string;
          };
          const recordBatch = arrowRecordBatch?.serializedRecordBatch;
          if (recordBatch) yield { rows: Number(rowCount ?? arrowRecordBatch.rowCount ?? 0), recordBatch };
        }
      } finally {
        responses.destroy();
      }
    },
    close: () => client.close(),
  };
}

/** Where the two APIs come from; tests hand in their own. */
export interface Opening {
  bigQuery: (settings: BigQueryTable) => Promise<BigQueryApi>;
  storageRead: (settings: BigQueryTable) => Promise<StorageReadApi | null>;
}
