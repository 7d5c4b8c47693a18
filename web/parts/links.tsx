import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { UNALLOCATED, type Dimension } from '../../api/contract/index.ts';
import { carried } from '../search.ts';
import { useSettings } from './settings.ts';

/** A squad's name, leading to its page; what nobody owns leads to what to label first. */
export function SquadLink({ id, name }: { id: string; name: string | null }): ReactElement {
  if (id === UNALLOCATED)
    return (
      <Link to="/unallocated" search={carried}>
        Unallocated
      </Link>
    );
  return (
    <Link to="/squads/$squadId" params={{ squadId: id }} search={carried}>
      {name ?? id}
    </Link>
  );
}

export function ComponentLink({ id, name }: { id: string; name: string | null }): ReactElement {
  return (
    <Link to="/components/$componentId" params={{ componentId: id }} search={carried}>
      {name ?? id}
    </Link>
  );
}

export function TribeLink({ id, name }: { id: string; name: string | null }): ReactElement {
  return (
    <Link to="/tribes/$tribeId" params={{ tribeId: id }} search={carried}>
      {name ?? id}
    </Link>
  );
}

export function PoolLink({ id, title }: { id: string; title: string }): ReactElement {
  return (
    <Link to="/pools/$poolId" params={{ poolId: id }} search={carried}>
      {title}
    </Link>
  );
}

/** Above every page but the first. */
export function CompanyLink({ children }: { children: ReactNode }): ReactElement {
  return (
    <Link to="/" search={carried}>
      {children}
    </Link>
  );
}

interface ValueLinkProps {
  by: Dimension;
  row: { key: string; name: string; kind: 'value' | 'unallocated' | 'none' | 'other' };
}

/** One value of a dimension: to its own page where it has one, else it narrows the page it stands on. */
export function ValueLink({ by, row }: ValueLinkProps): ReactElement {
  const [, change] = useSettings();
  if (row.kind === 'unallocated') return <SquadLink id={UNALLOCATED} name={null} />;
  if (row.kind !== 'value') return <span>{row.name}</span>;
  if (by === 'squad') return <SquadLink id={row.key} name={row.name} />;
  if (by === 'component') return <ComponentLink id={row.key} name={row.name} />;
  if (by === 'tribe') return <TribeLink id={row.key} name={row.name} />;
  return (
    <button
      type="button"
      className="link-button"
      title={`Show only ${row.name}`}
      onClick={() =>
        change({ [by]: row.key, by: by === 'service' ? 'skuGroup' : 'service', hide: undefined, sort: undefined })
      }
    >
      {row.name}
    </button>
  );
}
