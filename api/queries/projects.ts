import type { z } from 'zod';
import {
  count,
  PRESSING_STATUSES,
  PROJECT_STATUSES,
  projectsAnswer,
  type ProjectsAnswer,
  type projectsQuery,
} from '../contract/index.ts';
import type { Reader } from '../warehouse/reader.ts';
import { pageOf } from './cursor.ts';

const ISO = "'%Y-%m-%dT%H:%M:%SZ'";
const row = projectsAnswer.shape.projects.element.extend({ matches: count });

/** Statuses are ours and constant, so they may stand in the SQL. */
const inSql = (statuses: readonly string[]): string => statuses.map((status) => `'${status}'`).join(', ');
const BY_PRESSURE = `list_position([${inSql(PROJECT_STATUSES)}], p.x_ProjectStatus)`;

/** Billing accounts and how their projects stand to the charges: the most pressing first, most money first. */
export async function projects(reader: Reader, query: z.output<typeof projectsQuery>): Promise<ProjectsAnswer> {
  const page = pageOf(reader.identity, 'projects', query);
  const { account, status } = query;
  const ofAccount = account ? 'p.BillingAccountId = $account' : 'true';
  const ofStatus = status ? 'p.x_ProjectStatus = $status' : `p.x_ProjectStatus in (${inSql(PRESSING_STATUSES)})`;
  const bound = account ? { account } : {};
  const [accounts, statuses, rows] = await Promise.all([
    reader.select(
      projectsAnswer.shape.accounts.element,
      `select BillingAccountId, x_BillingAccountName, x_IsOpen, BillingCurrency, x_ChargedCurrencies, x_CurrencyMatches,
              x_LinkedProjectCount, x_FirstChargeDay, x_LastChargeDay, strftime(x_FetchedAt, ${ISO}) as x_FetchedAt
       from dim_billing_accounts p where ${ofAccount} order by BillingAccountId`,
      bound,
    ),
    reader.select(
      projectsAnswer.shape.statuses.element,
      `select p.x_ProjectStatus, count(*) as projects from fct_project_coverage p where ${ofAccount}
       group by p.x_ProjectStatus order by ${BY_PRESSURE}`,
      bound,
    ),
    reader.select(
      row,
      `with ranked as (
         select p.*, count(*) over () as matches,
                row_number() over (order by ${BY_PRESSURE}, abs(p.BilledCost) desc nulls last, p.BillingAccountId, p.SubAccountId) as position
         from fct_project_coverage p where ${ofAccount} and ${ofStatus}
       )
       select r.* replace (
                strftime(r.x_FirstLinkedAt, ${ISO}) as x_FirstLinkedAt,
                strftime(r.x_LastLinkedAt, ${ISO}) as x_LastLinkedAt,
                strftime(r.x_LastBillingPeriod, '%Y-%m') as x_LastBillingPeriod
              ), a.SubAccountName
       from ranked r left join dim_sub_accounts a on a.SubAccountId = r.SubAccountId
       where r.position > $offset and r.position <= $offset + $limit order by r.position`,
      { ...bound, ...(status && { status }), offset: page.offset, limit: page.limit },
    ),
  ]);
  const matches = rows[0]?.matches ?? 0;
  return {
    accounts,
    statuses,
    projects: rows.map(({ matches: _matches, ...one }) => one),
    count: matches,
    nextCursor: page.next(matches),
  };
}
