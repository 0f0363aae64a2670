/**
 * @file Do maps change when the weights do? Adebayo et al. 2018: gradient and Grad-CAM pass, Guided Backprop and
 * Guided Grad-CAM fail. The figures of docs/attribution.md are made here.
 */
import { nodePlatform } from "../src/node/platform.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readSource } from "../src/app/read-source.ts";
import { tensor, type Tensor } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { openModel } from "../src/node/open-model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { drawDigit } from "../src/drawn/digits.ts";
import { likenessTopDown, type CheckedMethod, type Likeness } from "./randomised.ts";

const mirror = process.env["LIMPID_MIRROR"];
const photos = ["cat.1512.jpg", "dalmatian.jpg", "tfjs_cat.jpg", "keract_cat.jpg"];
const isMissing = mirror === undefined || !existsSync(join(mirror, "photos", photos[0]!));
const reason = "skipped: set LIMPID_MIRROR to a folder with the photos";
if (isMissing) process.stdout.write(`sanity checks on photos are ${reason}\n`);

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

function stacked(rows: readonly Float32Array[], dims: readonly number[]): Tensor {
  const data = new Float32Array(rows.length * rows[0]!.length);
  for (const [row, values] of rows.entries()) data.set(values, row * values.length);
  return tensor("float32", [rows.length, ...dims], data);
}

async function likenessOn(
  network: "mnist" | "cats-dogs",
  method: CheckedMethod,
): Promise<readonly Likeness[]> {
  const graph = await openModel(join(import.meta.dirname, `../assets/networks/${network}.onnx`));
  const isDigits = network === "mnist";
  const rows = isDigits
    ? Array.from({ length: 10 }, (_, digit) => drawDigit(1, digit).picture)
    : await Promise.all(photos.map((name) => photoFor(new Model(graph, runtime), name)));
  const pictures = stacked(rows, isDigits ? [1, 28, 28] : [3, 150, 150]);
  const camLayer = isDigits ? "conv2" : "conv4";
  return likenessTopDown(method, { graph, runtime, pictures, seed: 1, camLayer });
}

/** Prepared as the network's own metadata say. */
async function photoFor(model: Model, name: string): Promise<Float32Array> {
  const { input } = await readSource(nodePlatform, model, join(mirror!, "photos", name), {});
  return input.data as Float32Array;
}

/** The largest and the smallest likeness of all redrawings, of absolute numbers and with signs. */
function spanOf(found: readonly Likeness[], key: keyof Likeness): readonly [number, number] {
  const values = found.map((likeness) => likeness[key]);
  return [Math.min(...values), Math.max(...values)];
}

test.each(["gradient", "grad-cam"] as const)(
  "%s of digits passes: signs are lost",
  async (method) => {
    const [least, most] = spanOf(await likenessOn("mnist", method), "signed");
    expect(least).toBeGreaterThan(-0.25);
    expect(most).toBeLessThan(0.25);
  },
);

test("Guided Backprop of digits fails: it stays alike when no weight is left", async () => {
  const found = await likenessOn("mnist", "guided-backprop");
  expect(found[0]!.signed).toBeGreaterThan(0.85);
  expect(spanOf(found, "signed")[0]).toBeGreaterThan(0.55);
  expect(spanOf(found, "absolute")[0]).toBeGreaterThan(0.4);
});

describe.skipIf(isMissing)(`on photos (${isMissing ? reason : "from LIMPID_MIRROR"})`, () => {
  test.each(["gradient", "grad-cam"] as const)(
    "%s passes",
    { timeout: 300_000 },
    async (method) => {
      const found = await likenessOn("cats-dogs", method);
      expect(spanOf(found, "signed")[1]).toBeLessThan(0.45);
      expect(spanOf(found, "absolute")[1]).toBeLessThan(method === "gradient" ? 0.7 : 0.4);
    },
  );

  test.each([
    ["guided-backprop", 0.95, 0.5],
    ["guided-grad-cam", 0.75, 0.35],
  ] as const)("%s fails", { timeout: 300_000 }, async (method, first, last) => {
    const found = await likenessOn("cats-dogs", method);
    expect(found[0]!.signed).toBeGreaterThan(first);
    expect(spanOf(found, "signed")[0]).toBeGreaterThan(last);
  });
});
