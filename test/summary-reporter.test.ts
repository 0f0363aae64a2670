/** @file The last line of a test run tells the truth, and so does its exit code. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

function runVerdicts(...filters: readonly string[]): { status: number | null; lastLine: string } {
  const options = ["run", "--config", "test/verdicts/vitest.config.ts", ...filters];
  const { status, stdout } = spawnSync(process.execPath, [vitest, ...options], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, lastLine: stdout.trimEnd().split("\n").at(-1)! };
}

test("counts tests, failing hooks and files that do not load; words on the console fail a test", () => {
  expect(runVerdicts()).toEqual({ status: 1, lastLine: "3 passed, 5 failed, 2 skipped" });
});

test("counts what is left out as skipped", () => {
  const picked = ["--testNamePattern", "^passes$", "mixed"];
  expect(runVerdicts(...picked)).toEqual({ status: 0, lastLine: "1 passed, 0 failed, 6 skipped" });
});
