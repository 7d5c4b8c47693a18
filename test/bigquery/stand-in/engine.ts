import type { GoogleParameter, GoogleResult, GoogleSql, GoogleTable } from '../../googlesql/evaluator.ts';
import type { RequestSort } from './faults.ts';
import { ApiFault } from './faults.ts';
import { fieldOf } from './schema.ts';
import { isAggregate, isRowWise, namedColumns, partitionFilter, readTables } from './sql-text.ts';
import { ARRIVAL, type StandInTable, type StandInTables } from './tables.ts';
import type { ResultSet } from './values.ts';

export interface QueryRequest {
  sql: string;
  /** The project that runs and pays. */
  project: string;
  dataset?: string;
  location?: string;
  parameters: GoogleParameter[];
}

/** A query that was understood but has not read anything yet. */
export interface PlannedQuery {
  sort: RequestSort;
  location: string;
  tables: StandInTable[];
  bytesProcessed: number;
  /** Runs it. Throws ApiFault with Google's own words. */
  run: () => Promise<ResultSet>;
  /** The shape of its result alone. */
  analyse: () => Promise<ResultSet>;
}

/** The evaluator takes 4 MiB a request; rows of a bill are about this many to a MiB. */
const ROWS_AT_ONCE = 1500;

/** Runs BigQuery's SQL over the stand-in's tables in Google's evaluator, reading only partitions and columns that BigQuery would. */
export class QueryEngine {
  readonly #google: GoogleSql;
  readonly #tables: StandInTables;
  /** Results by query and parameters, of one version of the tables. */
  readonly #known = { version: -1, results: new Map<string, Promise<ResultSet>>() };

  constructor(google: GoogleSql, tables: StandInTables) {
    this.#google = google;
    this.#tables = tables;
  }

  async plan(request: QueryRequest): Promise<PlannedQuery> {
    const { sql, tables: names } = readTables(request.sql, request.project, request.dataset);
    const tables = names.map((name) => this.#find(name, request.location));
    const reads = await Promise.all(tables.map((table) => this.#readsOf(table, sql, request.parameters)));
    const location = tables[0]?.location ?? request.location ?? 'US';
    const sizes = reads.map(({ table, columns, partitions }) => {
      const billed = columns.filter(({ isPseudo }) => !isPseudo);
      return this.#tables.bytes(table, billed, partitions);
    });
    const bytesProcessed = (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
    const isPruned = reads.some(({ partitions }) => partitions !== null);
    const sort = !isAggregate(sql) ? 'pull' : isPruned ? 'check' : 'probe';
    return {
      sort,
      location,
      tables,
      bytesProcessed,
      run: () => this.#runOnce(sql, reads, request.parameters),
      analyse: async () => {
        const empty = reads.map(({ table, columns }) => ({ name: table.name, columns, rows: [] }));
        return resultSet(await this.#evaluate(sql, empty, request.parameters), 1);
      },
    };
  }

  #find(name: string, location: string | undefined): StandInTable {
    const table = this.#tables.get(name);
    const [project, dataset, id] = name.split('.') as [string, string, string];
    const known = this.#tables.inDataset(project, dataset);
    const place = location ?? known[0]?.location ?? 'US';
    if (known.length === 0 || (table && table.location !== place)) {
      throw new ApiFault(
        404,
        'notFound',
        `Not found: Dataset ${project}:${dataset} was not found in location ${place}`,
      );
    }
    if (table) return table;
    throw new ApiFault(
      404,
      'notFound',
      `Not found: Table ${project}:${dataset}.${id} was not found in location ${place}`,
    );
  }

  async #readsOf(table: StandInTable, sql: string, parameters: GoogleParameter[]): Promise<Read> {
    const all = await this.#tables.columns(table);
    const pseudo = table.partitionColumn === ARRIVAL ? [{ name: '_PARTITIONDATE', type: 'DATE', isPseudo: true }] : [];
    const columns = namedColumns(sql, [...all, ...pseudo]);
    const filter = table.partitionColumn === null ? null : partitionFilter(sql, table.partitionColumn);
    if (filter !== null) return { table, columns, partitions: await this.#kept(table, all, filter, parameters) };
    if (table.requirePartitionFilter) {
      throw new ApiFault(
        400,
        'invalidQuery',
        `Cannot query over table '${table.name}' without a filter over column(s) '${table.partitionColumn}' that can be used for partition elimination`,
      );
    }
    return { table, columns, partitions: null };
  }

  /** The partitions that a filter keeps, by Google's own comparison. */
  async #kept(
    table: StandInTable,
    columns: GoogleTable['columns'],
    filter: string,
    parameters: GoogleParameter[],
  ): Promise<unknown[]> {
    const column = columns.find(({ name }) => name === table.partitionColumn)!;
    const values = await this.#tables.partitions(table);
    const rows = values.map((value, index) => ({ ...partitionValues(column.name, value), x_Index: index }));
    const listed: GoogleTable = {
      name: 'partitions',
      columns: [
        { name: column.name, type: column.type },
        ...(column.name === ARRIVAL ? [{ name: '_PARTITIONDATE', type: 'DATE' }] : []),
        { name: 'x_Index', type: 'BIGINT' },
      ],
      rows,
    };
    const used = parameters.filter(({ name }) => new RegExp(`@${name}\\b`, 'i').test(filter));
    const kept = await this.#evaluate(`SELECT x_Index FROM partitions WHERE ${filter}`, [listed], used);
    return kept.rows.map(([index]) => values[Number(index)]);
  }

  /** The evaluator takes longer over a query than BigQuery does: what was asked before is remembered. */
  #runOnce(sql: string, reads: Read[], parameters: GoogleParameter[]): Promise<ResultSet> {
    const { version } = this.#tables;
    if (this.#known.version !== version) Object.assign(this.#known, { version, results: new Map() });
    const key = JSON.stringify([sql, parameters]);
    const before = this.#known.results.get(key);
    if (before) return before;
    const result = this.#run(sql, reads, parameters);
    this.#known.results.set(key, result);
    return result;
  }

  async #run(sql: string, reads: Read[], parameters: GoogleParameter[]): Promise<ResultSet> {
    const contents = await Promise.all(reads.map((read) => this.#contentsOf(read)));
    const repeat = reads.reduce((factor, { table }) => factor * table.repeat, 1);
    const [only] = contents;
    if (contents.length !== 1 || !only || !isRowWise(sql)) {
      const result = resultSet(await this.#evaluate(sql, contents, parameters), 1);
      return repeat === 1 ? result : multiplied(result, repeat);
    }
    let whole: ResultSet | null = null;
    for (let from = 0; whole === null || from < only.rows.length; from += ROWS_AT_ONCE) {
      const part = { ...only, rows: only.rows.slice(from, from + ROWS_AT_ONCE) };
      const result: ResultSet = resultSet(await this.#evaluate(sql, [part], parameters), repeat);
      if (whole === null) whole = result;
      else whole.rows.push(...result.rows);
    }
    return whole;
  }

  async #contentsOf({ table, columns, partitions }: Read): Promise<GoogleTable> {
    const stored = columns.filter(({ name }) => name !== '_PARTITIONDATE').map(({ name }) => name);
    const isDated = stored.length < columns.length;
    const chosen = isDated && !stored.includes(ARRIVAL) ? [...stored, ARRIVAL] : stored;
    const rows = await this.#tables.rows(table, chosen, partitions);
    const dated = isDated ? rows.map((row) => ({ ...row, ...partitionValues(ARRIVAL, row[ARRIVAL]) })) : rows;
    return { name: table.name, columns, rows: dated };
  }

  async #evaluate(sql: string, tables: GoogleTable[], parameters: GoogleParameter[]): Promise<GoogleResult> {
    try {
      return await this.#google.evaluate(sql, tables, parameters);
    } catch (error) {
      const { details, message } = error as { details?: string; message: string };
      throw new ApiFault(400, 'invalidQuery', details ?? message);
    }
  }
}

interface Read {
  table: StandInTable;
  columns: GoogleTable['columns'];
  /** Null where all are read. */
  partitions: unknown[] | null;
}

function partitionValues(column: string, value: unknown): Record<string, unknown> {
  if (column !== ARRIVAL) return { [column]: value };
  return { [ARRIVAL]: value, _PARTITIONDATE: value === null ? null : String(value).slice(0, 10) };
}

function resultSet({ columns, rows }: GoogleResult, repeat: number): ResultSet {
  return { fields: columns.map(({ name, type }, index) => fieldOf(name || `f${index}_`, type)), rows, repeat };
}

/** What an aggregate says of rows that are there `repeat` times: counts and sums, also those cast to text, grow with them. */
function multiplied(result: ResultSet, repeat: number): ResultSet {
  const factor = BigInt(repeat);
  const times = (text: string): string => {
    const [whole, fraction = ''] = text.split('.') as [string, string?];
    const units = (BigInt(whole + fraction) * factor).toString();
    if (fraction === '') return units;
    const sign = units.startsWith('-') ? '-' : '';
    const digits = units.replace('-', '').padStart(fraction.length + 1, '0');
    return `${sign}${digits.slice(0, -fraction.length)}.${digits.slice(-fraction.length)}`;
  };
  const rows = result.rows.map((row) =>
    row.map((value, index) => {
      const { type, mode } = result.fields[index]!;
      const isNumber = ['INTEGER', 'NUMERIC', 'STRING'].includes(type) && /^-?\d+(?:\.\d+)?$/.test(String(value));
      return mode === 'NULLABLE' && isNumber ? times(String(value)) : value;
    }),
  );
  return { ...result, rows };
}
