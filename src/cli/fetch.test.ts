/** @file `limpid fetch` as it is typed: lists, verifies, and says what is wrong in one line. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { limpid } from "../../test/command-line.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "limpid-fetch-command-"));
  vi.stubEnv("XDG_CACHE_HOME", root);
  vi.stubEnv("LIMPID_MIRROR", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const fetch = (...argv: readonly string[]) => limpid("fetch", ...argv, "--offline");

function putDamaged(): void {
  const folder = join(root, "limpid/weights/squeezenet1.0");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "squeezenet1.0-12.onnx"), "damaged");
}

test("the list has a size for everything, and says where it lies", async () => {
  putDamaged();
  const { out } = await fetch("--json");
  const { items } = JSON.parse(out) as { items: { name: string; bytes: number; from?: string }[] };
  expect(items.map(({ bytes }) => bytes > 10_000)).not.toContain(false);
  expect(items.filter(({ from }) => from === "cache").map(({ name }) => name)).toEqual([
    "squeezenet1.0",
  ]);
});

test("--verify says what is damaged, and fails", async () => {
  expect(await fetch("--verify")).toEqual({
    code: 0,
    out: "the cache has nothing of it.\n",
    err: "",
  });
  putDamaged();
  const text = await fetch("--verify");
  expect(text.code).toBe(1);
  expect(text.out).toMatch(/^squeezenet1\.0: .*: damaged \(.*must have 4952956 bytes, got 7\)\n$/);
  expect(text.err).toMatch(
    /^limpid: fetch: what is in the cache must be whole, got damaged: squeezenet1\.0\./,
  );
  const { out } = await fetch("--verify", "squeezenet1.0", "--json");
  expect(JSON.parse(out)).toMatchObject({ items: [{ name: "squeezenet1.0", state: "damaged" }] });
  expect(await fetch("--verify", "nothing")).toMatchObject({ code: 1, out: "" });
});

test("JSON of what is damaged has no letter that does more than show itself", async () => {
  rmSync(root, { recursive: true });
  root = mkdtempSync(join(tmpdir(), "limpid-fetch-\u202e\u009b-"));
  vi.stubEnv("XDG_CACHE_HOME", root);
  putDamaged();
  const { out } = await fetch("--verify", "--json");
  expect(out).toMatch(/^[\x20-\x7e]+\n$/);
  expect(JSON.parse(out)).toMatchObject({ items: [{ path: expect.stringContaining(root) }] });
});

test("a damaged network is refused wherever its name is taken", async () => {
  putDamaged();
  const { code, err } = await fetch("squeezenet1.0");
  expect(code).toBe(1);
  expect(err.split("\n").at(-2)).toMatch(
    /^limpid: fetch: "squeezenet1\.0" must be .*must have 4952956 bytes, got 7/,
  );
});
