/** @file Tests of properties with fresh seeds: `npm run test:properties -- ROUNDS`, 20 rounds unless told otherwise. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Test files under src and test that draw properties. */
function propertyFiles(): readonly string[] {
  const files = ["src", "test"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => join(folder, file)),
  );
  return files.filter((file) => readFileSync(join(root, file), "utf8").includes('"fast-check"'));
}

/** True if all properties hold with a seed. */
function hold(seed: number, files: readonly string[]): boolean {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { status } = spawnSync(
    process.execPath,
    [vitest, "run", "--project", "unit", "--reporter", "dot", ...files],
    { cwd: root, stdio: "inherit", env: { ...process.env, LIMPID_PROPERTY_SEED: String(seed) } },
  );
  return status === 0;
}

const rounds = Number(process.argv[2] ?? 20);
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new Error(
    `test:properties: rounds must be a positive whole number, got ${process.argv[2]}`,
  );
}
const files = propertyFiles();
const fallen: number[] = [];
for (let round = 1; round <= rounds; round++) {
  const seed = Math.floor(Math.random() * 2 ** 32) - 2 ** 31;
  console.log(`round ${round} of ${rounds}: LIMPID_PROPERTY_SEED=${seed}`);
  if (!hold(seed, files)) fallen.push(seed);
}
if (fallen.length > 0) process.exitCode = 1;
const verdict = fallen.length === 0 ? "all held" : `fell with the seeds ${fallen.join(", ")}`;
console.log(`${rounds} rounds over ${files.length} files: ${verdict}`);
