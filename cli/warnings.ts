import type { EventEmitter } from 'node:events';

/**
 * Keeps Google's `MetadataLookupWarning` off stderr: its client emits one wherever it finds no credentials outside Google Cloud,
 * and the error that follows says what is missing. Every other warning goes where it went.
 */
export function hideMetadataLookupWarning(emitter: EventEmitter = process): void {
  const listeners = emitter.listeners('warning');
  emitter.removeAllListeners('warning');
  for (const listener of listeners) {
    emitter.on('warning', (warning: Error) => {
      if (warning.name !== 'MetadataLookupWarning') Reflect.apply(listener, emitter, [warning]);
    });
  }
}
