import { useState } from 'react';

/** Sorting of a page's second table; the first one's stands in the URL. */
export function useLocalSort(start?: string): [string | undefined, (sort: string) => void] {
  return useState<string | undefined>(start);
}
