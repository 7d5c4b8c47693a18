import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Search } from '../search.ts';

/** The page's settings, which all live in its URL, and a way to change some of them without leaving the place. */
export function useSettings(): [Search, (change: Partial<Search>) => void] {
  const search = useSearch({ from: '__root__' });
  const navigate = useNavigate();
  const change = (part: Partial<Search>): void => {
    void navigate({ to: '.', search: (current) => ({ ...current, ...part }), replace: true, resetScroll: false });
  };
  return [search, change];
}
