import { useMemo, type ReactElement, type ReactNode } from 'react';
import { Icon } from './icons.tsx';
import { Scroll } from './scroll.tsx';

export interface Column<Row> {
  key: string;
  title: string;
  /** Only for screen readers: what the column shows explains itself. */
  isTitleHidden?: boolean;
  /** Left out on a phone. */
  isExtra?: boolean;
  /** Right-aligned, and largest first when first sorted. */
  isNumber?: boolean;
  /** Ascending order; a column without one cannot be sorted. */
  order?: (a: Row, b: Row) => number;
  cell: (row: Row) => ReactNode;
  width?: string;
}

interface TableProps<Row> {
  label: string;
  /** The first is each row's heading. */
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  /** Column key, `-` before it for descending; undefined: the rows' own order. */
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  foot?: ReactNode;
}

/** A table that sorts by its column headings, by mouse or keyboard, and scrolls sideways where it does not fit. */
export function Table<Row>({ label, columns, rows, keyOf, sort, onSort, foot }: TableProps<Row>): ReactElement {
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort]);
  return (
    <Scroll label={label}>
      <table className="table">
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.key} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} className={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
    </Scroll>
  );
}

interface HeadingProps<Row> {
  column: Column<Row>;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}

function Heading<Row>({ column, sort, onSort }: HeadingProps<Row>): ReactElement {
  const { key, title, isTitleHidden, isNumber, order, width } = column;
  const state = sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : 'none';
  const next = state === 'none' ? (isNumber ? `-${key}` : key) : state === 'ascending' ? `-${key}` : key;
  return (
    <th
      scope="col"
      className={classOf(column)}
      style={width ? { width } : undefined}
      {...(order && onSort ? { 'aria-sort': state } : {})}
    >
      {order && onSort ? (
        <button type="button" onClick={() => onSort(next)}>
          {title}
          <Icon name="sort" size={12} />
        </button>
      ) : (
        <span className={isTitleHidden ? 'visually-hidden' : undefined}>{title}</span>
      )}
    </th>
  );
}

function classOf<Row>({ isNumber, isExtra }: Column<Row>): string | undefined {
  return [isNumber && 'number', isExtra && 'extra'].filter(Boolean).join(' ') || undefined;
}

function sortRows<Row>(rows: Row[], columns: Column<Row>[], sort: string | undefined): Row[] {
  const falling = sort?.startsWith('-') ?? false;
  const order = columns.find((column) => column.key === (falling ? sort?.slice(1) : sort))?.order;
  if (!order) return rows;
  return rows.toSorted((a, b) => (falling ? order(b, a) : order(a, b)));
}
