import { useParams } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { MetaAnswer, SquadAnswer } from '../../api/contract/index.ts';
import { UNALLOCATED } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { splitChange } from '../calendar.ts';
import { formatMonth, formatNumber } from '../format.ts';
import { judgeOf } from '../needle.ts';
import { monthOf } from '../periods.ts';
import { byMoney } from '../series.ts';
import { Card } from '../parts/card.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { Facts } from '../parts/facts.tsx';
import { CompanyLink, ComponentLink, TribeLink } from '../parts/links.tsx';
import { useMeta } from '../parts/meta.tsx';
import { Change, Money } from '../parts/money.tsx';
import { MonthGuard } from '../parts/month-guard.tsx';
import { useMonth, useMonths, useScope } from '../parts/scope.ts';
import { SharedCost } from '../parts/shared-cost.tsx';
import { SpendControls, SpendSections } from '../parts/spend-page.tsx';
import { Answered, Empty, Failed, SkeletonRows } from '../parts/states.tsx';
import { Table, type Column } from '../parts/table.tsx';
import { useLocalSort } from '../parts/local-sort.ts';

export function SquadPage(): ReactElement {
  const { squadId } = useParams({ from: '/squads/$squadId' });
  return <Squad key={squadId} squadId={squadId} />;
}

/** One squad: what it spends, why that changed, and its components. */
function Squad({ squadId }: { squadId: string }): ReactElement {
  const { company } = useMeta();
  const { currency, metric } = useScope({});
  const month = useMonth();
  const months = useMonths();
  const query = { ...(currency ? { currency } : {}), ...(metric ? { metric } : {}), ...(month ? { month } : {}) };
  const answer = useAnswer('squad', { params: { SquadId: squadId }, query });
  const squad = answer.data?.squad;
  const above = [<CompanyLink key="company">{company}</CompanyLink>];
  if (squad?.TribeId) above.push(<TribeLink key="tribe" id={squad.TribeId} name={squad.TribeName} />);
  const head = (
    <PageHead
      title={squadId === UNALLOCATED ? 'Unallocated' : (squad?.SquadName ?? squadId)}
      above={above}
      lead={
        squad ? (
          <Facts
            facts={[
              ['Tribe', squad.TribeId && <TribeLink id={squad.TribeId} name={squad.TribeName} />],
              ['Cost centre', squad.CostCentre],
              ['Members', squad.x_MemberCount === null ? null : formatNumber(squad.x_MemberCount)],
              ['Components', formatNumber(squad.x_ComponentCount)],
              ['', squad.x_IsCurrent ? null : <span className="tag warn">No longer in the catalog</span>],
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
        page={{ squad: squadId }}
        dimensions={['service', 'component', 'skuGroup', 'system', 'project', 'category']}
        range="6m"
      >
        {squadId !== UNALLOCATED && <SharedCost of={{ squad: squadId }} />}
        <Card title="Components" note={<RangesNote answer={answer.data} />} flush busy={answer.isPlaceholderData}>
          <Answered query={answer} loading={<SkeletonRows />}>
            {(loaded) => <Components answer={loaded} />}
          </Answered>
        </Card>
      </SpendSections>
    </>
  );
}

function RangesNote({ answer }: { answer: SquadAnswer | undefined }): ReactElement {
  if (!answer?.ranges) return <>&nbsp;</>;
  const { current, isPartial } = answer.ranges;
  return (
    <>{`${formatMonth(monthOf(current.from))}${isPartial ? ' so far' : ''}, against the month before${isPartial ? ' up to the same day' : ''}`}</>
  );
}

type Row = SquadAnswer['components'][number];

function Components({ answer }: { answer: SquadAnswer }): ReactElement {
  const meta = useMeta();
  const [sort, setSort] = useLocalSort();
  const columns = useMemo(() => columnsOf(answer, meta), [answer, meta]);
  if (answer.components.length === 0) {
    return (
      <Empty title="No components">
        <p>The catalog names this squad as owner of nothing. Set spec.owner on the components it runs.</p>
      </Empty>
    );
  }
  return (
    <Table
      label="Components"
      columns={columns}
      rows={answer.components}
      keyOf={(row) => row.ComponentId ?? ''}
      sort={sort}
      onSort={setSort}
    />
  );
}

function columnsOf(answer: SquadAnswer, meta: MetaAnswer): Column<Row>[] {
  const { BillingCurrency: currency, ranges } = answer;
  const judge = judgeOf(meta, currency, ranges);
  return [
    {
      key: 'name',
      title: 'Component',
      order: (a, b) => (a.ComponentName ?? '').localeCompare(b.ComponentName ?? ''),
      cell: (row) =>
        row.ComponentId === null ? (
          'Without a component'
        ) : (
          <ComponentLink id={row.ComponentId} name={row.ComponentName} />
        ),
    },
    {
      key: 'type',
      isExtra: true,
      title: 'Type',
      order: (a, b) => (a.x_ComponentType ?? '').localeCompare(b.x_ComponentType ?? ''),
      cell: (row) => row.x_ComponentType ?? '–',
    },
    {
      key: 'system',
      isExtra: true,
      title: 'System',
      order: (a, b) => (a.SystemName ?? '').localeCompare(b.SystemName ?? ''),
      cell: (row) => row.SystemName ?? row.SystemId ?? '–',
    },
    {
      key: 'previous',
      isExtra: true,
      title: 'Before',
      isNumber: true,
      order: (a, b) => byMoney(a.previous ?? '0', b.previous ?? '0'),
      cell: (row) => (row.previous === null ? '–' : <Money value={row.previous} currency={currency} />),
    },
    {
      key: 'current',
      title: 'Cost',
      isNumber: true,
      order: (a, b) => byMoney(a.current, b.current),
      cell: (row) => <Money value={row.current} currency={currency} />,
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
