/** No bound: earlier and later than any charge, and a DATE on every engine. */
export const FIRST_DAY = '1900-01-01';
export const LAST_DAY = '2999-12-31';

export interface State<Value> {
  /** First day on which these entries are the truth; they hold until the next state's first day. */
  from: string;
  entries: Map<string, Value>;
}

export interface Version<Value> {
  id: string;
  value: Value;
  ValidFrom: string;
  ValidTo: string;
}

/**
 * States that follow each other (oldest first), as one row for every run of days over which an entry stayed the same.
 * The first state also holds for all days before it. Values are compared by their JSON.
 */
export function versionsOf<Value>(states: State<Value>[]): Version<Value>[] {
  const versions: Version<Value>[] = [];
  const open = new Map<string, { version: Version<Value>; text: string }>();
  states.forEach((state, index) => {
    const from = index === 0 ? FIRST_DAY : state.from;
    for (const [id, { version }] of open) {
      if (state.entries.has(id)) continue;
      version.ValidTo = from;
      open.delete(id);
    }
    for (const [id, value] of state.entries) {
      const text = JSON.stringify(value);
      const before = open.get(id);
      if (before?.text === text) continue;
      if (before) before.version.ValidTo = from;
      const version = { id, value, ValidFrom: from, ValidTo: LAST_DAY };
      open.set(id, { version, text });
      versions.push(version);
    }
  });
  return versions;
}
