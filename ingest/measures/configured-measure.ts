import type { BigQueryQuery, Config } from '../../core/config/schema.ts';
import type { MeasureKind } from '../../core/measures.ts';

/** A driver or metric as configured; exactly one of `files` and `bigquery` is there. */
export interface ConfiguredMeasure {
  kind: MeasureKind;
  name: string;
  /** What messages call it: `driver "kafka-bytes"`. */
  label: string;
  files?: string[] | undefined;
  bigquery?: BigQueryQuery | undefined;
}

export function configuredMeasures({ drivers, metrics }: Config): ConfiguredMeasure[] {
  const of = (kind: MeasureKind, parts: Omit<ConfiguredMeasure, 'kind' | 'label'>[]): ConfiguredMeasure[] =>
    parts.map(({ name, files, bigquery }) => ({ kind, name, label: `${kind} "${name}"`, files, bigquery }));
  return [...of('driver', drivers), ...of('metric', metrics)];
}
