/** Builds what a configuration says and kills itself, as `kill -9` does, when the named step begins. */
import { loadConfig } from '../../../core/config/load.ts';
import { silentEffects } from '../../../core/effects.ts';
import { build } from '../../../model/build.ts';

const [config, step] = process.argv.slice(2);
await build(
  loadConfig(config!),
  {},
  {
    ...silentEffects,
    progress: (update) => {
      if (update.step === step) process.kill(process.pid, 'SIGKILL');
    },
  },
);
