import { useMemo, type ReactElement } from 'react';
import type { MetaAnswer, OrganisationAnswer } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { splitChange } from '../calendar.ts';
import { formatMonth, formatNumber } from '../format.ts';
import { judgeOf } from '../needle.ts';
import { monthRange } from '../periods.ts';
import { byMoney, longestOf } from '../series.ts';
import { Bar } from '../parts/bar.tsx';
import { Card } from '../parts/card.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { CurrencyPicker } from '../parts/filters.tsx';
import { CompanyLink, SquadLink, TribeLink } from '../parts/links.tsx';
import { useMeta } from '../parts/meta.tsx';
import { Change, Money } from '../parts/money.tsx';
import { useScope } from '../parts/scope.ts';
import { useSettings } from '../parts/settings.ts';
import { Answered, Empty, SkeletonBlock } from '../parts/states.tsx';
import { Snippet } from '../parts/snippet.tsx';
import { Table, type Column } from '../parts/table.tsx';

type SquadRow = OrganisationAnswer['squadsWithoutTribe'][number];

/** Every squad, tribe by tribe, with the last two full months. */
export function SquadsPage(): ReactElement {
  const { company } = useMeta();
  const { currency, metric } = useScope({});
  const [search, change] = useSettings();
  const organisation = useAnswer('organisation', {
    query: { ...(currency ? { currency } : {}), ...(metric ? { metric } : {}) },
  });
  const month = organisation.data?.currentMonth;
  return (
    <>
      <PageHead
        title="Squads"
        above={[<CompanyLink key="company">{company}</CompanyLink>]}
        lead={month ? `${formatMonth(month)}, against the month before` : <>&nbsp;</>}
        actions={
          <>
            <CurrencyPicker />
            <input
              type="search"
              className="text-input"
              aria-label="Find a squad"
              placeholder="Find a squad"
              value={search.q ?? ''}
              onChange={(event) => change({ q: event.target.value || undefined })}
            />
          </>
        }
      />
      <Answered query={organisation} loading={<SkeletonBlock height={480} />}>
        {(answer) => <Directory answer={answer} q={search.q ?? ''} />}
      </Answered>
    </>
  );
}

function Directory({ answer, q }: { answer: OrganisationAnswer; q: string }): ReactElement {
  const groups = useMemo(() => {
    const wanted = q.toLowerCase();
    const matches = (squad: SquadRow): boolean => `${squad.SquadId} ${squad.SquadName}`.toLowerCase().includes(wanted);
    return [
      ...answer.tribes.map((tribe) => ({
        id: tribe.TribeId,
        name: tribe.TribeName,
        cost: tribe.cost,
        squads: tribe.squads.filter(matches),
      })),
      { id: null, name: 'Without a tribe', cost: null, squads: answer.squadsWithoutTribe.filter(matches) },
    ].filter((group) => group.squads.length > 0);
  }, [answer, q]);
  if (groups.length === 0) {
    return (
      <div className="card">
        {q ? (
          <Empty title={`No squad is called “${q}”`} />
        ) : (
          <Empty title="The catalog has no squads">
            <p>
              Squads are Backstage groups of type squad or team. Point the configuration at your catalog files, then run
              again.
            </p>
            <Snippet text={'catalog:\n  files: [./catalog/**/*.yaml]'} />
          </Empty>
        )}
      </div>
    );
  }
  return (
    <div className="stack">
      {groups.map((group) => (
        <Tribe key={group.id ?? ''} group={group} answer={answer} />
      ))}
    </div>
  );
}

interface Group {
  id: string | null;
  name: string;
  cost: SquadRow['cost'] | null;
  squads: SquadRow[];
}

function Tribe({ group, answer }: { group: Group; answer: OrganisationAnswer }): ReactElement {
  const meta = useMeta();
  const [search, change] = useSettings();
  const { BillingCurrency: currency } = answer;
  const columns = useMemo(() => columnsOf(answer, meta), [answer, meta]);
  return (
    <Card
      title={group.name}
      flush
      actions={
        <span className="tribe-head muted">
          {group.cost && <Money value={group.cost.current} currency={currency} precision="whole" />}
          {group.id !== null && (
            <span style={{ fontWeight: 500 }}>
              <TribeLink id={group.id} name="Open tribe" />
            </span>
          )}
        </span>
      }
    >
      <Table
        label={`Squads of ${group.name}`}
        columns={columns}
        rows={group.squads}
        keyOf={(squad) => squad.SquadId}
        sort={search.sort ?? '-cost'}
        onSort={(sort) => change({ sort })}
      />
    </Card>
  );
}

function columnsOf(answer: OrganisationAnswer, meta: MetaAnswer): Column<SquadRow>[] {
  const { BillingCurrency: currency, currentMonth, previousMonth } = answer;
  const ranges =
    currentMonth && previousMonth ? { current: monthRange(currentMonth), previous: monthRange(previousMonth) } : null;
  const judge = judgeOf(meta, currency, ranges);
  const every = [...answer.tribes.flatMap((tribe) => tribe.squads), ...answer.squadsWithoutTribe];
  const largest = longestOf(every.map((squad) => squad.cost.current));
  return [
    {
      key: 'name',
      title: 'Squad',
      width: '26%',
      order: (a, b) => a.SquadName.localeCompare(b.SquadName),
      cell: (squad) => (
        <span className="name-cell">
          <SquadLink id={squad.SquadId} name={squad.SquadName} />
          {!squad.x_IsCurrent && <span className="tag">left the catalog</span>}
        </span>
      ),
    },
    {
      key: 'components',
      isExtra: true,
      title: 'Components',
      width: '11%',
      isNumber: true,
      order: (a, b) => a.x_ComponentCount - b.x_ComponentCount,
      cell: (squad) => formatNumber(squad.x_ComponentCount),
    },
    {
      key: 'members',
      isExtra: true,
      title: 'Members',
      width: '10%',
      isNumber: true,
      order: (a, b) => (a.x_MemberCount ?? 0) - (b.x_MemberCount ?? 0),
      cell: (squad) => (squad.x_MemberCount === null ? '–' : formatNumber(squad.x_MemberCount)),
    },
    {
      key: 'cost',
      title: 'Cost',
      width: '13%',
      isNumber: true,
      order: (a, b) => byMoney(a.cost.current, b.cost.current),
      cell: (squad) => <Money value={squad.cost.current} currency={currency} precision="whole" />,
    },
    {
      key: 'bar',
      isExtra: true,
      title: 'Size',
      isTitleHidden: true,
      width: '20%',
      cell: (squad) => <Bar value={squad.cost.current} largest={largest} />,
    },
    {
      key: 'change',
      title: 'Change',
      width: '20%',
      isNumber: true,
      order: (a, b) => byMoney(a.cost.change ?? '0', b.cost.change ?? '0'),
      cell: (squad) => (
        <Change
          show="columns"
          change={squad.cost.change}
          ratio={squad.cost.ratio}
          currency={currency}
          verdict={judge(squad.cost)}
          judged={(ranges && splitChange(squad.cost, ranges)?.beyond) ?? undefined}
        />
      ),
    },
  ];
}
