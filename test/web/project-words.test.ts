import { describe, expect, it } from 'vitest';
import { PROJECT_STATUSES, type ProjectsAnswer } from '../../api/contract/index.ts';
import { accountTrouble, projectsInWords, STATUS_WORDS, whyOf } from '../../web/project-words.ts';

type Account = ProjectsAnswer['accounts'][number];
type Project = ProjectsAnswer['projects'][number];

const account: Account = {
  BillingAccountId: 'A',
  x_BillingAccountName: 'Main',
  x_IsOpen: true,
  BillingCurrency: 'EUR',
  x_ChargedCurrencies: 'EUR',
  x_CurrencyMatches: true,
  x_LinkedProjectCount: 3,
  x_FirstChargeDay: '2026-01-01',
  x_LastChargeDay: '2026-09-30',
  x_FetchedAt: '2026-10-05T09:00:00Z',
};

const project = (x_ProjectStatus: Project['x_ProjectStatus'], more: Partial<Project> = {}): Project => ({
  BillingAccountId: 'A',
  SubAccountId: 'shop',
  SubAccountName: null,
  x_ProjectStatus,
  x_LinkedBillingAccountId: null,
  x_FirstLinkedAt: null,
  x_LastLinkedAt: null,
  x_FirstChargeDay: null,
  x_LastChargeDay: null,
  x_LastBillingPeriod: null,
  BillingCurrency: null,
  BilledCost: null,
  EffectiveCost: null,
  ...more,
});

describe('what is amiss with a billing account', () => {
  it.each([
    [{}, null],
    [{ x_IsOpen: false, x_CurrencyMatches: false }, 'closed'],
    [{ x_LastChargeDay: null }, 'no charges'],
    [{ x_ChargedCurrencies: 'EUR,USD', x_CurrencyMatches: false }, 'other currency'],
  ] as const)('%j is %s', (more, word) => {
    expect(accountTrouble({ ...account, ...more })?.word ?? null).toBe(word);
  });

  it('names both currencies', () => {
    const trouble = accountTrouble({ ...account, x_ChargedCurrencies: 'SEK,USD', x_CurrencyMatches: false });

    expect(trouble!.why).toBe('It bills in EUR, its newest month has SEK and USD.');
  });
});

describe('how projects stand', () => {
  it('is one sentence that says when all is well', () => {
    expect(projectsInWords([{ x_ProjectStatus: 'covered', projects: 43 }])).toBe(
      'All 43 projects are linked and charged',
    );
    expect(projectsInWords([{ x_ProjectStatus: 'covered', projects: 1 }])).toBe(
      'The one project is linked and charged',
    );
    expect(projectsInWords([])).toBe('No project is linked, and none has charges');
    expect(
      projectsInWords([
        { x_ProjectStatus: 'missing', projects: 2 },
        { x_ProjectStatus: 'covered', projects: 41 },
      ]),
    ).toBe('2 linked without any charge, 41 covered');
  });

  it('is told for every status, with a word and what it means', () => {
    for (const status of PROJECT_STATUSES) {
      expect(STATUS_WORDS[status].word).not.toBe('');
      expect(whyOf(project(status))).toMatch(/[.]$/);
    }
  });

  it('names the account a project moved to, and the day on which it was last found linked', () => {
    expect(whyOf(project('moved', { x_LinkedBillingAccountId: '0A0A0A' }))).toContain('0A0A0A');
    expect(whyOf(project('unlinked', { x_LastLinkedAt: '2026-10-01T23:00:00Z' }))).toContain('Oct 1, 2026');
  });
});
