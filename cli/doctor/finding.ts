/** One thing the doctor looked at. `fix` is the next step where it is not in order. */
export interface Finding {
  what: string;
  status: 'ok' | 'warning' | 'failed';
  detail: string;
  fix?: string;
}

export const ok = (what: string, detail: string): Finding => ({ what, status: 'ok', detail });
export const warning = (what: string, detail: string, fix: string): Finding => ({
  what,
  status: 'warning',
  detail,
  fix,
});
export const failed = (what: string, detail: string, fix: string): Finding => ({ what, status: 'failed', detail, fix });
