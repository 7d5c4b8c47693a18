import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { SearchAnswer } from '../../api/contract/index.ts';
import { useAnswer } from '../ask.ts';
import { carried } from '../search.ts';

type Result = SearchAnswer['results'][number];
const KINDS: Record<Result['type'], string> = {
  squad: 'Squad',
  component: 'Component',
  service: 'Service',
  project: 'Project',
};

/** Goes to a squad, component, service or project by a part of its name. */
export function Palette({ close }: { close: () => void }): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const q = useDeferredValue(text.trim());
  const found = useAnswer('search', { query: { q, limit: 20 } }, { enabled: q !== '' });
  const results = q === '' ? [] : (found.data?.results ?? []);
  const go = useGo(close);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => setAt(0), [q]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = (at + step + results.length) % Math.max(1, results.length);
      setAt(next);
      document.getElementById(`found-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    const chosen = results[at];
    if (event.key === 'Enter' && chosen) go(chosen);
  };
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Search"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <input
        type="text"
        role="combobox"
        aria-label="Search squads, components, services and projects"
        aria-expanded={results.length > 0}
        aria-controls="found"
        aria-autocomplete="list"
        {...(results.length ? { 'aria-activedescendant': `found-${at}` } : {})}
        placeholder="Squad, component, service or project"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {results.length > 0 ? (
        <ul id="found" role="listbox" aria-label="Results">
          {results.map((result, index) => (
            <li
              key={`${result.type}:${result.id}`}
              id={`found-${index}`}
              role="option"
              aria-selected={index === at}
              onMouseMove={() => setAt(index)}
              onClick={() => go(result)}
            >
              <span className="kind">{KINDS[result.type]}</span>
              <span>{result.name}</span>
              <span className="detail">{result.detail ?? (result.name === result.id ? '' : result.id)}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p role="status">
          {q === ''
            ? 'Type a part of a name. ↑ ↓ to choose, Enter to go, Esc to close.'
            : found.isError
              ? 'The search failed; the server does not answer.'
              : found.isFetching
                ? 'Searching…'
                : `Nothing is called “${q}”.`}
        </p>
      )}
    </dialog>
  );
}

function useGo(close: () => void): (result: Result) => void {
  const navigate = useNavigate();
  return ({ type, id }) => {
    close();
    if (type === 'squad') void navigate({ to: '/squads/$squadId', params: { squadId: id }, search: carried });
    else if (type === 'component')
      void navigate({ to: '/components/$componentId', params: { componentId: id }, search: carried });
    else void navigate({ to: '/', search: (current) => ({ ...carried(current), [type]: id, by: 'squad' }) });
  };
}
