/** @file Results of calls that have ended: drawn and saved as often as one likes, whatever became of the calls' signals. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel } from "../../../test/command-line.ts";
import { open } from "../../node.ts";
import type { Net } from "./net.ts";
import type { CallOptions, ResultOptions } from "./options.ts";

let folder: string;
let net: Net;
const at = (...names: readonly string[]) => join(folder, ...names);

beforeAll(async () => {
  folder = await folderWithModel();
  net = await open(at("good.onnx"), { preprocess: "unit" });
  mkdirSync(at("photos"));
  writeFileSync(at("photos", "a.png"), readFileSync(at("good.png")));
});
afterAll(async () => {
  await net.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What gives a result that can be saved. */
const questions = {
  explain: (call: CallOptions) => net.explain(at("good.png"), call),
  explainBoth: (call: CallOptions) =>
    net.explain(at("good.png"), { ...call, method: ["grad-cam", "gradient"] }),
  maximizeOne: (call: CallOptions) => net.maximize({ ...call, class: 1, steps: 1 }),
  maximizeLayer: (call: CallOptions) =>
    net.maximize({ ...call, layer: "features", channel: [0, 1], steps: 1 }),
  activations: (call: CallOptions) =>
    net.activations(at("good.png"), { ...call, layer: "features" }),
  activationsOfFolder: (call: CallOptions) =>
    net.activationsOfFolder(at("photos"), { ...call, top: 1, layer: "features" }),
} as const;

const calls = {
  ...questions,
  open: (call: CallOptions) => open(at("good.onnx"), call),
  inspect: (call: CallOptions) => net.inspect(call),
  inspectPhotos: (call: CallOptions) => net.inspect({ ...call, photos: [at("good.png")] }),
} as const;

test.each(Object.entries(calls))("%s is not done where its signal has fired", async (_, call) => {
  const reason = new Error("enough");
  await expect(call({ signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
    code: "aborted",
    cause: reason,
  });
});

test("a signal ends its own call alone", async () => {
  const question = fc.constantFrom(...Object.values(questions));
  const places = fc.array(fc.constantFrom("one", "two", "figure.png"), {
    minLength: 1,
    maxLength: 3,
  });
  let drawn = 0;
  await fc.assert(
    fc.asyncProperty(question, places, async (ask, asked) => {
      const stop = new AbortController();
      const result = await ask({ signal: stop.signal });
      stop.abort();
      const figures: string[] = [];
      drawn += 1;
      for (const place of asked) {
        if (place.endsWith(".png") && !("draw" in result)) continue;
        const path = at(`run-${drawn}`, place);
        // oxlint-disable-next-line no-await-in-loop -- one place after the other
        await result.save(path);
        if ("draw" in result && place.endsWith(".png")) figures.push(path);
      }
      for (const path of figures) {
        // oxlint-disable-next-line no-await-in-loop -- one figure
        const bytes = "draw" in result ? await result.draw() : undefined;
        expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
      }
      const late: ResultOptions = { signal: AbortSignal.abort() };
      await expect(result.save(at("never"), late)).rejects.toMatchObject({ code: "aborted" });
      if (!("draw" in result)) return;
      await expect(result.draw(late)).rejects.toMatchObject({ code: "aborted" });
    }),
    { numRuns: 12 },
  );
});
