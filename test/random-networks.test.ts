/** @file Small networks drawn at random as exporters write them: what is said of each against its own float64. */
import * as fc from "fast-check";
import * as ort from "onnxruntime-node";
import { afterAll, expect, test } from "vitest";
import { readyModel } from "../src/app/open.ts";
import { camLayer } from "../src/attribution/cam/cam-layer.ts";
import { gradCam } from "../src/attribution/cam/grad-cam.ts";
import { describeMap } from "../src/attribution/diagnosis/describe-map.ts";
import { explainRows } from "../src/attribution/gradient/explained-rows.ts";
import { scoreRows } from "../src/attribution/perturbation/scored-rows.ts";
import { LimpidError } from "../src/errors.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import { tensorOf } from "../src/graph/tensor.ts";
import type { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { explainedModelOf } from "../src/scores/explained-model.ts";
import type { ExplainedScore } from "../src/scores/explained-score.ts";
import type { FixedTarget } from "../src/scores/target.ts";
import type { Question } from "./random-networks/question.ts";
import { plantedNetwork, randomNetwork, type RandomNetwork } from "./random-networks/network.ts";
import { wrongSlope } from "./random-networks/slopes.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

/** Another seed is another network, not a simpler one. */
const seeds = fc.noShrink(fc.noBias(fc.nat(2 ** 30)));

/** The outputs of the file as it is. */
async function fileOutputs(bytes: Uint8Array, { fed }: RandomNetwork) {
  const options = { logSeverityLevel: 4, intraOpNumThreads: 1 } as const;
  const session = await ort.InferenceSession.create(bytes, options);
  try {
    const picture = new ort.Tensor("float32", fed.data as Float32Array, fed.dims);
    return await session.run({ picture });
  } finally {
    await session.release();
  }
}

/** The float64 network is the file's: all numbers of its outputs, so that what holds of one holds of the other. */
async function expectSameOutputs(bytes: Uint8Array, network: RandomNetwork): Promise<void> {
  const held = await fileOutputs(bytes, network);
  const wanted = network.head.outputs(network.features(network.picture));
  for (const [name, numbers] of Object.entries(wanted)) {
    const got = Array.from(held[name]!.data as Float32Array);
    expect(got, name).toHaveLength(numbers.length);
    const size = Math.max(...numbers.map(Math.abs), 1);
    const off = Math.max(...numbers.map((number, i) => Math.abs(number - got[i]!)));
    expect(off / size, `output "${name}"`).toBeLessThan(network.computesInHalf ? 0.05 : 1e-3);
  }
}

function targetOf({ named, target, place }: Question): FixedTarget {
  if (named === undefined) return { kind: "class", class: target };
  return { kind: "unit", layer: named, channel: target, ...(place ? { place } : {}) };
}

const dimsOf = ({ picture: { channels, rows, columns } }: RandomNetwork) =>
  [1, channels, rows, columns] as const;

/** The model that explains what is asked, and the picture for it. */
async function askedOf(model: Model, network: RandomNetwork, question: Question) {
  const dims = dimsOf(network);
  const { model: explained, targets } = await explainedModelOf(model, targetOf(question), dims);
  return { explained, targets, input: tensorOf("float32", dims, network.picture.data) };
}

function expectTrueScore(row: ExplainedScore, network: RandomNetwork, question: Question): void {
  const base = network.features(network.picture);
  const score = question.score(base, base);
  const off = Math.abs(row.score - score) / Math.max(Math.abs(score), 1);
  const said = `score ${row.score} of ${question.target}, not ${score}`;
  expect(off, said).toBeLessThan(network.computesInHalf ? 1e-2 : 1e-3);
  const probability = question.probability(base);
  if (probability === null) expect(row.probability).toBeNull();
  else expect(row.probability ?? -1).toBeCloseTo(probability, network.computesInHalf ? 2 : 3);
}

async function expectTrueAnswer(model: Model, network: RandomNetwork, question: Question) {
  const { explained, targets, input } = await askedOf(model, network, question);
  const [scored] = await scoreRows(explained, input, { targets });
  expectTrueScore(scored!, network, question);
  const values = [explained.input.name];
  const [row] = await explainRows(explained, input, { targets, values });
  expectTrueScore(row!, network, question);
  expect(wrongSlope(network, question, row!.gradients[0]!)).toBeUndefined();
}

/** Only loops and choices that the picture makes are refused, by the name of their node. */
function isRefusal(error: unknown, network: RandomNetwork): boolean {
  const isNamed = error instanceof LimpidError && /If \("choose|Loop \("repeat/.test(error.message);
  return isNamed && network.hasControlFlow;
}

async function expectTruth(network: RandomNetwork): Promise<"told" | "refused"> {
  const { bytes } = encodeOnnx(network.graph);
  if (network.runsAsItIs) await expectSameOutputs(bytes, network);
  const model = await readyModel(decodeOnnx(bytes), runtime, {});
  expect(model.isChannelsLast).toBe(network.isChannelsLast);
  const { questions, refusesClasses } = network.head;
  if (refusesClasses) {
    const asked = explainedModelOf(model, { kind: "class", class: "top" }, dimsOf(network));
    await expect(asked).rejects.toThrow(refusesClasses);
  }
  try {
    for (const question of questions) {
      await expectTrueAnswer(model, network, question);
      const { named, ...ofMain } = question;
      if (named !== model.head.output || refusesClasses) continue;
      await expectTrueAnswer(model, network, ofMain);
    }
  } catch (error) {
    if (isRefusal(error, network)) return "refused";
    throw error;
  }
  return "told";
}

/** Says which network it was that a check fell for. */
async function naming<T>({ what }: RandomNetwork, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

const parts = Array.from({ length: 10 }, (_, i) => i + 1);

test.each(parts)("gradient, score and probability of 50 networks, part %i of 10", async (part) => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const network = randomNetwork(part, seed);
      const outcome = await naming(network, () => expectTruth(network));
      if (outcome === "refused") refused += 1;
    }),
    { numRuns: 50 },
  );
  expect(refused).toBeLessThan(15);
});

test("Grad-CAM of networks with a planted bump is largest within 5 % of it", async () => {
  let carried = 0;
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const network = plantedNetwork(seed);
      if (!network.isCarried) return;
      carried += 1;
      await naming(network, () => expectPeak(network));
    }),
    { numRuns: 50 },
  );
  expect(carried).toBeGreaterThan(20);
});

async function expectPeak(network: ReturnType<typeof plantedNetwork>): Promise<void> {
  const dims = dimsOf(network);
  const model = await readyModel(decodeOnnx(encodeOnnx(network.graph).bytes), runtime, {});
  const { reason = "" } = camLayer(await model.at(dims), model, undefined);
  expect(reason).not.toMatch(/places are mixed/);
  const input = tensorOf("float32", dims, network.picture.data);
  const [map] = await gradCam(model, input, { targets: [0] });
  const { x, y } = describeMap(map!).maximum;
  const off = Math.max(Math.abs(x - network.middle.x), Math.abs(y - network.middle.y));
  expect(off, `largest at ${x}, ${y}`).toBeLessThan(0.05);
}
