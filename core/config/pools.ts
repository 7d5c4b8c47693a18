import { z } from 'zod';
import { chargeConditions, name } from './parts.ts';

const day = z.iso.date();
const decimal = z
  .union([z.number().min(0), z.string()])
  .transform(String)
  .refine((text) => /^\d+(\.\d{1,9})?$/.test(text), 'a number of at most 9 decimals, not below zero');

/** Every condition that is given must hold; text compares without case, `*` stands for any run of characters. */
const poolCondition = z
  .strictObject({
    component: z.string().optional(),
    squad: z.string().optional(),
    ...chargeConditions,
    /** Kubernetes namespace as GKE cost allocation writes it, also `kube:unallocated` and `kube:system-overhead`. */
    namespace: z.string().optional(),
  })
  .refine((c) => Object.values(c).some((v) => v !== undefined), 'a pool needs at least one condition');

/** Names or `*` patterns of squads and components. */
const names = z.array(z.string().min(1)).min(1);

const pool = z
  .strictObject({
    name,
    title: z.string().optional(),
    /** What falls into it; of several, any. The first pool in the file that takes a charge has it. */
    of: z.union([poolCondition, z.array(poolCondition).min(1)]).transform((of) => (Array.isArray(of) ? of : [of])),
    /**
     * `even`: the same to every target; `fixed`: by `shares`; `proportional`: by what targets cost directly in the billing month;
     * `driver`: by what consumers used in the period of the usage day.
     */
    method: z.enum(['even', 'fixed', 'proportional', 'driver']),
    /** For `fixed`: weights by `squad:a`, `component:b` or `pool:c`; a bare name is a squad. They need not add up to anything. */
    shares: z.record(z.string(), decimal).optional(),
    driver: z.string().optional(),
    /** For `proportional`: the cost that counts. */
    base: z.enum(['BilledCost', 'EffectiveCost', 'ListCost']).default('EffectiveCost'),
    /** For `even` and `proportional`: whether squads or components share. */
    level: z.enum(['squad', 'component']).default('squad'),
    /** For `even`, `proportional` and `driver`: who takes part; everyone with direct cost, or a driver row, where left out. */
    include: names.optional(),
    exclude: names.optional(),
    /** What happens in a period in which nobody has any weight: the latest period before it that has, even, or it stays where it is. */
    fallback: z.enum(['previous', 'even', 'keep']).default('keep'),
    /** First usage day, and the first day after the last, on which the pool exists. */
    from: day.optional(),
    to: day.optional(),
  })
  .refine((p) => (p.method === 'fixed') === (p.shares !== undefined), '`shares` go with method fixed, and only with it')
  .refine(
    (p) => (p.method === 'driver') === (p.driver !== undefined),
    '`driver` goes with method driver, and only with it',
  )
  .refine((p) => !p.from || !p.to || p.from < p.to, '`from` has to be before `to`')
  .refine(
    (p) => !p.shares || Object.values(p.shares).some((weight) => Number(weight) > 0),
    'at least one share has to be above zero',
  );

export const pools = z.array(pool).default([]);
export type PoolConfig = z.infer<typeof pool>;
