/** @file The task behind this one. */

/** Resolves in a task of its own, so that neither of the two holds up the page for as long as both. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
