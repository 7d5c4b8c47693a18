/** A half-open run of days. */
export interface Run {
  from: string;
  to: string;
}

/** Runs of days of one key each, over the days from `first` to `last`: `keyOn` is asked for every day. */
export function runsByKey(first: string, last: string, keyOn: (day: string) => string): Run[] {
  const runs: Run[] = [];
  let before: string | null = null;
  for (let day = first; day <= last; day = dayAfter(day)) {
    const key = keyOn(day);
    if (key === before) runs.at(-1)!.to = dayAfter(day);
    else runs.push({ from: day, to: dayAfter(day) });
    before = key;
  }
  return runs;
}

/** The next calendar day, ISO. */
function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
