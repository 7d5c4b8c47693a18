import type { ReactElement } from 'react';
import type { ProjectsAnswer } from '../../api/contract/index.ts';
import { formatDay, formatInstant, formatMonth } from '../format.ts';
import { accountTrouble, linkedInWords, projectsInWords, STATUS_WORDS, whyOf } from '../project-words.ts';
import { Card } from './card.tsx';
import { useListed } from './listed.ts';
import { Money } from './money.tsx';
import { More } from './more.tsx';
import { Scroll } from './scroll.tsx';
import { Snippet } from './snippet.tsx';
import { Empty, Failed, SkeletonRows } from './states.tsx';

type Project = ProjectsAnswer['projects'][number];

/** Whether the bill is whole: each billing account's state, and the projects that are only on one of its two sides. */
export function ProjectCoverage(): ReactElement {
  const listed = useListed('projects', {});
  const [first] = listed.pages;
  const projects = listed.pages.flatMap((page) => page.projects);
  const note =
    first && first.accounts.length > 0 ? projectsInWords(first.statuses) : 'Whether every project is in the bill';
  return (
    <Card title="Billing accounts and projects" note={note} flush>
      {listed.error ? (
        <Failed error={listed.error} retry={listed.retry} />
      ) : !first ? (
        <SkeletonRows rows={4} />
      ) : first.accounts.length === 0 ? (
        <NotAsked />
      ) : (
        <>
          <Accounts accounts={first.accounts} />
          {projects.length === 0 ? (
            <p className="table-note">
              <span className="tag good">complete</span> No project is missing from the bill, and none has left it.
            </p>
          ) : (
            <Projects projects={projects} severalAccounts={first.accounts.length > 1} />
          )}
          <More listed={listed} shown={projects.length} />
        </>
      )}
    </Card>
  );
}

function NotAsked(): ReactElement {
  return (
    <Empty title="Not held against Cloud Billing yet">
      <p>
        A project that moves to another billing account vanishes from the export without a word. With read access to the
        account (role Billing Account Viewer) every run holds its projects against the charges. Name the account in
        worthwhile.yaml, then run <code>npx worthwhile run</code>. Where it is named already, the latest run on the page{' '}
        <em>Runs</em> says why it could not be asked.
      </p>
      <Snippet label="configuration of Cloud Billing" text={'cloudBilling:\n  accounts: [XXXXXX-XXXXXX-XXXXXX]'} />
    </Empty>
  );
}

function Accounts({ accounts }: { accounts: ProjectsAnswer['accounts'] }): ReactElement {
  return (
    <Scroll label="Billing accounts">
      <table className="table">
        <caption className="visually-hidden">Billing accounts</caption>
        <thead>
          <tr>
            <th scope="col">Billing account</th>
            <th scope="col">State</th>
            <th scope="col">Currency</th>
            <th scope="col">Projects</th>
            <th scope="col">Newest charge</th>
            <th scope="col">Asked</th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => {
            const trouble = accountTrouble(account);
            return (
              <tr key={account.BillingAccountId}>
                <th scope="row">
                  {account.x_BillingAccountName || account.BillingAccountId}
                  <span className="sub nowrap">{account.BillingAccountId}</span>
                </th>
                <td className="told">
                  <span className={`tag ${trouble ? 'warn' : 'good'}`}>{trouble ? trouble.word : 'open'}</span>
                  {trouble && <span className="sub">{trouble.why}</span>}
                </td>
                <td>{account.BillingCurrency ?? 'not stated'}</td>
                <td className="nowrap">{linkedInWords(account)}</td>
                <td className="nowrap">{account.x_LastChargeDay ? formatDay(account.x_LastChargeDay) : 'none'}</td>
                <td className="nowrap">{formatInstant(account.x_FetchedAt)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

function Projects({ projects, severalAccounts }: { projects: Project[]; severalAccounts: boolean }): ReactElement {
  return (
    <Scroll label="Projects to look at">
      <table className="table">
        <caption className="visually-hidden">Projects to look at</caption>
        <thead>
          <tr>
            <th scope="col">Project</th>
            <th scope="col">Standing</th>
            <th scope="col">Charged</th>
            <th scope="col" className="number">
              In its last month
            </th>
          </tr>
        </thead>
        <tbody>
          {projects.map((project) => (
            <tr key={`${project.BillingAccountId} ${project.SubAccountId}`}>
              <th scope="row">
                {project.SubAccountName ?? project.SubAccountId}
                {project.SubAccountName !== null && project.SubAccountName !== project.SubAccountId && (
                  <span className="sub">{project.SubAccountId}</span>
                )}
                {severalAccounts && <span className="sub nowrap">{project.BillingAccountId}</span>}
              </th>
              <td className="told">
                <span className={`tag ${STATUS_WORDS[project.x_ProjectStatus].tone}`}>
                  {STATUS_WORDS[project.x_ProjectStatus].word}
                </span>
                <span className="sub">{whyOf(project)}</span>
              </td>
              <td className="nowrap">
                {project.x_FirstChargeDay && project.x_LastChargeDay ? (
                  <>
                    {formatDay(project.x_LastChargeDay)}
                    <span className="sub">first {formatDay(project.x_FirstChargeDay)}</span>
                  </>
                ) : (
                  'never'
                )}
              </td>
              <td className="number">
                {project.BilledCost === null ? (
                  ''
                ) : (
                  <>
                    <Money value={project.BilledCost} currency={project.BillingCurrency} />
                    {project.x_LastBillingPeriod && (
                      <span className="sub">{formatMonth(project.x_LastBillingPeriod)}</span>
                    )}
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
