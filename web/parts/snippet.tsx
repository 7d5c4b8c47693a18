import { useState, type ReactElement } from 'react';
import { Icon } from './icons.tsx';

/** Text to paste somewhere else, with a button that copies it. */
export function Snippet({ text, label }: { text: string; label?: string }): ReactElement {
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('failed');
    }
    setTimeout(() => setState('ready'), 2000);
  };
  return (
    <pre className="snippet" aria-label={label}>
      <code>{text}</code>
      <button
        type="button"
        className="button small"
        onClick={() => void copy()}
        aria-label={label ? `Copy ${label}` : 'Copy'}
      >
        <Icon name={state === 'copied' ? 'check' : 'copy'} size={14} />
        <span aria-live="polite">{state === 'copied' ? 'Copied' : state === 'failed' ? 'Select it' : 'Copy'}</span>
      </button>
    </pre>
  );
}
