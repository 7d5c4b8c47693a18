import type { z } from 'zod';

/** A JSON text as its schema reads it; null where it is no JSON, or not of that shape. */
export function checkedJson<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // the answer, not a failure: the caller knows what a missing value means
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}
