import { createContext, useContext } from 'react';
import type { MetaAnswer } from '../../api/contract/index.ts';

/** What is served now; pages are drawn only once it is known. */
export const MetaContext = createContext<MetaAnswer | null>(null);

export function useMeta(): MetaAnswer {
  const meta = useContext(MetaContext);
  if (!meta) throw new Error('useMeta needs the shell around it');
  return meta;
}
