import { useDeferredValue, type ReactElement } from 'react';
import type { Component } from '../../api/contract/index.ts';
import { formatCount } from '../format.ts';
import { useListed } from '../parts/listed.ts';
import { Card } from '../parts/card.tsx';
import { PageHead } from '../parts/crumbs.tsx';
import { Filters } from '../parts/filters.tsx';
import { CompanyLink, ComponentLink, SquadLink } from '../parts/links.tsx';
import { useMeta } from '../parts/meta.tsx';
import { More } from '../parts/more.tsx';
import { useSettings } from '../parts/settings.ts';
import { Empty, Failed, SkeletonRows } from '../parts/states.tsx';
import { Table, type Column } from '../parts/table.tsx';

const COLUMNS: Column<Component>[] = [
  {
    key: 'name',
    title: 'Component',
    cell: (row) => (
      <>
        <ComponentLink id={row.ComponentId} name={row.ComponentName} />
        {!row.x_IsCurrent && (
          <span className="tag" style={{ marginLeft: 8 }}>
            left the catalog
          </span>
        )}
      </>
    ),
  },
  { key: 'type', isExtra: true, title: 'Type', cell: (row) => row.x_ComponentType ?? '–' },
  { key: 'lifecycle', isExtra: true, title: 'Lifecycle', cell: (row) => row.x_Lifecycle ?? '–' },
  { key: 'system', isExtra: true, title: 'System', cell: (row) => row.SystemName ?? row.SystemId ?? '–' },
  {
    key: 'squad',
    title: 'Owner',
    cell: (row) => (row.SquadId ? <SquadLink id={row.SquadId} name={row.SquadName} /> : '–'),
  },
];

/** Every component and resource of the catalog. */
export function ComponentsPage(): ReactElement {
  const { company } = useMeta();
  const [search, change] = useSettings();
  const q = useDeferredValue(search.q);
  const listed = useListed('components', {
    ...(q ? { q } : {}),
    ...(search.squad ? { squad: search.squad } : {}),
    ...(search.system ? { system: search.system } : {}),
    limit: 100,
  });
  const rows = listed.pages.flatMap((page) => page.components);
  return (
    <>
      <PageHead
        title="Components"
        above={[<CompanyLink key="company">{company}</CompanyLink>]}
        lead={listed.count === null ? <>&nbsp;</> : formatCount(listed.count, 'component')}
        actions={
          <input
            type="search"
            className="text-input"
            aria-label="Find a component"
            placeholder="Find a component"
            value={search.q ?? ''}
            onChange={(event) => change({ q: event.target.value || undefined })}
          />
        }
      />
      <Filters />
      <Card title="Catalog" flush>
        {listed.error ? (
          <Failed error={listed.error} retry={listed.retry} />
        ) : listed.count === null ? (
          <SkeletonRows rows={12} />
        ) : rows.length === 0 ? (
          <Empty title={q ? `No component is called “${q}”` : 'The catalog has no components'}>
            {!q && (
              <p>
                Components come from your Backstage catalog files, named under <code>catalog</code> in worthwhile.yaml.
              </p>
            )}
          </Empty>
        ) : (
          <Table label="Components" columns={COLUMNS} rows={rows} keyOf={(row) => row.ComponentId} />
        )}
        <More listed={listed} shown={rows.length} />
      </Card>
    </>
  );
}
