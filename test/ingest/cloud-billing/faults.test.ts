import { describe, expect, it } from 'vitest';
import { cloudBillingFault, isPassing } from '../../../ingest/cloud-billing/faults.ts';

const said = (message: string, facts: object = {}): Error => Object.assign(new Error(message), facts);

describe('a failed call to Cloud Billing', () => {
  it.each([
    [
      'without credentials',
      said('Could not load the default credentials. Browse to https://cloud'),
      /gcloud auth/,
      false,
    ],
    ['with an expired login', said('invalid_grant', { code: '400' }), /gcloud auth application-default login/, false],
    [
      'with the API switched off',
      said('off', { code: 7, reason: 'SERVICE_DISABLED' }),
      /gcloud services enable/,
      false,
    ],
    ['without permission', said('no', { code: 7 }), /roles\/billing\.viewer/, false],
    ['of an unknown account', said('no', { code: 5 }), /cloudBilling\.accounts/, false],
    ['beyond the quota', said('slow down', { code: 8 }), /run again/, true],
    ['on a broken connection', said('fetch failed'), /reaches cloudbilling\.googleapis\.com/, true],
  ])('%s says what mends it, and whether asking again may', (_, error, fix, passes) => {
    const fault = cloudBillingFault(error, 'billing account A');

    expect(fault.message).toMatch(fix);
    expect(fault.on).toBe('billing account A');
    expect(isPassing(error)).toBe(passes);
  });

  it('repeats no secret of the request, and keeps none as its cause', () => {
    const error = said('GET https://x/v1/services?key=SECRET&access_token=SECRET failed\nAuthorization: Bearer SECRET');
    const fault = cloudBillingFault(error, 'public price list');

    expect(fault.message).not.toContain('SECRET');
    expect(fault.cause).toBeUndefined();
  });
});
