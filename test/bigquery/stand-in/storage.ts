import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { arrowMessages, type ArrowMessages } from './arrow.ts';
import { ApiFault } from './faults.ts';
import { suffer, type RestWorld } from './rest.ts';
import { totalRows, type ResultSet } from './values.ts';

export interface StorageServer {
  port: number;
  close: () => void;
}

interface SessionRequest {
  parent: string;
  readSession: { table: string; readOptions?: { selectedFields?: string[]; rowRestriction?: string } };
  maxStreamCount?: number;
}

interface ServerStream {
  request: { readStream: string; offset?: string };
  cancelled: boolean;
  write: (message: object) => boolean;
  end: () => void;
  once: (event: 'drain', listener: () => void) => void;
  emit: (event: 'error', error: object) => void;
}

type UnaryAnswer = (error: object | null, message?: object) => void;

/** The Storage Read API over gRPC in Arrow, one stream a session, with the protos that the client library ships. */
export async function startStorage(world: RestWorld): Promise<StorageServer> {
  const require = createRequire(import.meta.url);
  const fromClient = createRequire(require.resolve('@google-cloud/bigquery-storage'));
  const fromGax = createRequire(fromClient.resolve('google-gax'));
  const grpc = fromGax('@grpc/grpc-js');
  const protos = JSON.parse(readFileSync(fromClient.resolve('../protos/protos.json'), 'utf8')) as object;
  const definition = fromGax('@grpc/proto-loader').fromJSON(protos, { longs: String, enums: String, defaults: true });
  const service = definition['google.cloud.bigquery.storage.v1.BigQueryRead'];
  const sessions = new Sessions(world);
  const server = new grpc.Server({ 'grpc.max_send_message_length': -1 });
  server.addService(service, {
    CreateReadSession: (call: { request: SessionRequest }, answer: UnaryAnswer) => {
      sessions.open(call.request).then(
        (session) => answer(null, session),
        (error: unknown) => answer(grpcError(error)),
      );
    },
    ReadRows: (call: ServerStream) => {
      sessions.send(call).catch((error: unknown) => call.emit('error', grpcError(error)));
    },
    SplitReadStream: (_call: unknown, answer: UnaryAnswer) => answer(null, {}),
  });
  const port = await new Promise<number>((resolve, reject) => {
    const done = (error: Error | null, bound: number): void => (error ? reject(error) : resolve(bound));
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), done);
  });
  return { port, close: () => server.forceShutdown() };
}

class Sessions {
  readonly #world: RestWorld;
  readonly #streams = new Map<string, { messages: ArrowMessages; repeat: number; table: string }>();
  readonly #encoded = new WeakMap<ResultSet, Map<number, ArrowMessages>>();

  constructor(world: RestWorld) {
    this.#world = world;
  }

  async open({ parent, readSession, maxStreamCount }: SessionRequest): Promise<object> {
    const [, project, dataset, table] = /^projects\/([^/]+)\/datasets\/([^/]+)\/tables\/([^/]+)$/.exec(
      readSession.table,
    )!;
    const name = `${project}.${dataset}.${table}`;
    await this.#heed({ sort: 'session', table: name });
    const { selectedFields = [], rowRestriction = '' } = readSession.readOptions ?? {};
    const anonymous = this.#world.jobs.ofResultTable(project!, table!);
    const result = anonymous
      ? selected(anonymous.result, selectedFields)
      : await this.#read(name, selectedFields, rowRestriction);
    const { batchRows } = this.#world;
    let messages = this.#encoded.get(result)?.get(batchRows);
    if (!messages) {
      messages = arrowMessages(result.fields, result.rows, batchRows);
      this.#encoded.set(result, new Map([[batchRows, messages]]));
    }
    const session = `${parent}/locations/eu/sessions/s${this.#streams.size}`;
    const stream = `${session}/streams/0`;
    this.#streams.set(stream, { messages, repeat: result.repeat, table: name });
    return {
      name: session,
      dataFormat: 'ARROW',
      table: readSession.table,
      arrowSchema: { serializedSchema: messages.schema },
      // An empty result has no streams at all.
      streams: totalRows(result) === 0 || maxStreamCount === -1 ? [] : [{ name: stream }],
      estimatedRowCount: totalRows(result),
    };
  }

  async send(call: ServerStream): Promise<void> {
    const stream = this.#streams.get(call.request.readStream);
    if (!stream) throw new ApiFault(404, 'notFound', `there is no stream ${call.request.readStream}`);
    const cut = await this.#heed({ sort: 'stream', table: stream.table });
    const { messages, repeat } = stream;
    const perRound = messages.batches.reduce((rows, batch) => rows + batch.rows, 0);
    const offset = Number(call.request.offset ?? 0);
    let at = 0;
    let sent = 0;
    for (let round = 0; round < repeat; round++) {
      if (at + perRound <= offset) {
        at += perRound;
        continue;
      }
      for (const { bytes, rows } of messages.batches) {
        at += rows;
        if (at <= offset) continue;
        if (at - rows < offset) throw new ApiFault(400, 'outOfRange', 'the stand-in resumes between batches alone');
        if (call.cancelled) return;
        if (sent === cut) throw new ApiFault(503, 'backendError', 'the connection was cut');
        const first = sent++ === 0 ? { arrowSchema: { serializedSchema: messages.schema } } : {};
        const isRoom = call.write({
          ...first,
          rowCount: rows,
          arrowRecordBatch: { serializedRecordBatch: bytes, rowCount: rows },
        });
        if (!isRoom) await once(call as never, 'drain');
      }
    }
    call.end();
  }

  /** Logs, waits and fails as the faults say; gives after how many batches the stream is cut. */
  async #heed(request: { sort: 'session' | 'stream'; table: string }): Promise<number> {
    this.#world.log(request);
    await this.#world.onRequest?.(request);
    const effects = this.#world.faults.strike(request.sort);
    await suffer(effects);
    return effects.find((effect) => effect.kind === 'cut')?.after ?? Number.POSITIVE_INFINITY;
  }

  async #read(name: string, fields: string[], restriction: string): Promise<ResultSet> {
    const list = fields.length === 0 ? '*' : fields.map((field) => `\`${field}\``).join(', ');
    const where = restriction === '' ? '' : ` WHERE ${restriction}`;
    const sql = `SELECT ${list} FROM \`${name}\`${where}`;
    const plan = await this.#world.engine.plan({ sql, project: '', parameters: [] });
    return plan.run();
  }
}

function selected(result: ResultSet, names: string[]): ResultSet {
  if (names.length === 0) return result;
  const kept = names.map((name) => result.fields.findIndex((field) => field.name === name));
  return {
    fields: kept.map((index) => result.fields[index]!),
    rows: result.rows.map((row) => kept.map((index) => row[index])),
    repeat: result.repeat,
  };
}

/** https://cloud.google.com/apis/design/errors#error_codes */
const GRPC_CODES: Record<number, number> = { 400: 3, 401: 16, 403: 7, 404: 5, 409: 6, 429: 8, 500: 13, 503: 14 };

function grpcError(error: unknown): object {
  const fault = error instanceof ApiFault ? error : new ApiFault(500, 'internalError', String((error as Error).stack));
  return { code: GRPC_CODES[fault.status] ?? 13, details: fault.message, message: fault.message };
}
