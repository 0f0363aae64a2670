/** @file Several works at the same time, none of which is left running when it ends. */
import pMap from "p-map";

/**
 * Begins works in their order, at most `concurrency` at a time. Once one fails, none is begun; the failure is thrown
 * when those that were begun are over.
 */
export async function inParallel(
  works: readonly (() => Promise<void>)[],
  concurrency: number,
): Promise<void> {
  const failures: unknown[] = [];
  await pMap(
    works,
    async (work) => {
      if (failures.length > 0) return;
      try {
        await work();
      } catch (error) {
        failures.push(error);
      }
    },
    { concurrency },
  );
  if (failures.length > 0) throw failures[0];
}
