/** @file The jobs in Chromium through the web's adapter: records with the keys that Node's have, and numbers within 1e-4. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodePng } from "../../src/node/codecs.ts";
import { nodePlatform } from "../../src/node/platform.ts";
import { loadGoldenModel } from "../goldens/load.ts";
import { drawnPhoto, jobNames, runJob, type JobOutcome } from "../job-records.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

const network = "vgg";

describe.skipIf(withoutBrowser)("jobs in Chromium", () => {
  let page: BrowserPage;
  let folder: string;
  let photo: Uint8Array;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "limpid-jobs-"));
    photo = await encodePng(drawnPhoto());
    writeFileSync(join(folder, "photo.png"), photo);
    writeFileSync(join(folder, "model.onnx"), loadGoldenModel(network));
    page = await openPage("jobs.ts");
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await page?.close();
  });

  test.each(jobNames)("%s has the record that it has in Node", async (name) => {
    type Outcome = JobOutcome & { readonly written: readonly string[] };
    const there = await page.call<Outcome>("job", name, network, new Uint8Array(photo));
    const here = await runJob(name, nodePlatform, folder, "cpu");
    expect(there.files).toEqual(here.files);
    expect(there.written).toEqual(here.files.map((file) => `${name}/${file}`));
    expect(there.notes).toEqual(here.notes);
    const [found, expected] = [partsOf(there.record), partsOf(here.record)];
    expect([...found.keys()]).toEqual([...expected.keys()]);
    expect(found.size).toBeGreaterThan(10);
    for (const [key, value] of expected) expectAlike(key, found.get(key), value);
  });

  function expectAlike(key: string, found: unknown, expected: unknown): void {
    if (key.includes("/checked/")) {
      // What a check measures is how each runtime rounds: another number, and small on both.
      for (const error of [found, expected]) expect(error, key).toBeLessThan(0.1);
    } else if (typeof expected === "number") {
      const error = Math.abs((found as number) - expected) / Math.max(Math.abs(expected), 0.01);
      expect(error, `${key}: ${String(found)} and ${expected}`).toBeLessThanOrEqual(1e-4);
    } else if (typeof expected === "string") {
      expect(found, key).toBe(expected.replaceAll(`${folder}/`, ""));
    } else {
      expect(found, key).toEqual(expected);
    }
  }
});

/** The leaves of a record by their paths. */
function partsOf(value: unknown, path = ""): Map<string, unknown> {
  if (typeof value !== "object" || value === null) return new Map([[path, value]]);
  const entries = Object.entries(value).flatMap(([key, part]) => [
    ...partsOf(part, `${path}/${key}`),
  ]);
  return new Map(entries);
}
