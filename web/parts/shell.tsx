import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { MetaAnswer } from '../../api/contract/index.ts';
import { formatDay } from '../format.ts';
import { carried } from '../search.ts';
import { CrumbsHost } from './crumbs.tsx';
import { useGeneration } from './generation.ts';
import { Icon, Mark, type IconName } from './icons.tsx';
import { Palette } from './palette.tsx';
import { MetaContext } from './meta.tsx';
import { Failed, SkeletonBlock } from './states.tsx';
import { ThemeButton } from './theme.tsx';

const NAV: readonly {
  to: '/' | '/squads' | '/components' | '/chargeback' | '/pools' | '/unallocated' | '/data' | '/runs';
  label: string;
  icon: IconName;
}[] = [
  { to: '/', label: 'Overview', icon: 'overview' },
  { to: '/squads', label: 'Squads', icon: 'squads' },
  { to: '/components', label: 'Components', icon: 'components' },
  { to: '/chargeback', label: 'Chargeback', icon: 'chargeback' },
  { to: '/pools', label: 'Shared cost', icon: 'shared' },
  { to: '/unallocated', label: 'Unallocated', icon: 'unallocated' },
  { to: '/data', label: 'Data', icon: 'data' },
  { to: '/runs', label: 'Runs', icon: 'runs' },
];

/** The page that tells, before anything is published, whether something is on its way. */
const WITHOUT_DATA = '/runs';

/** The frame around every page: navigation, trail, search, and what is known about the data behind it all. */
export function Shell(): ReactElement {
  const { query, renewed, dismiss } = useGeneration();
  const [host, setHost] = useState<HTMLElement | null>(null);
  const [menu, setMenu] = useState(false);
  const [palette, setPalette] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useSearchShortcut(setPalette);
  useFocusAfterNavigation(path);
  useEscape(menu, () => setMenu(false));
  return (
    <div className="shell" data-menu={menu ? 'open' : 'closed'}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Side meta={query.data} leave={() => setMenu(false)} />
      {menu && <button type="button" className="scrim" aria-label="Close menu" onClick={() => setMenu(false)} />}
      <div className="main-column">
        <header className="top">
          <button
            type="button"
            className="icon-button menu-button"
            aria-label="Menu"
            aria-expanded={menu}
            aria-controls="side"
            onClick={() => setMenu(!menu)}
          >
            <Icon name="menu" />
          </button>
          <nav className="crumbs" aria-label="Breadcrumb" ref={setHost} />
          <button
            type="button"
            className="search-button"
            aria-haspopup="dialog"
            aria-keyshortcuts="Meta+K Control+K"
            onClick={() => setPalette(true)}
          >
            <Icon name="search" />
            <span>Search</span>
            <kbd aria-hidden="true">{navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'}</kbd>
          </button>
        </header>
        {query.data && query.isError && <Unreachable meta={query.data} />}
        <main id="main" className="page" tabIndex={-1}>
          <CrumbsHost.Provider value={host}>
            {query.data || path === WITHOUT_DATA ? (
              <MetaContext.Provider value={query.data ?? null}>
                <Outlet />
              </MetaContext.Provider>
            ) : query.isError ? (
              <Failed page error={query.error} retry={() => void query.refetch()} />
            ) : (
              <SkeletonBlock height={160} />
            )}
          </CrumbsHost.Provider>
        </main>
      </div>
      <div aria-live="polite">
        {renewed !== null && <Renewed key={renewed} generation={renewed} dismiss={dismiss} />}
      </div>
      {palette && <Palette close={() => setPalette(false)} />}
    </div>
  );
}

function Side({ meta, leave }: { meta: MetaAnswer | undefined; leave: () => void }): ReactElement {
  return (
    <aside className="side" id="side" aria-label="Worthwhile">
      <Link to="/" className="brand" search={carried} onClick={leave}>
        <Mark />
        Worthwhile
      </Link>
      <nav className="nav" aria-label="Main">
        {NAV.map(({ to, label, icon }) => (
          <Link
            key={to}
            to={to}
            onClick={leave}
            search={carried}
            activeOptions={{ exact: to === '/', includeSearch: false }}
          >
            <Icon name={icon} />
            {label}
          </Link>
        ))}
      </nav>
      <div className="side-foot">
        {meta && (
          <Link to="/data" onClick={leave}>
            {meta.lastCompleteDay ? `Complete to ${formatDay(meta.lastCompleteDay)}` : 'No complete day yet'}
            <br />
            Generation {meta.generation}
          </Link>
        )}
        <div style={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', margin: '0 -8px' }}>
          <ThemeButton />
          <a href="/api/docs" style={{ paddingRight: 8 }}>
            API
          </a>
        </div>
      </div>
    </aside>
  );
}

function Unreachable({ meta }: { meta: MetaAnswer }): ReactElement {
  return (
    <output className="banner">
      <Icon name="alert" />
      <span>
        The server does not answer{navigator.onLine ? '' : ', and this machine is offline'}. You are looking at
        generation {meta.generation}, as loaded before; it will be tried again by itself.
      </span>
    </output>
  );
}

function Renewed({ generation, dismiss }: { generation: number; dismiss: () => void }): ReactElement {
  useEffect(() => {
    const timer = setTimeout(dismiss, 8000);
    return () => clearTimeout(timer);
  }, [dismiss]);
  return (
    <div className="toast">
      <span>New data: the figures on this page are now of generation {generation}.</span>
      <button type="button" className="icon-button quiet" aria-label="Dismiss" onClick={dismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function useSearchShortcut(open: (isOpen: true) => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      open(true);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [open]);
}

function useEscape(active: boolean, close: () => void): void {
  useEffect(() => {
    if (!active) return;
    const listen = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') close();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  });
}

/** After a change of page the reading position is the page, not the link that led to it. */
function useFocusAfterNavigation(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [path]);
}
