/** @file Methods of users that go wrong: told as theirs, beside the maps of the others. */
import * as fc from "fast-check";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel } from "../../test/command-line.ts";
import type { Net } from "../app/library/net.ts";
import { open } from "../node.ts";
import { gradient } from "./gradient/gradient.ts";
import { gradientInfo } from "./gradient/infos.ts";
import type { AttributionMethod } from "./method.ts";
import { registerMethod } from "./registry.ts";

let folder: string;
let net: Net;
beforeAll(async () => {
  folder = await folderWithModel();
  net = await open(join(folder, "good.onnx"), { preprocess: "unit" });
});
afterAll(async () => {
  await net.close();
  rmSync(folder, { recursive: true, force: true });
});

const info = { ...gradientInfo, options: {} };

const thrown = fc.oneof(
  fc.string().map((text) => new Error(text)),
  fc.constantFrom<unknown>(new TypeError("x is not a function"), "boom", null, 5),
);
const given = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, [], [{}], {}, "map", [null]),
  fc.integer({ min: 2, max: 4 }).map((count) => Array<object>(count).fill({})),
);
const changed = fc.constantFrom<object>(
  { dims: [5, 5] },
  { dims: [] },
  { dims: undefined },
  { data: [1, 2] },
  { data: new Float32Array(3) },
  { target: undefined },
);

const run: fc.Arbitrary<AttributionMethod["run"]> = fc.oneof(
  thrown.map((error) => async () => {
    throw error;
  }),
  thrown.map((error) => () => {
    throw error;
  }),
  given.map((maps) => async () => maps as never),
  changed.map((change): AttributionMethod["run"] => async (model, input, options) => {
    const maps = await gradient(model, input, options);
    return maps.map((map) => ({ ...map, ...change }));
  }),
);

test("a method that fails stands beside the maps of the others, and alone is an error of its own", async () => {
  const photo = join(folder, "good.png");
  await fc.assert(
    fc.asyncProperty(run, async (own) => {
      const remove = registerMethod("own", { info, run: own });
      try {
        const { record, maps } = await net.explain(photo, { method: ["gradient", "own"] });
        expect(maps.map(({ method }) => method)).toEqual(["gradient"]);
        expect(record.failures).toMatchObject([{ method: "own" }]);
        expect(record.failures[0]!.message).toContain('method: "own" must');
        await expect(net.explain(photo, { method: "own" })).rejects.toMatchObject({
          name: "LimpidError",
          code: "bad-option",
        });
      } finally {
        remove();
      }
    }),
    { numRuns: 60 },
  );
});
