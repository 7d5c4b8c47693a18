import { readFileSync } from 'node:fs';

/**
 * Whether the process that had this id is still alive. `startTicks` is what {@link startTicksOf} said of it at the time; where
 * both it and the operating system can tell, a later process with the same id does not count.
 */
export function isStillAlive(pid: number, startTicks: string | null): boolean {
  if (!exists(pid)) return false;
  const now = procStat(pid);
  if (!now) return true;
  return !/^[ZX]/i.test(now.state) && (startTicks === null || startTicks === now.startTicks);
}

/** When a process of this machine started, in clock ticks since the machine did; null where there is no `/proc` to ask. */
export function startTicksOf(pid: number): string | null {
  return procStat(pid)?.startTicks ?? null;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Fields 3 and 22 of proc(5)'s `stat`; the second field is the command in brackets, which may hold brackets and blanks. */
function procStat(pid: number): { state: string; startTicks: string } | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null; // another system than Linux, or it has just ended; the caller has asked whether it lives
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state && startTicks ? { state, startTicks } : null;
}
