import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { PageHead } from '../parts/crumbs.tsx';

/** No such address. */
export function NotFoundPage(): ReactElement {
  return (
    <>
      <PageHead title="No such page" lead="The address leads nowhere: perhaps a link that was cut off." />
      <p>
        Go to the <Link to="/">overview</Link>, or press Ctrl K (⌘K) and search for a squad, component, service or
        project.
      </p>
    </>
  );
}
