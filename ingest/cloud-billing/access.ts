import type { CloudBillingConfig } from '../../core/config/schema.ts';
import type { WorthwhileError } from '../../core/errors.ts';
import { openCloudBilling, type Patience } from './client.ts';
import { cloudBillingFault } from './faults.ts';

/** Whether one account may be read now: its own state and the projects linked to it. */
export interface AccountAccess {
  accountId: string;
  /** Null where it may be read. */
  fault: WorthwhileError | null;
}

/** Asks for every configured account and its projects, and keeps nothing of the answers. */
export async function accountAccess(cloudBilling: CloudBillingConfig, patience: Patience): Promise<AccountAccess[]> {
  const api = await openCloudBilling(cloudBilling.apiEndpoint ?? null, patience);
  const access: AccountAccess[] = [];
  try {
    for (const accountId of cloudBilling.accounts) {
      const fault = await Promise.all([api.account(accountId), api.projects(accountId)]).then(
        () => null,
        (error: unknown) => cloudBillingFault(error, `billing account ${accountId}`),
      );
      access.push({ accountId, fault });
    }
  } finally {
    await api.close();
  }
  return access;
}
