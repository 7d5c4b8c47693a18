import type { CSSProperties, ReactElement } from 'react';
import type { SeriesConfig } from '../series.ts';

/** The colour of a series beside its name. */
export function Swatch({ kind, color }: { kind: SeriesConfig['kind']; color: string | null }): ReactElement {
  const style = { '--swatch': color ?? 'var(--line-strong)' } as CSSProperties;
  return <span className="swatch" data-kind={kind} style={style} aria-hidden="true" />;
}
