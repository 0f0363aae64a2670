/** @file Channels an hour of the atlas's icons, against lucent's recipe in PyTorch and against TF.js, on GoogLeNet at 96 pixels. */
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cut } from "../src/graph/edit.ts";
import { scalePictures } from "../src/image/affine.ts";
import { atlasPresets } from "../src/atlas/request.ts";
import { maximize } from "../src/optvis/maximize.ts";
import { maximizeUnits } from "../src/optvis/maximize-units.ts";
import { channel } from "../src/optvis/objectives.ts";
import { presets } from "../src/optvis/presets.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { Judge } from "./maximize-quality/judge.ts";
import { moved, plainMoves } from "./maximize-quality/moves.ts";
import { openNetwork, type StudiedNetwork } from "./maximize-quality/networks.ts";
import { median } from "./measure.ts";
import { planOf, writePlan } from "./network-plan.ts";
import { startPyTorch, type PyTorchTwin } from "./pytorch.ts";
import { startTensorFlowJsAscent } from "./tensorflow-js-plan.ts";

const threads = 2;
const { sidePx, making } = atlasPresets.icons;
const size = { channels: 3, heightPx: sidePx, widthPx: sidePx } as const;
const folder = fileURLToPath(new URL("../out/bench/", import.meta.url));

/** An early, a middle and a late output. */
const layers = ["inception_3b/output", "inception_4c/output", "inception_5b/output"];

/** Units of a batch of ours, and those of them that lucent makes too, one at a time. */
const [together, compared] = [32, 2];

/** Lucent's steps, and how many lie between the pictures that are judged. */
const [rivalSteps, rivalStride] = [192, 16];

/** TF.js's steps at most, of one unit. */
const tensorFlowSteps = 96;

/** Milliseconds until pictures are as good as ours in the mean; of all steps where they are not by then. */
interface RivalTime {
  readonly milliseconds: number;
  readonly isReached: boolean;
}

/** Milliseconds a channel of each. */
interface LayerTimes {
  readonly ours: number;
  readonly lucent: number;
  readonly tensorFlow: number;
}

type ScoreOf = (unit: number, input: Float32Array) => Promise<number>;

/** Prints one row a layer. LIMPID_MIRROR must be a folder with weights/googlenet. */
export async function run(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const runtime = createNodeRuntime({ threads });
  const studied = await openNetwork("googlenet", runtime);
  const graph = await studied.model.part(layers, [1, 3, sidePx, sidePx]);
  const path = `${folder}googlenet-${sidePx}`;
  writePlan(graph, path);
  const twin = await startPyTorch("lucent_twin.py", [path, String(sidePx), String(threads)]);
  console.log(
    "| layer | icons / usual steps | Limpid, channels an hour | lucent, as good | ratio | TF.js, as good | ratio |",
  );
  const all: LayerTimes[] = [];
  for (const layer of layers) all.push(await compareLayer(studied, layer, twin));
  const mean = (of: (times: LayerTimes) => number) =>
    all.reduce((sum, times) => sum + of(times), 0) / all.length;
  const ours = mean((times) => times.ours);
  console.log(
    `all: lucent takes at least ${(mean((times) => times.lucent) / ours).toFixed(1)} times as long, TF.js at least ${(mean((times) => times.tensorFlow) / ours).toFixed(1)} times`,
  );
  twin.close();
  await runtime.release();
}

async function compareLayer(
  studied: StudiedNetwork,
  layer: string,
  twin: PyTorchTwin,
): Promise<LayerTimes> {
  const judge = await Judge.of(studied, layer, sidePx);
  const scoreOf = (channelOf: number, input: Float32Array) =>
    judgedOf(judge, studied, channelOf, input);
  const made = await ourIcons(studied, layer);
  const own = await Promise.all(made.inputs.slice(0, 8).map((input, unit) => scoreOf(unit, input)));
  const usual = await maximize(
    studied.network,
    Array.from({ length: own.length }, (_, unit) => channel(layer, unit)),
    { preset: presets.natural, size, seed: 0 },
  );
  const usualScores = await Promise.all(usual.map(({ input }, unit) => scoreOf(unit, input)));
  const quality = median(own.map((score, unit) => score / usualScores[unit]!));
  const rival = await lucentTimes(studied, layer, twin, own, scoreOf);
  const tensorFlow = await tensorFlowTime(studied, layer, own[0]!, scoreOf);
  await judge.release();
  const hourly = (milliseconds: number) => Math.round(3.6e6 / milliseconds);
  const cells = [rival, tensorFlow].map(({ milliseconds, isReached }) => {
    const [under, over] = isReached ? ["", ""] : ["less than ", "more than "];
    const ratio = (milliseconds / made.milliseconds).toFixed(1);
    return `${under}${hourly(milliseconds)} | ${over}${ratio}`;
  });
  console.log(
    `| ${layer} | ${quality.toFixed(2)} | ${hourly(made.milliseconds)} | ${cells.join(" | ")} |`,
  );
  return {
    ours: made.milliseconds,
    lucent: rival.milliseconds,
    tensorFlow: tensorFlow.milliseconds,
  };
}

/** The mean activation of a picture [3, sidePx, sidePx] in the network's range over the moves. */
async function judgedOf(
  judge: Judge,
  { network }: StudiedNetwork,
  unit: number,
  input: Float32Array,
): Promise<number> {
  const grey = network.scaling.gain.map((gain, c) => 0.5 * gain + network.scaling.offset[c]!);
  let total = 0;
  for (const move of plainMoves)
    total += (await judge.channels(moved(input, sidePx, grey, move)))[unit]!;
  return total / plainMoves.length;
}

/** A batch as a job of the atlas makes it, all that belongs to it included. */
async function ourIcons(
  { network }: StudiedNetwork,
  layer: string,
): Promise<{ readonly milliseconds: number; readonly inputs: readonly Float32Array[] }> {
  const units = Array.from({ length: together }, (_, i) => ({ layer, channel: i }));
  const start = performance.now();
  const inputs: Float32Array[] = [];
  const batches = maximizeUnits(network, units, {
    preset: making,
    size,
    seed: 0,
    goalOf: () => ({ negative: false, oneUnit: false, classScore: "logit" }),
    togetherOf: () => together,
  });
  for await (const { made } of batches) for (const { input } of made) inputs.push(input);
  return { milliseconds: (performance.now() - start) / together, inputs };
}

async function lucentTimes(
  { network }: StudiedNetwork,
  layer: string,
  twin: PyTorchTwin,
  own: readonly number[],
  scoreOf: ScoreOf,
): Promise<RivalTime> {
  const file = `${folder}lucent.bin`;
  const length = 3 * sidePx ** 2;
  const shares = Array<number>(rivalSteps / rivalStride).fill(0);
  const times: number[] = [];
  for (let unit = 0; unit < compared; unit++) {
    times.push(...(await twin.competitor(`${layer} ${unit} ${file}`).run(rivalSteps)).slice(1));
    const pictures = new Float32Array(new Uint8Array(readFileSync(file)).buffer);
    for (const i of shares.keys()) {
      const picture = pictures.subarray(i * length, (i + 1) * length);
      const input = scalePictures(picture, sidePx ** 2, network.scaling);
      shares[i]! += (await scoreOf(unit, input)) / own[unit]! / compared;
    }
  }
  const reached = shares.findIndex((share) => share >= 1);
  const steps = reached < 0 ? rivalSteps : (reached + 1) * rivalStride;
  return { milliseconds: steps * median(times), isReached: reached >= 0 };
}

/** Of the first unit, which ours excites by `own`. */
async function tensorFlowTime(
  { model, how, network }: StudiedNetwork,
  layer: string,
  own: number,
  scoreOf: ScoreOf,
): Promise<RivalTime> {
  const part = await model.part([layer], [1, 3, sidePx, sidePx]);
  const { plan, weights } = planOf(cut(part, { outputs: [layer] }));
  const ascent = await startTensorFlowJsAscent(plan, weights, 0, { sidePx, means: how.mean });
  const times: number[] = [];
  while (times.length < tensorFlowSteps) {
    times.push(await ascent.step());
    if (times.length % rivalStride > 0) continue;
    const input = scalePictures(await ascent.picture(), sidePx ** 2, network.scaling);
    const isReached = (await scoreOf(0, input)) >= own;
    if (isReached) return { milliseconds: times.length * median(times), isReached };
  }
  return { milliseconds: times.length * median(times), isReached: false };
}
