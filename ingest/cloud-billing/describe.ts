import type { CloudBillingOutcome } from './outcome.ts';

const KNOWN = { read: 'read', kept: 'as known before: it could not be asked', unknown: 'could not be asked' };

/** What became of the questions to Cloud Billing, in one line. */
export function describeCloudBilling({ accounts, skus }: Omit<CloudBillingOutcome, 'skipped'>): string {
  const facts = accounts.map(
    ({ accountId, status, projects, open }) =>
      `${accountId}${open === false ? ' (closed)' : ''} has ${projects} linked projects (${KNOWN[status]})`,
  );
  if (skus) {
    const { services, status } = skus;
    facts.push(`list prices of ${skus.skus.toLocaleString('en')} SKUs of ${services} services (${status})`);
  }
  return `cloud billing: ${facts.join('; ')}`;
}
