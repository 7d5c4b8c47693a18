import type { ReactElement } from 'react';
import { Snippet } from './snippet.tsx';

/** The first thing a new user may see: nothing is loaded, and how to change that. */
export function NoData(): ReactElement {
  return (
    <div className="card state page-state">
      <h2>No charges yet</h2>
      <p>
        The warehouse is built, but no source has delivered a charge. Name your billing files under <code>sources</code>{' '}
        in worthwhile.yaml, then load them:
      </p>
      <Snippet text="npx worthwhile run" />
      <p>
        <code>npx worthwhile doctor</code> says which files each source finds, and why one may be left out.
      </p>
    </div>
  );
}
