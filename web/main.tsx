import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { UnreachableError } from './ask.ts';
import { router } from './router.tsx';

/**
 * Answers change only with a new generation, which `parts/generation.ts` watches for: so they never go stale by time. Questions
 * are asked even when the browser believes it is offline, since the server may be on this machine.
 */
const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Infinity,
      gcTime: 10 * 60_000,
      networkMode: 'always',
      refetchOnWindowFocus: false,
      retry: (failures, error) => error instanceof UnreachableError && failures < 2,
      retryDelay: (failures) => 400 * 2 ** failures,
    },
  },
});

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no #root');
createRoot(element).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
