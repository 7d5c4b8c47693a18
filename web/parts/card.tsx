import { useId, type ReactElement, type ReactNode } from 'react';

interface CardProps {
  title: string;
  /** One line under the title: what the figures are, and of when. */
  note?: ReactNode;
  actions?: ReactNode;
  /** No padding: for tables and lists that reach the edges. */
  flush?: boolean;
  busy?: boolean;
  children: ReactNode;
}

/** A titled region of a page. */
export function Card({ title, note, actions, flush = false, busy = false, children }: CardProps): ReactElement {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id} aria-busy={busy}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {actions}
        {note && <p>{note}</p>}
      </div>
      <div className={flush ? 'card-body flush' : 'card-body'}>{children}</div>
    </section>
  );
}
