/** @file The last line of a test run tells the truth, and so does its exit code. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

interface Verdict {
  readonly status: number | null;
  readonly lastLine: string;
}

function runVitest(...options: readonly string[]): Verdict {
  const { status, stdout } = spawnSync(process.execPath, [vitest, "run", ...options], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, LIMPID_SKIP_BROWSER: "1" },
  });
  return { status, lastLine: stdout.trimEnd().split("\n").at(-1)! };
}

function runVerdicts(...filters: readonly string[]): Verdict {
  return runVitest("--config", "test/verdicts/vitest.config.ts", ...filters);
}

test("counts tests, failing hooks and files that do not load; words on the console fail a test", () => {
  expect(runVerdicts()).toEqual({ status: 1, lastLine: "3 passed, 5 failed, 2 skipped" });
});

test("counts what is left out as skipped", () => {
  const picked = ["--testNamePattern", "^passes$", "mixed"];
  expect(runVerdicts(...picked)).toEqual({ status: 0, lastLine: "1 passed, 0 failed, 6 skipped" });
});

test("says that browser tests were left out, and why", () => {
  const file = "test/browser/training.test.ts";
  const { status, lastLine } = runVitest("--project", "browser", file);
  expect(status).toBe(0);
  expect(lastLine).toMatch(
    /^0 passed, 0 failed, \d+ skipped; browser tests were left out: LIMPID_SKIP_BROWSER is 1$/,
  );
});
