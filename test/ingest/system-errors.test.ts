import { describe, expect, it } from 'vitest';
import { WorthwhileError } from '../../core/errors.ts';
import { explainSystemError, joinErrors } from '../../ingest/system-errors.ts';

const other = (): WorthwhileError => new WorthwhileError('INTERNAL', 'other');

describe('errors of the system', () => {
  it.each([
    Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
    new Error('IO Error: Could not write file "/x/y.parquet": No space left on device'),
    Object.assign(new Error('write'), { code: 'EDQUOT' }),
  ])('says that the disk is full: %s', (cause) => {
    expect(explainSystemError(cause, '/x', other)).toMatchObject({ code: 'DISK_FULL', on: '/x', exitCode: 1 });
  });

  it('leaves what is already explained, and hands the rest back', () => {
    const known = new WorthwhileError('FILE_CORRUPT', 'known');
    expect(explainSystemError(known, '/x', other)).toBe(known);
    expect(explainSystemError(new Error('?'), '/x', other)).toMatchObject({ code: 'INTERNAL' });
  });

  it('names every refused file in one error', () => {
    const errors = ['/a', '/b'].map((on) => new WorthwhileError('FILE_CORRUPT', 'it is broken', { on }));

    expect(joinErrors([errors[0]!], 'source "s"')).toBe(errors[0]);
    expect(joinErrors(errors, 'source "s"').message).toMatch(
      /2 files of source "s"[^]*\/a: it is broken[^]*\/b: it is broken/,
    );
  });
});
