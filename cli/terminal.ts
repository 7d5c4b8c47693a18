import { styleText } from 'node:util';

/** Where a command's words go; tests hand in collectors. Results go to `out`, everything else to `err`. */
export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Whether a person watches `err`, so that a line may be drawn over. */
  interactive: boolean;
  columns: number;
  colour: boolean;
}

/** The process's own streams; one that nobody reads any more (`| head`) ends the process quietly. Honours NO_COLOR and FORCE_COLOR; `CI` counts as nobody watching. */
export function processTerminal(environment: NodeJS.ProcessEnv = process.env): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
  const interactive = Boolean(process.stderr.isTTY) && !environment['CI'] && environment['TERM'] !== 'dumb';
  const forced = environment['FORCE_COLOR'] !== undefined && environment['FORCE_COLOR'] !== '0';
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive,
    columns: process.stderr.columns ?? 80,
    colour: !environment['NO_COLOR'] && (forced || interactive),
  };
}

export type Paint = (style: 'red' | 'green' | 'yellow' | 'cyan' | 'bold' | 'dim', text: string) => string;

export function painter(colour: boolean): Paint {
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}
