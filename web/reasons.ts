import type { UnallocatedAnswer } from '../api/contract/index.ts';

/** Plain words for the model's reasons and steps; a code that is not known yet is shown as it is. */
interface Reason {
  title: string;
  why: string;
}

const REASONS: Record<string, Reason> = {
  'no-labels': { title: 'No label', why: 'Nothing on these resources says which component or squad they belong to.' },
  'label-value-unknown': {
    title: 'Label value not in the catalog',
    why: 'There is a label, but no component or squad of that name.',
  },
  'owner-unknown': {
    title: 'Component without a squad',
    why: 'The component is known, but its owner in the catalog is not a squad.',
  },
  'no-project': {
    title: 'No project',
    why: 'The provider billed this on the account, not on a project: support, tax, adjustments.',
  },
  'kubernetes-idle': { title: 'Idle cluster capacity', why: 'Nodes that were paid for, with nothing running on them.' },
  'kubernetes-unknown': {
    title: 'Unknown Kubernetes workload',
    why: 'No namespace or workload label leads to the catalog.',
  },
  'kubernetes-overhead': {
    title: 'Cluster overhead',
    why: 'What the nodes themselves need, before any workload runs.',
  },
  'label-value-ambiguous': {
    title: 'Label value means several things',
    why: 'More than one component or squad of the catalog goes by that name.',
  },
  'empty-catalog': {
    title: 'The catalog is empty',
    why: 'No components or squads have been loaded, so nothing can be owned.',
  },
};

const STEPS: Record<string, string> = {
  rule: 'Explicit rule',
  label: 'Resource label',
  kubernetes: 'Kubernetes label or namespace',
  tag: 'Tag',
  'inherited-tag': 'Inherited tag',
  'project-label': 'Project label',
  project: 'Project in the catalog',
  folder: 'Folder',
  pool: 'Pool: shared cost of no squad',
};

/** What the model's reconciliations hold against what. */
const RECONCILIATIONS: Record<string, string> = {
  'batches-to-staging': 'Charges = rows as delivered',
  'staging-to-attributed': 'Attributed charges = all charges',
  'attributed-to-allocated': 'Allocated shares = attributed charges',
  'staging-to-chargeback': 'Chargeback, with true-ups where they belong = all charges',
  'closed-to-chargeback': 'Chargeback = what was sealed',
  'staging-to-daily': 'Daily cost = all charges',
  'staging-to-monthly': 'Monthly cost = all charges',
};

const words = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');

export const stepTitle = (step: string): string => STEPS[step] ?? words(step);
export const reconciliationTitle = (name: string): string => RECONCILIATIONS[name] ?? words(name);
export const reasonTitle = (reason: string): string => REASONS[reason]?.title ?? words(reason);
export const reasonWhy = (reason: string): string => REASONS[reason]?.why ?? '';

type Row = UnallocatedAnswer['rows'][number];

/** No label can help these: somebody has to decide whose they are, or to leave them central. */
const DECISIONS: ReadonlySet<string> = new Set(['no-project', 'kubernetes-idle', 'kubernetes-overhead']);

const needsDecision = (row: { x_UnallocatedReason: string }): boolean => DECISIONS.has(row.x_UnallocatedReason);

/** A heap with the share of its group that it and all before it make up; null where there is no money. */
export interface RankedHeap<Heap> {
  row: Heap;
  cumulativeShare: number | null;
}

interface Sized {
  x_UnallocatedReason: string;
  x_AbsoluteBilledCost: string;
}

/**
 * Heaps in their order (by money) split into those a label helps and those that need a decision; shares are of the group's whole
 * money, which the reasons tell also while not all heaps are loaded.
 */
export function rankHeaps<Heap extends Sized>(
  rows: readonly Heap[],
  reasons: readonly Sized[],
): { label: RankedHeap<Heap>[]; decide: RankedHeap<Heap>[] } {
  const ranked = (wants: (one: Sized) => boolean): RankedHeap<Heap>[] => {
    const whole = reasons.filter(wants).reduce((sum, one) => sum + Number(one.x_AbsoluteBilledCost), 0);
    let reached = 0;
    return rows.filter(wants).map((row) => {
      reached += Number(row.x_AbsoluteBilledCost);
      return { row, cumulativeShare: whole > 0 ? Math.min(1, reached / whole) : null };
    });
  };
  return { label: ranked((one) => !needsDecision(one)), decide: ranked(needsDecision) };
}

/** What to do about one unallocated heap: a sentence, and where it helps text to paste. */
export interface Advice {
  todo: string;
  snippet: { label: string; text: string } | null;
}

export function adviceOn(row: Row): Advice {
  const target = row.x_SuggestedComponentId ?? row.x_SuggestedSquadId;
  const kind = row.x_SuggestedComponentId ? 'component' : 'squad';
  switch (row.x_UnallocatedReason) {
    case 'label-value-unknown':
    case 'kubernetes-unknown':
      return row.x_LabelValue
        ? unknownValue(row.x_LabelKey, row.x_LabelValue, kind, target)
        : unlabelled(row, kind, target);
    case 'owner-unknown':
      return {
        todo: `Set spec.owner of ${row.x_LabelValue ?? 'the component'} in the catalog to a group of type squad.`,
        snippet: { label: 'catalog entry', text: `spec:\n  owner: group:${target ?? '<squad>'}` },
      };
    case 'no-project':
      return {
        todo: 'It cannot be labelled. Give it to one squad with a dated rule, or leave it here as a cost of the whole company.',
        snippet: ruleFor(row, kind, target),
      };
    case 'label-value-ambiguous':
      return ambiguous(row);
    case 'kubernetes-idle':
    case 'kubernetes-overhead':
      return {
        todo:
          row.x_UnallocatedReason === 'kubernetes-idle'
            ? 'Labels will not help: it is the price of spare capacity. Make the node pools smaller, or give the cluster to a platform squad with a rule.'
            : 'Labels will not help: it is the price of running the nodes. Give the cluster to a platform squad with a rule.',
        snippet: ruleFor(row, kind, target),
      };
    case 'empty-catalog':
      return {
        todo: 'Point the configuration at your Backstage catalog, then run again.',
        snippet: { label: 'catalog setting', text: 'catalog:\n  files: [./catalog/**/*.yaml]' },
      };
    default:
      return unlabelled(row, kind, target);
  }
}

function unknownValue(key: string | null, value: string, kind: 'component' | 'squad', target: string | null): Advice {
  const label = key ? `${key}=${value}` : value;
  return {
    todo: target
      ? `“${value}” is close to the ${kind} ${target}. If it is the same, add an alias; if it was a slip, correct the label ${label}.`
      : `Correct the label ${label} on the resources, or say with an alias which component it means.`,
    snippet: {
      label: 'alias',
      text: `attribution:\n  aliases:\n    - { value: ${yaml(value)}, ${kind}: ${yaml(target ?? `<${kind}>`)} }`,
    },
  };
}

function ambiguous(row: Row): Advice {
  const value = row.x_LabelValue ?? '';
  return {
    todo: `Say with an alias which of them “${value}” means, or give one of them another name in the catalog.`,
    snippet: {
      label: 'alias',
      text: `attribution:\n  aliases:\n    - { value: ${yaml(value)}, component: <component> }`,
    },
  };
}

function unlabelled(row: Row, kind: 'component' | 'squad', target: string | null): Advice {
  if (row.SubAccountId === null) {
    return { todo: 'Label the resources, or give them to somebody with a rule.', snippet: ruleFor(row, kind, target) };
  }
  return {
    todo: `If the whole project belongs to one component, say so in its catalog entry; else label the ${row.ServiceName} resources in it.`,
    snippet: {
      label: 'catalog annotation',
      text: `metadata:\n  name: ${target ?? '<component>'}\n  annotations:\n    worthwhile.dev/projects: ${yaml(row.SubAccountId)}`,
    },
  };
}

function ruleFor(row: Row, kind: 'component' | 'squad', target: string | null): Advice['snippet'] {
  const when = [row.SubAccountId && `project: ${yaml(row.SubAccountId)}`, `service: ${yaml(row.ServiceName)}`]
    .filter(Boolean)
    .join(', ');
  return {
    label: 'rule',
    text: `attribution:\n  rules:\n    - { when: { ${when} }, ${kind}: ${yaml(target ?? `<${kind}>`)} }`,
  };
}

/** Quotes what YAML would not read back as the same text inside `{ }`. */
function yaml(value: string): string {
  return /^[A-Za-z<][\w ./<>-]*$/.test(value) && !/^(true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
