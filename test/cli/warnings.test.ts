import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { hideMetadataLookupWarning } from '../../cli/warnings.ts';

it('Google looking in vain for its metadata server is not told, any other warning is', () => {
  const emitter = new EventEmitter();
  const told: Error[] = [];
  emitter.on('warning', (warning: Error) => told.push(warning));
  hideMetadataLookupWarning(emitter);
  const warnings = ['MetadataLookupWarning', 'DeprecationWarning', 'Warning'].map((name) =>
    Object.assign(new Error('it may be'), { name }),
  );
  for (const warning of warnings) emitter.emit('warning', warning);

  expect(told).toEqual(warnings.slice(1));
});
