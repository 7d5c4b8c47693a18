import { useMemo, type ReactElement } from 'react';
import {
  CHARGE_KINDS,
  CHARGEBACK_EXPORT_PATH,
  EXPORT_FORMATS,
  type ChargebackAnswer,
  type ChargebackRow,
} from '../../api/contract/index.ts';
import { searchOf, useAnswer } from '../ask.ts';
import { formatCount, formatMonth } from '../format.ts';
import { Card } from '../parts/card.tsx';
import { Select } from '../parts/controls.tsx';
import { ClosedBadge, TrueUps } from '../parts/closed.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { CurrencyPicker } from '../parts/filters.tsx';
import { Icon } from '../parts/icons.tsx';
import { CompanyLink, ComponentLink, SquadLink } from '../parts/links.tsx';
import { useListed } from '../parts/listed.ts';
import { useMeta } from '../parts/meta.tsx';
import { Money } from '../parts/money.tsx';
import { MonthGuard } from '../parts/month-guard.tsx';
import { MonthPicker } from '../parts/month-picker.tsx';
import { More } from '../parts/more.tsx';
import { NoData } from '../parts/no-data.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { useSettings } from '../parts/settings.ts';
import { Empty, Failed, SkeletonRows } from '../parts/states.tsx';
import { Tie } from '../parts/tie.tsx';

const KIND_LABELS: Record<(typeof CHARGE_KINDS)[number], string> = {
  Direct: 'Direct',
  SharedIn: 'Shared in',
  SharedOut: 'Shared out',
  Tax: 'Tax',
  Adjustment: 'Adjustment',
  TrueUp: 'True-up',
  Unallocated: 'Unallocated',
};

/** What a kind means, where its name does not say it. */
const KIND_HINTS: Partial<Record<(typeof CHARGE_KINDS)[number], string>> = {
  SharedIn: 'parts of what others run',
  SharedOut: 'taken off those who run it',
  TrueUp: 'for a month that is closed',
};

/** What to book to whom for a billing month, and whether it ties to the invoice. */
export function ChargebackPage(): ReactElement {
  const meta = useMeta();
  const [search, change] = useSettings();
  // An open month is still moving; finance wants the newest that is not.
  const month = search.month ?? meta.billingPeriods.find((one) => !one.isOpen)?.month ?? meta.billingPeriods[0]?.month;
  const filter = {
    ...(search.currency ? { currency: search.currency } : {}),
    ...(search.squad ? { squad: search.squad } : {}),
    ...(search.kind ? { kind: search.kind } : {}),
  };
  const listed = useListed('chargeback', {
    ...filter,
    ...(month ? { month } : {}),
    sort: search.sort === 'cost' ? 'cost' : 'squad',
    limit: 100,
  });
  const organisation = useAnswer('organisation', { query: {} });
  const squads = useMemo(() => {
    const all = organisation.data
      ? [...organisation.data.tribes.flatMap((tribe) => tribe.squads), ...organisation.data.squadsWithoutTribe]
      : [];
    return all
      .map((squad) => ({ value: squad.SquadId, label: squad.SquadName }))
      .toSorted((a, b) => a.label.localeCompare(b.label));
  }, [organisation.data]);
  const head = (
    <PageHead
      title="Chargeback"
      above={[<CompanyLink key="company">{meta.company}</CompanyLink>]}
      lead="What to book to whom, by billing month: the clock that ties to the invoice"
      actions={
        month && (
          <>
            <CurrencyPicker />
            <MonthPicker
              label="Billing month"
              month={month}
              months={meta.billingPeriods}
              onChange={(value) => change({ month: value })}
            />
          </>
        )
      }
    />
  );
  if (!month) {
    return (
      <>
        {head}
        <NoData />
      </>
    );
  }
  const first = listed.pages[0];
  const rows = listed.pages.flatMap((page) => page.rows);
  const isOpen = meta.billingPeriods.find((one) => one.month === month)?.isOpen ?? false;
  return (
    <>
      {head}
      <MonthGuard month={month} months={meta.billingPeriods}>
        <div className="stack">
          {first && (
            <Tie month={month} isOpen={isOpen} holds={first.holds} rows={first.reconciliation}>
              <ClosedBadge closed={first} />
            </Tie>
          )}
          {first && <Kinds answer={first} />}
          {first && <TrueUps answer={first} />}
          <Card
            title={formatMonth(month)}
            note={
              first ? (
                `${formatCount(first.count, 'row')}${search.squad || search.kind ? ' match; totals are of these rows' : ''}`
              ) : (
                <>&nbsp;</>
              )
            }
            flush
            actions={<Downloads month={month} squad={search.squad} currency={search.currency} />}
          >
            <div className="toolbar" style={{ paddingTop: 4, paddingBottom: 12 }}>
              <Select
                label="Squad"
                value={search.squad ?? ''}
                options={[
                  { value: '', label: 'All squads' },
                  { value: 'unallocated', label: 'Unallocated' },
                  ...squads,
                ]}
                onChange={(squad) => change({ squad: squad || undefined })}
              />
              <Select
                label="Kind"
                value={search.kind ?? ''}
                options={[
                  { value: '', label: 'All kinds' },
                  ...CHARGE_KINDS.map((kind) => ({ value: kind, label: KIND_LABELS[kind] })),
                ]}
                onChange={(kind) => change({ kind: kind === '' ? undefined : kind })}
              />
              <Select
                label="Order"
                value={search.sort === 'cost' ? 'cost' : 'squad'}
                options={[
                  { value: 'squad', label: 'By squad' },
                  { value: 'cost', label: 'Largest first' },
                ]}
                onChange={(sort) => change({ sort: sort === 'cost' ? 'cost' : undefined })}
              />
            </div>
            {listed.error ? (
              <Failed error={listed.error} retry={listed.retry} />
            ) : !first ? (
              <SkeletonRows rows={14} />
            ) : rows.length === 0 ? (
              <Empty title="No rows">
                <p>
                  Nothing was charged with these filters in {formatMonth(month)}. Take another month, squad or kind.
                </p>
              </Empty>
            ) : (
              <Rows rows={rows} total={first.total} isGrouped={search.sort !== 'cost'} />
            )}
            <More listed={listed} shown={rows.length} />
          </Card>
        </div>
      </MonthGuard>
    </>
  );
}

function Kinds({ answer }: { answer: ChargebackAnswer }): ReactElement {
  const currency = answer.BillingCurrency;
  return (
    <section className="card kinds" aria-label="Totals by kind">
      <div className="stat">
        <span className="label">Total billed</span>
        <span className="figure">
          <Money value={answer.total.BilledCost} currency={currency} />
        </span>
      </div>
      {answer.kinds.map((kind) => (
        <div key={kind.ChargeKind} className="stat">
          <span className="label">{KIND_LABELS[kind.ChargeKind]}</span>
          <span className="figure">
            <Money value={kind.BilledCost} currency={currency} />
          </span>
          {KIND_HINTS[kind.ChargeKind] && <span className="line">{KIND_HINTS[kind.ChargeKind]}</span>}
        </div>
      ))}
    </section>
  );
}

interface DownloadsProps {
  month: string;
  squad: string | undefined;
  currency: string | undefined;
}

function Downloads({ month, squad, currency }: DownloadsProps): ReactElement {
  return (
    <fieldset className="chips" aria-label="Download the month">
      {EXPORT_FORMATS.map((format) => (
        <a
          key={format}
          className="button small"
          href={CHARGEBACK_EXPORT_PATH + searchOf({ month, format, squad, currency })}
          download
          aria-label={`Download as ${format}`}
        >
          <Icon name="download" size={14} />
          {format.toUpperCase()}
        </a>
      ))}
    </fieldset>
  );
}

const COSTS = ['ListCost', 'ContractedCost', 'BilledCost', 'EffectiveCost'] as const;
/** A phone has room for one cost: the one to book. */
const classOf = (column: (typeof COSTS)[number]): string => (column === 'BilledCost' ? 'number' : 'number extra');

function Rows({
  rows,
  total,
  isGrouped,
}: {
  rows: ChargebackRow[];
  total: ChargebackAnswer['total'];
  isGrouped: boolean;
}): ReactElement {
  const currency = rows[0]?.BillingCurrency ?? null;
  return (
    <Scroll label="Chargeback">
      <table className="table fits">
        <caption className="visually-hidden">Chargeback rows</caption>
        <thead>
          <tr>
            {!isGrouped && <th scope="col">Squad</th>}
            <th scope="col" className={isGrouped ? undefined : 'extra'}>
              Component
            </th>
            <th scope="col">Service</th>
            <th scope="col" className="extra">
              Kind
            </th>
            <th scope="col" className="number extra">
              List
            </th>
            <th scope="col" className="number extra">
              Contracted
            </th>
            <th scope="col" className="number">
              Billed
            </th>
            <th scope="col" className="number extra">
              Effective
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const begins = isGrouped && row.SquadId !== rows[index - 1]?.SquadId;
            const key = [row.SquadId, row.ComponentId, row.ServiceName, row.ChargeKind].join('\n');
            return [
              begins && (
                <tr key={`${key}:head`} className="group-row">
                  <th scope="rowgroup" colSpan={3}>
                    <SquadLink id={row.SquadId} name={row.SquadName || null} />
                    {row.CostCentre && <span className="muted"> · {row.CostCentre}</span>}
                  </th>
                  <td className="extra" colSpan={4} />
                </tr>
              ),
              <tr key={key}>
                {!isGrouped && (
                  <th scope="row">
                    <SquadLink id={row.SquadId} name={row.SquadName || null} />
                  </th>
                )}
                <td className={isGrouped ? undefined : 'extra'}>
                  {row.ComponentId ? (
                    <ComponentLink id={row.ComponentId} name={null} />
                  ) : (
                    <span className="muted">–</span>
                  )}
                </td>
                <td>
                  {row.ServiceName}
                  {!isGrouped && row.ComponentId && (
                    <span className="sub phone">
                      <ComponentLink id={row.ComponentId} name={null} />
                    </span>
                  )}
                  {row.ChargeKind !== 'Direct' && <span className="sub phone">{KIND_LABELS[row.ChargeKind]}</span>}
                </td>
                <td className="extra">{KIND_LABELS[row.ChargeKind]}</td>
                {COSTS.map((column) => (
                  <td key={column} className={classOf(column)}>
                    <Money value={row[column]} currency={currency} />
                  </td>
                ))}
              </tr>,
            ];
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              Total of all rows that match
            </th>
            {!isGrouped && <td className="extra" />}
            <td className="extra" />
            {COSTS.map((column) => (
              <td key={column} className={classOf(column)}>
                <Money value={total[column]} currency={currency} />
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </Scroll>
  );
}
