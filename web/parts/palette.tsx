import { Link } from '@tanstack/react-router';
import {
  useDeferredValue,
  useEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import type { SearchAnswer } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { formatCount } from '../format.ts';
import { carried } from '../search.ts';

type Result = SearchAnswer['results'][number];
const KINDS: Record<Result['type'], string> = {
  squad: 'Squad',
  component: 'Component',
  service: 'Service',
  project: 'Project',
};

/** Goes to a squad, component, service or project by a part of its name. Enter takes the first; arrow keys move. */
export function Palette({ close }: { close: () => void }): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const found = useAnswer('search', { query: { q, limit: 20 } }, { enabled: q !== '' });
  const results = q === '' ? [] : (found.data?.results ?? []);
  useEffect(() => dialog.current?.showModal(), []);

  const stops = (): HTMLElement[] => [...(dialog.current?.querySelectorAll<HTMLElement>('input, a') ?? [])];
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const all = stops();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  return (
    <dialog ref={dialog} className="palette" aria-label="Search" closedby="any" onClose={close} onKeyDown={move}>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          stops()[1]?.click();
        }}
      >
        <input
          type="text"
          aria-label="Search squads, components, services and projects"
          placeholder="Squad, component, service or project"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </form>
      {results.length > 0 && (
        <ul>
          {results.map((result) => (
            <li key={`${result.type}:${result.id}`}>
              <ResultLink result={result} close={close} />
            </li>
          ))}
        </ul>
      )}
      <output className={results.length > 0 ? 'visually-hidden' : undefined}>
        {said(q, found.isError, found.isFetching, results.length)}
      </output>
    </dialog>
  );
}

function said(q: string, isError: boolean, isFetching: boolean, count: number): string {
  if (q === '') return 'Type a part of a name. ↑ ↓ to move, Enter to go, Esc to close.';
  if (isError) return 'The search failed; the server does not answer.';
  if (count > 0) return formatCount(count, 'result');
  return isFetching ? 'Searching…' : `Nothing is called “${q}”.`;
}

function ResultLink({ result, close }: { result: Result; close: () => void }): ReactElement {
  const { type, id, name, detail } = result;
  const content: ReactNode = (
    <>
      <span className="kind">{KINDS[type]}</span>
      <span>{name}</span>
      <span className="detail">{detail ?? (name === id ? '' : id)}</span>
    </>
  );
  if (type === 'squad') {
    return (
      <Link to="/squads/$squadId" params={{ squadId: id }} search={carried} onClick={close}>
        {content}
      </Link>
    );
  }
  if (type === 'component') {
    return (
      <Link to="/components/$componentId" params={{ componentId: id }} search={carried} onClick={close}>
        {content}
      </Link>
    );
  }
  return (
    <Link to="/" search={(current) => ({ ...carried(current), [type]: id, by: 'squad' as const })} onClick={close}>
      {content}
    </Link>
  );
}
