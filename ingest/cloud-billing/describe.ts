import type { CloudBillingOutcome } from './outcome.ts';

const KNOWN = { read: 'read', kept: 'as known before: it could not be asked' };

/** What became of the questions to Cloud Billing, in one line. */
export function describeCloudBilling({ accounts, skus }: Omit<CloudBillingOutcome, 'skipped'>): string {
  const facts = accounts.map(({ accountId, status, projects, open }) =>
    status === 'unknown'
      ? `${accountId} could not be asked, and nothing is known of it yet`
      : `${accountId}${open === false ? ' (closed)' : ''} has ${projects} linked projects (${KNOWN[status]})`,
  );
  if (skus && (skus.services > 0 || skus.status !== 'kept')) {
    const { services, status } = skus;
    facts.push(`list prices of ${skus.skus.toLocaleString('en')} SKUs of ${services} services (${status})`);
  }
  return `cloud billing: ${facts.join('; ')}`;
}
