import { closesInForce } from '../../core/closes.ts';
import type { Config } from '../../core/config/schema.ts';
import { readLedger } from '../../core/ledger.ts';
import { workspaceAt } from '../../core/workspace.ts';
import { verify } from '../../model/close/verify.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** Whether closed months are as they were sealed, as `verify` finds; nothing to say where no month was ever closed. */
export async function checkCloses(config: Config): Promise<Finding[]> {
  const { entries, damage } = readLedger(workspaceAt(config.workspace));
  if (entries.length + damage.length === 0) return [];
  const found = (await verify(config)).filter(({ status }) => status !== 'ok');
  const findings = found.map(({ what, status, detail }) =>
    status === 'failed'
      ? failed(what, detail, 'restore what it names from a backup; `worthwhile verify` tells the same')
      : warning(what, detail, 'see `worthwhile verify`'),
  );
  if (found.some(({ status }) => status === 'failed')) return findings;
  const months = closesInForce(entries).map(({ month }) => month);
  const newest = months.reduce((latest, month) => (month > latest ? month : latest), '');
  return [
    ...findings,
    ok('closed months', newest ? `${months.length}, the newest ${newest}; every seal holds` : 'none'),
  ];
}
