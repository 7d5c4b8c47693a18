/** Waits, with everything imported, for the path of a configuration, ingests what it says, and waits again: a run to be killed. */
import { loadConfig } from '../../../core/config/load.ts';
import { ingest } from '../../../ingest/ingest.ts';

process.on('message', (path: string) => {
  void ingest(loadConfig(path)).finally(() => process.send!('done'));
});
process.send!('ready');
