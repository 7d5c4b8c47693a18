/**
 * Attribution once more, as a plain reading of the design: one charge at a time, no sets, no epochs, no SQL.
 * Slow and obvious on purpose; the model must agree with it on every generated world.
 */
export interface World {
  order: string[];
  loads: {
    from: string;
    components: Record<string, Record<string, number>>;
    squads: string[];
    projects: Record<string, string>;
  }[];
  aliases: { value: string; component?: string | undefined; squad?: string | undefined; from: string; to: string }[];
  rules: {
    project?: string | undefined;
    service?: string | undefined;
    component?: string | undefined;
    squad?: string | undefined;
    from: string;
    to: string;
  }[];
  labelSets: Record<string, { scope: string; key: string; value: string }[]>;
  charges: Charge[];
}

export interface Charge {
  id: string;
  day: string;
  labelSet: string;
  project: string | null;
  service: string;
  category: string;
  nanos: number;
}

export interface Verdict {
  step: string | null;
  component: string | null;
  squad: string | null;
  labelled: string | null;
  reason: string | null;
}

interface Finding {
  step: string;
  component?: string | undefined;
  squad?: string | undefined;
}

const COMPONENT_KEYS = ['component', 'app', 'service'];
const SQUAD_KEYS = ['squad', 'team', 'owner'];
const SCOPES: Record<string, string> = {
  label: 'label',
  tag: 'tag',
  'inherited-tag': 'inherited-tag',
  'project-label': 'project-label',
};

export function attribute(world: World, charge: Charge): Verdict {
  const load = loadOn(world, charge.day);
  const labels = world.labelSets[charge.labelSet]!;
  const findings = world.order.flatMap((step) => findingsOf(world, load, charge, labels, step));
  const components = findings.filter(({ component }) => component !== undefined);
  const rule = findings.find(({ step }) => step === 'rule');
  const ruleFirst = rule && (!components[0] || world.order.indexOf('rule') < world.order.indexOf(components[0].step));
  const won = ruleFirst ? rule : (components[0] ?? findings[0]);
  if (!won)
    return { step: null, component: null, squad: null, labelled: null, reason: reasonOf(world, load, charge, labels) };
  if (won.component === undefined)
    return { step: won.step, component: null, squad: won.squad!, labelled: null, reason: null };
  const owners = Object.keys(load.components[won.component] ?? {}).filter((owner) => load.squads.includes(owner));
  const label = findings.find(({ step, squad }) => squad !== undefined && step in SCOPES)?.squad;
  return {
    step: won.step,
    component: won.component,
    squad: owners[0] ?? null,
    labelled: won.step !== 'rule' && label !== undefined && !owners.includes(label) ? label : null,
    reason: owners.length === 0 ? 'owner-unknown' : null,
  };
}

/** What each owner carries of a charge, as fractions. */
export function sharesOf(world: World, charge: Charge, verdict: Verdict): [squad: string, share: number][] {
  if (verdict.component === null) return [[verdict.squad ?? 'unallocated', 1]];
  const load = loadOn(world, charge.day);
  const owners = Object.entries(load.components[verdict.component] ?? {});
  if (owners.length === 0) return [['unallocated', 1]];
  return owners.map(([owner, share]) => [load.squads.includes(owner) ? owner : 'unallocated', share]);
}

function loadOn(world: World, day: string): World['loads'][number] {
  return (
    world.loads.findLast(({ from }) => from <= day) ??
    world.loads[0] ?? { from: '', components: {}, squads: [], projects: {} }
  );
}

function findingsOf(
  world: World,
  load: World['loads'][number],
  charge: Charge,
  labels: World['labelSets'][string],
  step: string,
): Finding[] {
  if (step === 'rule') {
    const rule = world.rules.find(
      ({ project, service, from, to }) =>
        from <= charge.day &&
        charge.day < to &&
        (project === undefined || project === charge.project) &&
        (service === undefined || service === charge.service),
    );
    return rule ? [{ step, component: rule.component, squad: rule.squad }] : [];
  }
  if (step === 'project') {
    const component = charge.project === null ? undefined : load.projects[charge.project];
    return component === undefined ? [] : [{ step, component }];
  }
  const valuesUnder = (key: string) =>
    labels.filter((label) => label.scope === SCOPES[step] && label.key === key).map(({ value }) => value);
  const alias = (value: string) =>
    world.aliases.find((a) => a.value === value && a.from <= charge.day && charge.day < a.to);
  const named = COMPONENT_KEYS.flatMap(valuesUnder).flatMap((value): Finding[] => {
    const other = alias(value);
    const found: Finding[] = [];
    if (other) found.push({ step, component: other.component, squad: other.squad });
    if (value in load.components) found.push({ step, component: value });
    return found;
  });
  const teams = SQUAD_KEYS.flatMap(valuesUnder).flatMap((value): Finding[] => {
    const other = alias(value);
    if (other?.squad !== undefined) return [{ step, squad: other.squad }];
    return load.squads.includes(value) ? [{ step, squad: value }] : [];
  });
  // Of squads within one step the first key decides, wherever it came from.
  const squads = [...named.filter(({ component }) => component === undefined), ...teams];
  return [...named.filter(({ component }) => component !== undefined), ...squads];
}

function reasonOf(
  world: World,
  load: World['loads'][number],
  charge: Charge,
  labels: World['labelSets'][string],
): string {
  if (Object.keys(load.components).length + load.squads.length === 0) return 'empty-catalog';
  const looked = labels.some(
    ({ scope, key }) =>
      world.order.some((step) => SCOPES[step] === scope) && [...COMPONENT_KEYS, ...SQUAD_KEYS].includes(key),
  );
  if (looked) return 'label-value-unknown';
  return charge.project === null ? 'no-project' : 'no-labels';
}
