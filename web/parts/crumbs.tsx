import { createContext, useContext, useEffect, type ReactElement, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { MetaContext } from './meta.tsx';

/** The shell's place for the trail; pages fill it. */
export const CrumbsHost = createContext<HTMLElement | null>(null);

interface PageHeadProps {
  title: string;
  /** Links to the pages above this one, outermost first. */
  above?: ReactNode[];
  lead?: ReactNode;
  actions?: ReactNode;
}

/** A page's heading, its trail in the top bar, and the document's title. */
export function PageHead({ title, above = [], lead, actions }: PageHeadProps): ReactElement {
  const company = useContext(MetaContext)?.company ?? null;
  const host = useContext(CrumbsHost);
  useEffect(() => {
    document.title = [...new Set([title, company, 'Worthwhile'])].filter(Boolean).join(' · ');
  }, [title, company]);
  return (
    <>
      {host && createPortal(<Trail above={above} title={title} />, host)}
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {lead && <div className="lead">{lead}</div>}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </div>
    </>
  );
}

function Trail({ above, title }: { above: ReactNode[]; title: string }): ReactElement {
  return (
    <ol>
      {above.map((link, index) => (
        <li key={index}>{link}</li>
      ))}
      <li aria-current="page">
        <span>{title}</span>
      </li>
    </ol>
  );
}
