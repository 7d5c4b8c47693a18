import { registerApiCommands } from './api/commands.ts';
import { registerDemoCommand } from './cli/demo.ts';
import { registerDoctorCommand } from './cli/doctor/command.ts';
import { registerInitCommand } from './cli/init.ts';
import { runCommandLine } from './cli/program.ts';
import { registerRunCommand } from './cli/run.ts';
import { registerRunsCommand } from './cli/runs.ts';
import { hideMetadataLookupWarning } from './cli/warnings.ts';
import { registerFixturesCommands } from './fixtures/commands.ts';
import { registerIngestCommands } from './ingest/commands.ts';
import { registerCloseCommands } from './model/close/commands.ts';
import { registerModelCommands } from './model/commands.ts';

hideMetadataLookupWarning();
process.exitCode = await runCommandLine(process.argv.slice(2), [
  registerInitCommand,
  registerRunCommand,
  registerIngestCommands,
  registerModelCommands,
  registerCloseCommands,
  registerApiCommands,
  registerDemoCommand,
  registerFixturesCommands,
  registerDoctorCommand,
  registerRunsCommand,
]);
