import { describe, expect, test } from 'vitest';
import { urlOf } from '../../web/ask.ts';
import { carried, filtersOf, parseSearch, stringifySearch, validateSearch } from '../../web/search.ts';

describe('the state of a page', () => {
  test('survives its own URL', () => {
    const state = validateSearch({
      by: 'service',
      range: 'custom',
      from: '2026-05-01',
      to: '2026-06-01',
      project: '123',
    });
    expect(validateSearch(parseSearch(stringifySearch(state)))).toEqual(state);
  });

  test('a project called by a number stays text', () => {
    expect(validateSearch(parseSearch('?project=0123')).project).toBe('0123');
  });

  test('leaves out what is not valid', () => {
    expect(filtersOf(validateSearch({ by: 'nonsense', from: 'yesterday', month: '2026-13', squad: 'search' }))).toEqual(
      {
        squad: 'search',
      },
    );
    expect(validateSearch({ by: 'nonsense' }).by).toBeUndefined();
  });

  test('takes money and month along to the next page, and no filter', () => {
    const next = carried(validateSearch({ currency: 'EUR', month: '2026-09', service: 'BigQuery', sort: '-current' }));
    expect(next).toEqual({ currency: 'EUR', month: '2026-09', metric: undefined });
  });
});

describe('the address of a question', () => {
  test('encodes a name that holds a slash', () => {
    expect(urlOf('squad', { params: { SquadId: 'sales/ads' } })).toBe('/api/v1/squads/sales%2Fads');
  });

  test('is the same text for the same question, whatever the order', () => {
    const one = urlOf('changes', { query: { by: 'squad', month: '2026-10' } });
    expect(one).toBe(urlOf('changes', { query: { month: '2026-10', by: 'squad' } }));
    expect(one).toBe('/api/v1/changes?by=squad&month=2026-10');
  });
});
