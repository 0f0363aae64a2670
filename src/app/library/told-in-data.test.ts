/** @file What is said of a network in data and by a name: one preparation, and one list of names, wherever they are told. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel } from "../../../test/command-line.ts";
import { hidden, smallDetectors } from "../../../test/detector-networks.ts";
import { encodeOnnx } from "../../formats/onnx/encode.ts";
import { preprocessings, type Preprocessing } from "../../image/preprocess.ts";
import { open } from "../../node.ts";

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await folderWithModel();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const preparation: fc.Arbitrary<Preprocessing> = fc
  .record({
    base: fc.constantFrom(...Object.values(preprocessings)),
    name: fc.stringMatching(/^[a-z]{1,8}$/),
    scale: fc.double({ min: 0.001, max: 1, noNaN: true }),
    resize: fc.constantFrom("crop", "stretch", "pad"),
  })
  .map(({ base, ...own }) => ({ ...base, ...own }));

test("a preparation is the user's own, in data, by a file and by a name", async () => {
  await fc.assert(
    fc.asyncProperty(preparation, async (how) => {
      writeFileSync(at("how.json"), JSON.stringify(how));
      const told: unknown[] = [];
      for (const preprocess of [how, at("how.json")]) {
        // oxlint-disable no-await-in-loop -- two small networks
        const net = await open(at("good.onnx"), { preprocess });
        const why = await net.explain(at("good.png"), { check: "off" });
        const { preprocessing } = await net.inspect();
        const made = await net.maximize({ class: 0, steps: 1 });
        await net.close();
        // oxlint-enable no-await-in-loop
        expect(why.record.preprocessing).toMatchObject({ chosenBy: "request", name: how.name });
        expect(preprocessing).toMatchObject({ chosenBy: "request", name: how.name });
        expect(preprocessing!.said).toBe("it was asked for");
        const { record, map } = why;
        told.push([record.preprocessing, map.data, preprocessing, made.recipe.preprocessing]);
      }
      expect(told[0]).toEqual(told[1]);
    }),
    { numRuns: 25 },
  );
  const named = await open(at("good.onnx"), { preprocess: "caffe" });
  const { preprocessing } = await named.inspect();
  expect(preprocessing).toMatchObject({ chosenBy: "request", name: "caffe" });
  await named.close();
});

test("names in a list and in a file tell how many classes a detector has, whose file does not", async () => {
  const drawn = fc.record({
    classes: fc.integer({ min: 1, max: 9 }),
    extra: fc.integer({ min: 1, max: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(drawn, async ({ classes, extra }) => {
      const spec = { seed: 1, widthPx: 96, heightPx: 64, classes: classes + extra };
      const { bytes } = encodeOnnx(hidden(smallDetectors["yolov8"]!(spec)));
      const names = Array.from({ length: classes }, (_, i) => `name ${i}`);
      writeFileSync(at("boxes.onnx"), bytes);
      writeFileSync(at("names.txt"), names.join("\n"));
      for (const labels of [names, at("names.txt")]) {
        // oxlint-disable no-await-in-loop -- two small networks
        const net = await open(at("boxes.onnx"), { labels });
        expect(net.model.head.detector!.classes).toBe(classes);
        await net.close();
        // oxlint-enable no-await-in-loop
      }
    }),
    { numRuns: 10 },
  );
});

test("what is no preparation and what are no names is refused when the network is opened", async () => {
  // A name less than classes leaves the background out.
  const names = fc.array(fc.string({ maxLength: 5 }), { maxLength: 9 });
  const wrong = fc.oneof(
    names.filter(({ length }) => length !== 4 && length !== 3).map((labels) => ({ labels })),
    fc
      .oneof(
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(fc.integer(), { minLength: 1 }),
      )
      .map((labels) => ({ labels })),
    fc
      .oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.stringMatching(/^[xyz]+$/))
      .map((preprocess) => ({ preprocess })),
    fc
      .constantFrom<unknown>({ scale: 0 }, { mean: ["1"] }, { std: [0, 0, 0] }, { crop: 1 })
      .map((preprocess) => ({ preprocess })),
  );
  await fc.assert(
    fc.asyncProperty(wrong, async (options) => {
      const [what] = Object.keys(options);
      const opening = open(at("good.onnx"), options as never);
      await expect(opening).rejects.toMatchObject({
        code: "bad-option",
        message: expect.stringMatching(new RegExp(`^${what}: `)) as unknown,
      });
    }),
    { numRuns: 150 },
  );
});
