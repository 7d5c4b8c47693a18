import type { ProgressUpdate } from '../core/effects.ts';
import type { Paint, Terminal } from './terminal.ts';

export interface Progress {
  update: (update: ProgressUpdate) => void;
  /** Writes a line above the one that is being drawn. */
  note: (text: string) => void;
  /** Ends the step that is being drawn. */
  finish: (outcome: 'done' | 'failed') => void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const REDRAW_MS = 100;
const PLAIN_EVERY_MS = 5_000;
/** Steps that end sooner leave no line behind. */
const WORTH_A_LINE_MS = 500;
const BAR_WIDTH = 24;

/** A bar that is drawn over on a terminal; elsewhere a line when a step ends, and every five seconds of it. */
export function startProgress(
  terminal: Terminal,
  paint: Paint,
  clock: () => number = () => performance.now(),
): Progress {
  return terminal.interactive ? drawnProgress(terminal, paint, clock) : plainProgress(terminal, clock);
}

export const noProgress = (terminal: Terminal): Progress => ({
  update: () => {},
  note: (text) => terminal.err(`${text}\n`),
  finish: () => {},
});

function drawnProgress(terminal: Terminal, paint: Paint, clock: () => number): Progress {
  let current: { update: ProgressUpdate; since: number } | null = null;
  let drawnAt = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => terminal.err('\r\u001b[2K');
  const draw = (): void => {
    if (!current) return;
    drawnAt = clock();
    frame = (frame + 1) % FRAMES.length;
    const { step, fraction, detail } = current.update;
    const bar = fraction === null ? '' : `${barOf(fraction)} ${String(Math.floor(fraction * 100)).padStart(3)} %`;
    const line = [FRAMES[frame], step, bar, detail ?? ''].filter(Boolean).join(' ');
    clear();
    terminal.err(line.slice(0, terminal.columns - 1));
  };
  const end = (outcome: 'done' | 'failed'): void => {
    clearInterval(timer);
    if (!current) return;
    clear();
    const lasted = clock() - current.since;
    if (outcome === 'done' && lasted < WORTH_A_LINE_MS) {
      current = null;
      return;
    }
    const mark = outcome === 'done' ? paint('green', '✔') : paint('red', '✖');
    const { step, detail } = current.update;
    terminal.err(`${mark} ${step}${paint('dim', `${detail ? `  ${detail}` : ''}  ${seconds(lasted)}`)}\n`);
    current = null;
  };
  return {
    update: (update) => {
      if (current && current.update.step !== update.step) end('done');
      if (current) {
        current.update = update;
        if (clock() - drawnAt >= REDRAW_MS) draw();
        return;
      }
      current = { update, since: clock() };
      draw();
      timer = setInterval(draw, REDRAW_MS);
      timer.unref();
    },
    note: (text) => {
      clear();
      terminal.err(`${text}\n`);
      draw();
    },
    finish: end,
  };
}

function plainProgress(terminal: Terminal, clock: () => number): Progress {
  let current: { step: string; since: number; saidAt: number; detail: string } | null = null;
  const end = (outcome: 'done' | 'failed'): void => {
    if (!current) return;
    const lasted = clock() - current.since;
    const { step, detail } = current;
    current = null;
    if (outcome === 'done' && lasted < WORTH_A_LINE_MS) return;
    terminal.err(`${step}: ${outcome}${detail} (${seconds(lasted)})\n`);
  };
  return {
    update: ({ step, fraction, detail }) => {
      if (current && current.step !== step) end('done');
      const now = clock();
      current ??= { step, since: now, saidAt: now, detail: '' };
      current.detail = detail ? `, ${detail}` : '';
      if (now - current.saidAt < PLAIN_EVERY_MS) return;
      current.saidAt = now;
      terminal.err(`${step}: ${fraction === null ? 'working' : `${Math.floor(fraction * 100)} %`}${current.detail}\n`);
    },
    note: (text) => terminal.err(`${text}\n`),
    finish: end,
  };
}

function barOf(fraction: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
  return `[${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}]`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
