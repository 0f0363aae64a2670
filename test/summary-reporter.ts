/** @file Prints the one line that says how many tests passed, over all projects of a run. */
import type { Reporter, TestModule, TestRunEndReason } from "vitest/node";

/**
 * Writes `N passed, N failed, N skipped` alone on a line when a run ends. A file or suite that fails by
 * itself (in a hook, or before its tests) counts as one that failed, and so does an error outside all tests.
 * Without a browser for the tests in one, the line ends with `; browser tests were left out: REASON`.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly unknown[],
    reason: TestRunEndReason,
  ): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      for (const holder of [module, ...module.children.allSuites()]) {
        if (holder.errors().length > 0) counts.failed += 1;
      }
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === "pending" ? "failed" : state] += 1;
      }
    }
    if (reason !== "passed" && counts.failed === 0) counts.failed = 1;
    const { passed, failed, skipped } = counts;
    const line = `${passed} passed, ${failed} failed, ${skipped} skipped`;
    process.stdout.write(`\n${line}${leftOut(modules)}\n`);
  }
}

function leftOut(modules: readonly TestModule[]): string {
  for (const { project } of modules) {
    const reason = project.getProvidedContext().chromium?.missing;
    if (reason !== undefined) return `; browser tests were left out: ${reason}`;
  }
  return "";
}
