import type { ReactElement, ReactNode } from 'react';

/** Short facts under a heading; what is not known is left out. */
export function Facts({ facts }: { facts: [label: string, value: ReactNode][] }): ReactElement {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
