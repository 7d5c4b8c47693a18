import { useParams } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { ComponentAnswer, MetaAnswer } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { splitChange } from '../calendar.ts';
import { formatMonth, formatNumber, formatShare, formatRatio } from '../format.ts';
import { judgeOf } from '../needle.ts';
import { monthOf } from '../periods.ts';
import { byMoney, shareOf } from '../series.ts';
import { Card } from '../parts/card.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { Facts } from '../parts/facts.tsx';
import { CompanyLink, SquadLink } from '../parts/links.tsx';
import { useLocalSort } from '../parts/local-sort.ts';
import { useMeta } from '../parts/meta.tsx';
import { Change, Money } from '../parts/money.tsx';
import { MonthGuard } from '../parts/month-guard.tsx';
import { useMonth, useMonths, useScope } from '../parts/scope.ts';
import { SharedCost } from '../parts/shared-cost.tsx';
import { SpendControls, SpendSections } from '../parts/spend-page.tsx';
import { Answered, Empty, Failed, SkeletonRows } from '../parts/states.tsx';
import { Table, type Column } from '../parts/table.tsx';

export function ComponentPage(): ReactElement {
  const { componentId } = useParams({ from: '/components/$componentId' });
  return <ComponentView key={componentId} componentId={componentId} />;
}

/** One component: who owns it, who pays for it, and what the money buys. */
function ComponentView({ componentId }: { componentId: string }): ReactElement {
  const { company } = useMeta();
  const { currency, metric } = useScope({});
  const month = useMonth();
  const months = useMonths();
  const query = { ...(currency ? { currency } : {}), ...(metric ? { metric } : {}), ...(month ? { month } : {}) };
  const answer = useAnswer('component', { params: { ComponentId: componentId }, query });
  const component = answer.data?.component;
  const above = [<CompanyLink key="company">{company}</CompanyLink>];
  if (component?.SquadId) above.push(<SquadLink key="squad" id={component.SquadId} name={component.SquadName} />);
  const head = (
    <PageHead
      title={component?.ComponentName ?? componentId}
      above={above}
      lead={
        component ? (
          <Facts
            facts={[
              ['Owner', component.SquadId && <SquadLink id={component.SquadId} name={component.SquadName} />],
              ['System', component.SystemName ?? component.SystemId],
              ['Domain', component.DomainName ?? component.DomainId],
              ['Type', component.x_ComponentType],
              ['Lifecycle', component.x_Lifecycle],
              ['', component.x_IsCurrent ? null : <span className="tag warn">No longer in the catalog</span>],
            ]}
          />
        ) : (
          <>&nbsp;</>
        )
      }
      actions={<SpendControls />}
    />
  );
  if (answer.isError && !answer.data) {
    return (
      <>
        {head}
        <MonthGuard month={month} months={months}>
          <Failed page error={answer.error} retry={() => void answer.refetch()} />
        </MonthGuard>
      </>
    );
  }
  return (
    <>
      {head}
      <SpendSections
        page={{ component: componentId }}
        dimensions={['skuGroup', 'service', 'squad', 'project', 'category']}
        range="6m"
        beside={
          <Card title="Who owns it, who pays" note="Charges follow the catalog's ownership on the day of usage">
            <Answered query={answer} loading={<SkeletonRows rows={4} />}>
              {(loaded) => <Ownership answer={loaded} />}
            </Answered>
          </Card>
        }
      >
        <SharedCost of={{ component: componentId }} />
        <Card
          title="What it buys"
          note={
            answer.data?.ranges ? (
              `SKUs, ${formatMonth(monthOf(answer.data.ranges.current.from))} against the month before, whole months`
            ) : (
              <>&nbsp;</>
            )
          }
          flush
        >
          <Answered query={answer} loading={<SkeletonRows />}>
            {(loaded) => <Skus answer={loaded} />}
          </Answered>
        </Card>
      </SpendSections>
    </>
  );
}

function Ownership({ answer }: { answer: ComponentAnswer }): ReactElement {
  const { owners, squads, conflicts, BillingCurrency: currency } = answer;
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      <div>
        <h3>Owners now</h3>
        {owners.length === 0 ? (
          <p className="muted">The catalog names no squad as owner.</p>
        ) : (
          <ul>
            {owners.map((owner) => (
              <li key={owner.SquadId} style={{ display: 'flex', justifyContent: 'space-between' }}>
                <SquadLink id={owner.SquadId} name={owner.SquadName} />
                <span>{formatRatio(owner.share, { digits: owner.share === 1 ? 0 : 1 })}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div>
        <h3>Charged in the month</h3>
        {squads.length === 0 ? (
          <p className="muted">Nobody: it has no charges in this month.</p>
        ) : (
          <ul>
            {squads.map((squad) => (
              <li key={squad.SquadId} style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
                <SquadLink id={squad.SquadId} name={squad.SquadName} />
                <Money value={squad.current} currency={currency} />
              </li>
            ))}
          </ul>
        )}
      </div>
      {conflicts.length > 0 && (
        <div>
          <h3>Labels that say otherwise</h3>
          <p className="muted">
            A squad label on the resources contradicts the catalog. The catalog decides; correct one of the two.
          </p>
          <ul>
            {conflicts.map((one) => (
              <li
                key={`${one.BillingPeriod}:${one.SquadId}:${one.x_LabelledSquadId}`}
                style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}
              >
                <span>
                  {formatMonth(one.BillingPeriod)}: labelled <SquadLink id={one.x_LabelledSquadId} name={null} />
                </span>
                <Money value={one.BilledCost} currency={currency} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

type Sku = ComponentAnswer['skus'][number];

function Skus({ answer }: { answer: ComponentAnswer }): ReactElement {
  const meta = useMeta();
  const [sort, setSort] = useLocalSort('-current');
  const columns = useMemo(() => columnsOf(answer, meta), [answer, meta]);
  if (answer.skus.length === 0) {
    return (
      <Empty title="No charges in this month">
        <p>Choose another month above, or look at the trend.</p>
      </Empty>
    );
  }
  return (
    <Table
      label="SKUs"
      columns={columns}
      rows={answer.skus}
      keyOf={(row) => `${row.SkuId}:${row.x_SkuDescription}:${row.PricingUnit}`}
      sort={sort}
      onSort={setSort}
    />
  );
}

function columnsOf(answer: ComponentAnswer, meta: MetaAnswer): Column<Sku>[] {
  const { BillingCurrency: currency, total } = answer;
  // SKUs are by whole months: while one runs, it is not yet to be judged.
  const ranges = answer.ranges?.isPartial ? null : answer.ranges;
  const judge = judgeOf(meta, currency, ranges);
  return [
    {
      key: 'name',
      title: 'SKU',
      order: (a, b) => (a.x_SkuDescription ?? '').localeCompare(b.x_SkuDescription ?? ''),
      cell: (row) => (
        <>
          {row.x_SkuDescription ?? row.SkuId ?? 'No SKU'}
          <span className="sub">{row.ServiceName}</span>
        </>
      ),
    },
    {
      key: 'quantity',
      isExtra: true,
      title: 'Quantity',
      isNumber: true,
      cell: (row) =>
        row.PricingQuantity === null ? '–' : `${formatNumber(row.PricingQuantity, 2)} ${row.PricingUnit ?? ''}`,
    },
    {
      key: 'current',
      title: 'Cost',
      isNumber: true,
      order: (a, b) => byMoney(a.current, b.current),
      cell: (row) => <Money value={row.current} currency={currency} />,
    },
    {
      key: 'share',
      isExtra: true,
      title: 'Share',
      isNumber: true,
      cell: (row) => formatShare(shareOf(row.current, total?.current ?? null)),
    },
    {
      key: 'change',
      title: 'Change',
      isNumber: true,
      order: (a, b) => byMoney(a.change ?? '0', b.change ?? '0'),
      cell: (row) => (
        <Change
          show="columns"
          change={row.change}
          ratio={row.ratio}
          currency={currency}
          verdict={judge(row)}
          judged={(ranges && splitChange(row, ranges)?.beyond) ?? undefined}
        />
      ),
    },
  ];
}
