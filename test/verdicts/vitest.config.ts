import { defineConfig } from "vitest/config";
import { SummaryReporter } from "../summary-reporter.ts";

/** The run that `test/summary-reporter.test.ts` starts; some of its tests are meant to fail. */
export default defineConfig({
  test: {
    include: ["test/verdicts/*.verdict.ts"],
    setupFiles: ["test/setup.ts"],
    reporters: [new SummaryReporter()],
  },
});
