import type { ReactElement } from 'react';

/** Text in which `backticks` mark what is typed as it is. */
export function Prose({ text }: { text: string }): ReactElement {
  return <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}
