import type { BillingAccountSnapshot, LinkedProject } from '../../core/cloud-billing.ts';

/** What the API says of an account now. */
export interface AccountState {
  displayName: string;
  open: boolean;
  currency: string | null;
  projects: { projectId: string; billingEnabled: boolean }[];
}

/**
 * The account as it is now, with the days on which each project was first and last found linked: the API knows only the present,
 * and a project that was moved away leaves no other trace.
 */
export function nextAccountSnapshot(
  accountId: string,
  state: AccountState,
  before: BillingAccountSnapshot | null,
  now: Date,
): BillingAccountSnapshot {
  const fetchedAt = now.toISOString();
  const known = new Map([...(before?.formerProjects ?? []), ...(before?.projects ?? [])].map((p) => [p.projectId, p]));
  const linked = new Map<string, LinkedProject>();
  for (const { projectId, billingEnabled } of state.projects) {
    const firstLinkedAt = known.get(projectId)?.firstLinkedAt ?? fetchedAt;
    linked.set(projectId, { projectId, billingEnabled, firstLinkedAt, lastLinkedAt: fetchedAt });
  }
  const { displayName, open, currency } = state;
  return {
    version: 1,
    accountId,
    fetchedAt,
    displayName,
    open,
    currency,
    projects: sortedById([...linked.values()]),
    formerProjects: sortedById([...known.values()].filter(({ projectId }) => !linked.has(projectId))),
  };
}

function sortedById(projects: LinkedProject[]): LinkedProject[] {
  return projects.sort((a, b) => (a.projectId < b.projectId ? -1 : 1));
}
