/** @file What the worker has loaded, of which the page's own list of what was loaded knows nothing. */

/** Addresses, in the order in which they were asked for. */
export async function loadedFiles(): Promise<readonly string[]> {
  return performance.getEntriesByType("resource").map(({ name }) => name);
}
