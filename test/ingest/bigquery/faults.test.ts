import { describe, expect, it } from 'vitest';
import { WorthwhileError } from '../../../core/errors.ts';
import { assertNoStrayEmulator } from '../../../ingest/bigquery/client.ts';
import { explainFault, isRetryable, isStorageReadRefused, JobFailure } from '../../../ingest/bigquery/faults.ts';
import { delayBefore, withRetries, type RetryPolicy } from '../../../ingest/bigquery/retry.ts';
import { googleError } from './fake-bigquery.ts';

const scene = { on: 'acme.billing.t', jobProject: 'jobs', location: 'EU', maximumBytesBilled: 1n };
const grpc = (code: number, details: string): Error =>
  Object.assign(new Error(details), { code, details, metadata: {} });
const node = (code: string): Error => Object.assign(new Error(`request failed: ${code}`), { code });

describe('what is asked for again', () => {
  it.each([
    ['429', googleError(429, 'rateLimitExceeded')],
    ['500', googleError(500, 'internalError')],
    ['502', googleError(502, '')],
    ['503', googleError(503, 'backendError')],
    ['a limit of rates told as 403', googleError(403, 'rateLimitExceeded')],
    ['a job turned away for its rate', new JobFailure({ reason: 'jobRateLimitExceeded' })],
    ['a job that BigQuery itself broke', new JobFailure({ reason: 'backendError' })],
    ['a reset connection', node('ECONNRESET')],
    ['a connection cut within an answer', new Error('Invalid response body while trying to fetch x: Premature close')],
    ['fetch without an answer', new TypeError('fetch failed', { cause: node('ECONNREFUSED') })],
    ['a stream that is unavailable', grpc(14, 'unavailable')],
  ])('%s', (_what, error) => {
    expect(isRetryable(error)).toBe(true);
  });

  it.each([
    ['a quota', googleError(403, 'quotaExceeded')],
    ['a permission', googleError(403, 'accessDenied')],
    ['expired credentials', googleError(401, 'authError')],
    ['a wrong query', new JobFailure({ reason: 'invalidQuery' })],
    ['the guard', googleError(500, 'bytesBilledLimitExceeded')],
    ['a stream that is not permitted', grpc(7, 'denied')],
    ['an error of ours', new WorthwhileError('COST_GUARD', 'too dear')],
    ['a mistake in the code', new TypeError('x is not a function')],
  ])('but not %s', (_what, error) => {
    expect(isRetryable(error)).toBe(false);
  });

  const policy = (pauses: number[]): RetryPolicy => ({
    attempts: 4,
    firstDelayMs: 1000,
    longestDelayMs: 3000,
    random: () => 1,
    pause: async (milliseconds) => pauses.push(milliseconds),
  });

  it('waits longer each time, up to a limit, then gives up with the last failure', async () => {
    const pauses: number[] = [];
    let tries = 0;
    const work = withRetries(policy(pauses), async () => {
      tries += 1;
      throw googleError(503, 'backendError', `try ${tries}`);
    });

    await expect(work).rejects.toThrow('try 4');
    expect(pauses).toEqual([1000, 2000, 3000]);
  });

  it('spreads its delays over the upper half', () => {
    expect([0, 0.5, 1].map((random) => delayBefore(2, { ...policy([]), random: () => random }))).toEqual([
      1000, 1500, 2000,
    ]);
  });
});

describe('what a failure means', () => {
  it.each<[string, unknown, string, RegExp]>([
    [
      'no job permission',
      googleError(403, 'accessDenied', 'User does not have bigquery.jobs.create permission in project jobs'),
      'SOURCE_FORBIDDEN',
      /roles\/bigquery\.jobUser on project jobs/,
    ],
    [
      'no data permission',
      googleError(403, 'accessDenied', 'Access Denied: Table acme:billing.t'),
      'SOURCE_FORBIDDEN',
      /roles\/bigquery\.dataViewer on the dataset of acme\.billing\.t/,
    ],
    [
      'no table',
      googleError(404, 'notFound', 'Not found: Table acme:billing.t'),
      'SOURCE_NOT_FOUND',
      /hyphens of the billing account are underscores/,
    ],
    [
      'a wrong location',
      googleError(404, 'notFound', 'Not found: Dataset acme:billing was not found in location US'),
      'SOURCE_NOT_FOUND',
      /`location`/,
    ],
    ['a quota', googleError(403, 'quotaExceeded', 'Quota exceeded'), 'SOURCE_FORBIDDEN', /raise the quota/],
    [
      'an expired token',
      googleError(401, 'authError', 'Invalid Credentials'),
      'SOURCE_FORBIDDEN',
      /gcloud auth application-default login/,
    ],
    [
      'a revoked refresh token',
      new Error('invalid_grant: Bad Request'),
      'SOURCE_FORBIDDEN',
      /gcloud auth application-default login/,
    ],
    [
      'no credentials',
      new Error('Could not load the default credentials.'),
      'SECRET_MISSING',
      /GOOGLE_APPLICATION_CREDENTIALS/,
    ],
    [
      'the guard of the server',
      new JobFailure({ reason: 'bytesBilledLimitExceeded', message: 'Query exceeded limit' }),
      'COST_GUARD',
      /maximumBytesBilled/,
    ],
    [
      'a project without billing',
      googleError(403, 'billingNotEnabled', 'Billing has not been enabled'),
      'SOURCE_FORBIDDEN',
      /jobProject/,
    ],
    ['no answer', node('ECONNREFUSED'), 'SOURCE_UNREACHABLE', /run again/],
  ])('%s', (_what, error, code, says) => {
    const explained = explainFault(error, scene);

    expect(explained).toMatchObject({ code, on: 'acme.billing.t', cause: error });
    expect(explained.message).toMatch(says);
  });

  it('leaves an error of ours as it is', () => {
    const ours = new WorthwhileError('SOURCE_CHANGED', 'moved');

    expect(explainFault(ours, scene)).toBe(ours);
  });

  it('tells a refused Storage Read API from one that is down', () => {
    expect(
      [grpc(7, 'denied'), grpc(12, 'unimplemented'), grpc(14, 'down'), googleError(403, 'accessDenied')].map(
        isStorageReadRefused,
      ),
    ).toEqual([true, true, false, false]);
  });
});

describe('an emulator in the environment', () => {
  it('is refused unless the configuration says an endpoint too', () => {
    const stray = { BIGQUERY_EMULATOR_HOST: 'http://127.0.0.1:9050' };

    expect(() => assertNoStrayEmulator({}, stray)).toThrow(/BIGQUERY_EMULATOR_HOST is set to http:\/\/127.0.0.1:9050/);
    expect(() => assertNoStrayEmulator({ apiEndpoint: 'http://127.0.0.1:9050' }, stray)).not.toThrow();
    expect(() => assertNoStrayEmulator({}, {})).not.toThrow();
  });
});
