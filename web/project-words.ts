import type { ProjectsAnswer, ProjectStatus } from '../api/contract/index.ts';
import { formatCount, formatDay } from './format.ts';

type Project = ProjectsAnswer['projects'][number];
type Account = ProjectsAnswer['accounts'][number];

interface StatusWords {
  word: string;
  tone: 'good' | 'bad' | 'warn' | 'accent' | '';
  /** In a sentence after a number: `3 linked without any charge`. */
  counted: string;
}

/** How a project's standing is told: the word says it, the colour only underlines it. */
export const STATUS_WORDS: Record<ProjectStatus, StatusWords> = {
  missing: { word: 'no charges', tone: 'bad', counted: 'linked without any charge' },
  unlinked: { word: 'unlinked', tone: 'bad', counted: 'charged lately but no longer linked' },
  moved: { word: 'moved', tone: 'warn', counted: 'moved to another account' },
  disabled: { word: 'billing off', tone: 'warn', counted: 'linked with billing off' },
  new: { word: 'new', tone: 'accent', counted: 'new' },
  quiet: { word: 'quiet', tone: '', counted: 'without a charge for 30 days' },
  former: { word: 'former', tone: '', counted: 'gone' },
  covered: { word: 'covered', tone: 'good', counted: 'covered' },
};

/** What is known of a project in its standing, and what to do about it. */
export function whyOf({ x_ProjectStatus: status, ...project }: Project): string {
  switch (status) {
    case 'missing':
      return 'Linked with billing on. Fine where it costs nothing; otherwise see that the export has it.';
    case 'unlinked':
      return project.x_LastLinkedAt
        ? `Last found linked on ${formatDay(project.x_LastLinkedAt.slice(0, 10))}. If it still runs, its cost is no longer in this bill.`
        : 'Linked to none of the configured accounts. If it still runs, its cost is no longer in this bill.';
    case 'moved':
      return `Now linked to ${project.x_LinkedBillingAccountId ?? 'another account'}; that account's export has its later charges.`;
    case 'disabled':
      return 'Billing is off, so what it runs may be stopped at any time.';
    case 'new':
      return project.x_FirstChargeDay
        ? `First charged on ${formatDay(project.x_FirstChargeDay)}. See that somebody owns it.`
        : 'See that somebody owns it.';
    case 'quiet':
      return 'Linked, and not charged for more than 30 days.';
    case 'former':
      return 'Neither linked nor charged lately.';
    case 'covered':
      return 'Linked and charged.';
  }
}

/** The standing of all projects in one line: `2 linked without any charge, 1 new; 43 covered`. */
export function projectsInWords(statuses: ProjectsAnswer['statuses']): string {
  const all = statuses.reduce((sum, { projects }) => sum + projects, 0);
  if (all === 0) return 'No project is linked, and none has charges';
  const [only] = statuses;
  if (statuses.length === 1 && only!.x_ProjectStatus === 'covered')
    return `${all === 1 ? 'The one project is' : `All ${all} projects are`} linked and charged`;
  return statuses
    .map(({ x_ProjectStatus, projects }) => `${projects} ${STATUS_WORDS[x_ProjectStatus].counted}`)
    .join(', ');
}

/** What is amiss with an account; null where nothing is. */
export function accountTrouble(account: Account): { word: string; why: string } | null {
  if (!account.x_IsOpen) {
    return { word: 'closed', why: 'Google has closed this account; nothing on it can be charged or run any more.' };
  }
  if (account.x_LastChargeDay === null) {
    return {
      word: 'no charges',
      why: 'No source has delivered a charge of it; configure its billing export under sources.',
    };
  }
  if (!account.x_CurrencyMatches) {
    return {
      word: 'other currency',
      why: `It bills in ${account.BillingCurrency}, its newest month has ${account.x_ChargedCurrencies?.replaceAll(',', ' and ')}.`,
    };
  }
  return null;
}

export const linkedInWords = ({ x_LinkedProjectCount }: Account): string =>
  formatCount(x_LinkedProjectCount, 'linked project');
