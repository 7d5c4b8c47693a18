/**
 * Does `work` on every item, at most `width` at a time; results are in the order of the items. After a failure no further
 * item begins, and the first failure is thrown only when everything that had begun has ended: nothing goes on behind the
 * caller's back.
 */
export async function inParallel<Item, Result>(
  width: number,
  items: Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length && failures.length === 0; at = next++) {
      try {
        results[at] = await work(items[at]!);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
