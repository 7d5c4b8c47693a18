/** Adds decisions to the ledger of a workspace until it has added so many, and says each number once it is durable. */
import { silentEffects } from '../../core/effects.ts';
import { appendDecision } from '../../core/ledger.ts';
import { workspaceAt } from '../../core/workspace.ts';

const [root, by, count] = process.argv.slice(2);
for (let index = 0; index < Number(count); index++) {
  const decide = () => ({ by: by!, kind: 'note', why: null, what: { index, text: 'x'.repeat(20_000) } });
  process.stdout.write(`${appendDecision(workspaceAt(root!), decide, silentEffects).number}\n`);
}
