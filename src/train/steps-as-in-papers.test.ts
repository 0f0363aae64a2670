/** @file Fifty steps of a small network against the same in float64, written out as in the papers. */
import { expect, test } from "vitest";
import { drawnBatches } from "../../test/drawn-batches.ts";
import {
  smallChannels,
  smallEpsilon,
  smallKept,
  smallNetwork,
} from "../../test/small-trainable.ts";
import { toNumbers } from "../graph/tensor.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import type { Batch } from "./data/batch-source.ts";
import { crossEntropy } from "./losses.ts";
import { adam, adamW } from "../optimize/adam.ts";
import { rmsprop } from "../optimize/rmsprop.ts";
import { sgd } from "../optimize/sgd.ts";
import type { Optimizer } from "../optimize/optimizer.ts";
import { constant } from "./schedules.ts";
import { train } from "./train.ts";

const runtime = createNodeRuntime({ threads: 2 });
const [channels, size, classes] = [2, 6, 3];
const side = size - 2;
const places = side * side;
const k = smallChannels;
const hidden = k * places;

type Values = Record<string, number[]>;

/** Sums of a rule over whole-number ranges. */
function sum(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

/** Loss, gradients and new memory of a batch: forward and backward, one formula after the other. */
function paperGradients(
  values: Values,
  memory: Values,
  batch: Batch,
  batchNorm: boolean,
  smoothing: number,
) {
  const n = batch.labels.length;
  const x = toNumbers(batch.pictures);
  const pixel = (row: number, c: number, i: number, j: number) =>
    x[((row * channels + c) * size + i) * size + j]!;
  const kernel = values["conv/kernel"]!;
  // conv[row][channel][place]
  const conv = Array.from({ length: n * k * places }, (_, at) => {
    const [row, m, place] = [Math.floor(at / hidden), Math.floor(at / places) % k, at % places];
    const [i, j] = [Math.floor(place / side), place % side];
    const bias = batchNorm ? 0 : values["conv/bias"]![m]!;
    return (
      bias +
      sum(
        channels * 9,
        (w) =>
          kernel[m * channels * 9 + w]! *
          pixel(row, Math.floor(w / 9), i + Math.floor((w % 9) / 3), j + (w % 3)),
      )
    );
  });
  const inChannel = (m: number) =>
    Array.from(
      { length: n * places },
      (_, at) => Math.floor(at / places) * hidden + m * places + (at % places),
    );
  const count = n * places;
  const means = Array.from(
    { length: k },
    (_, m) => inChannel(m).reduce((s, at) => s + conv[at]!, 0) / count,
  );
  const variances = means.map(
    (mean, m) => inChannel(m).reduce((s, at) => s + (conv[at]! - mean) ** 2, 0) / count,
  );
  const channelOf = (at: number) => Math.floor(at / places) % k;
  const deviation = (m: number) => Math.sqrt(variances[m]! + smallEpsilon);
  const normal = conv.map(
    (value, at) => (value - means[channelOf(at)]!) / deviation(channelOf(at)),
  );
  const before = batchNorm
    ? normal.map(
        (value, at) =>
          value * values["norm/scale"]![channelOf(at)]! + values["norm/offset"]![channelOf(at)]!,
      )
    : conv;
  const h = before.map((value) => Math.max(0, value));
  const dense = values["dense/kernel"]!;
  const dz: number[][] = [];
  let loss = 0;
  for (let row = 0; row < n; row++) {
    const z = Array.from(
      { length: classes },
      (_, c) =>
        values["dense/bias"]![c]! +
        sum(hidden, (i) => h[row * hidden + i]! * dense[i * classes + c]!),
    );
    const total = z.reduce((s, value) => s + Math.exp(value), 0);
    const target = z.map(
      (_, c) => smoothing / classes + (c === batch.labels[row] ? 1 - smoothing : 0),
    );
    loss -= sum(classes, (c) => target[c]! * Math.log(Math.exp(z[c]!) / total)) / n;
    dz.push(z.map((value, c) => (Math.exp(value) / total - target[c]!) / n));
  }
  const dBefore = before.map((value, at) => {
    const [row, i] = [Math.floor(at / hidden), at % hidden];
    return value > 0 ? sum(classes, (c) => dz[row]![c]! * dense[i * classes + c]!) : 0;
  });
  const dConv = batchNorm
    ? dBefore.map((dy, at) => {
        // Ioffe and Szegedy 2015, section 3, brought to one formula.
        const m = channelOf(at);
        const all = inChannel(m);
        const meanDy = all.reduce((s, i) => s + dBefore[i]!, 0) / count;
        const meanDyX = all.reduce((s, i) => s + dBefore[i]! * normal[i]!, 0) / count;
        return (values["norm/scale"]![m]! / deviation(m)) * (dy - meanDy - normal[at]! * meanDyX);
      })
    : dBefore;
  const gradients: Values = {
    "conv/kernel": kernel.map((_, at) => {
      const [m, w] = [Math.floor(at / (channels * 9)), at % (channels * 9)];
      return sum(n, (row) =>
        sum(
          places,
          (place) =>
            dConv[row * hidden + m * places + place]! *
            pixel(
              row,
              Math.floor(w / 9),
              Math.floor(place / side) + Math.floor((w % 9) / 3),
              (place % side) + (w % 3),
            ),
        ),
      );
    }),
    "dense/kernel": dense.map((_, at) =>
      sum(n, (row) => h[row * hidden + Math.floor(at / classes)]! * dz[row]![at % classes]!),
    ),
    "dense/bias": Array.from({ length: classes }, (_, c) => sum(n, (row) => dz[row]![c]!)),
  };
  const perChannel = (term: (at: number) => number) =>
    Array.from({ length: k }, (_, m) => inChannel(m).reduce((s, at) => s + term(at), 0));
  if (!batchNorm)
    return {
      loss,
      memory,
      gradients: { ...gradients, "conv/bias": perChannel((at) => dConv[at]!) },
    };
  return {
    loss,
    memory: {
      "norm/mean": means.map(
        (mean, m) => smallKept * memory["norm/mean"]![m]! + (1 - smallKept) * mean,
      ),
      "norm/variance": variances.map(
        (v, m) => smallKept * memory["norm/variance"]![m]! + (1 - smallKept) * v,
      ),
    },
    gradients: {
      ...gradients,
      "norm/scale": perChannel((at) => dBefore[at]! * normal[at]!),
      "norm/offset": perChannel((at) => dBefore[at]!),
    },
  };
}

/** An update of one number: from p, its gradient, its slots a and b, and the step t to the next p. */
type PaperRule = (
  p: number,
  g: number,
  slots: { a: number; b: number },
  t: number,
  decays: boolean,
) => number;

interface Case {
  readonly title: string;
  readonly optimizer: Optimizer;
  readonly rate: number;
  readonly paper: PaperRule;
  readonly clipNorm?: number;
  readonly smoothing?: number;
}

/** Algorithm 1 of Kingma and Ba, with both moments in the slots. */
function paperAdam(
  p: number,
  g: number,
  slots: { a: number; b: number },
  t: number,
  rate: number,
): number {
  slots.a = 0.9 * slots.a + 0.1 * g;
  slots.b = 0.999 * slots.b + 0.001 * g * g;
  const [mean, square] = [slots.a / (1 - 0.9 ** t), slots.b / (1 - 0.999 ** t)];
  return p - (rate * mean) / (Math.sqrt(square) + 1e-8);
}

const cases: readonly Case[] = [
  {
    title: "SGD with momentum",
    optimizer: sgd({ momentum: 0.9 }),
    rate: 0.02,
    paper: (p, g, slots) => {
      slots.a = 0.9 * slots.a + g;
      return p - 0.02 * slots.a;
    },
  },
  {
    title: "SGD with Nesterov momentum, weight decay, clipped gradients and smooth labels",
    optimizer: sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.05 }),
    rate: 0.02,
    clipNorm: 0.3,
    smoothing: 0.1,
    paper: (p, g, slots, _, decays) => {
      const slope = g + (decays ? 0.05 * p : 0);
      slots.a = 0.9 * slots.a + slope;
      return p - 0.02 * (slope + 0.9 * slots.a);
    },
  },
  {
    title: "RMSprop",
    optimizer: rmsprop(),
    rate: 0.002,
    paper: (p, g, slots) => {
      slots.a = 0.99 * slots.a + 0.01 * g * g;
      return p - (0.002 * g) / (Math.sqrt(slots.a) + 1e-8);
    },
  },
  {
    title: "RMSprop with momentum and weight decay",
    optimizer: rmsprop({ alpha: 0.9, momentum: 0.8, weightDecay: 0.02, epsilon: 1e-3 }),
    rate: 0.001,
    paper: (p, g, slots, _, decays) => {
      const slope = g + (decays ? 0.02 * p : 0);
      slots.a = 0.9 * slots.a + 0.1 * slope * slope;
      slots.b = 0.8 * slots.b + slope / (Math.sqrt(slots.a) + 1e-3);
      return p - 0.001 * slots.b;
    },
  },
  {
    title: "Adam",
    optimizer: adam(),
    rate: 0.01,
    paper: (p, g, slots, t) => paperAdam(p, g, slots, t, 0.01),
  },
  {
    title: "Adam with weight decay in the gradient",
    optimizer: adam({ weightDecay: 0.02 }),
    rate: 0.01,
    paper: (p, g, slots, t, decays) => paperAdam(p, g + (decays ? 0.02 * p : 0), slots, t, 0.01),
  },
  {
    title: "AdamW",
    optimizer: adamW({ weightDecay: 0.2 }),
    rate: 0.01,
    paper: (p, g, slots, t, decays) =>
      paperAdam(decays ? p * (1 - 0.01 * 0.2) : p, g, slots, t, 0.01),
  },
];

/** Parameters, memory and losses after fifty steps in float64. */
async function paperRun(design: Case, batchNorm: boolean) {
  const network = smallNetwork({ batchNorm });
  const plain = (entries: Iterable<readonly [string, Parameters<typeof toNumbers>[0]]>) =>
    Object.fromEntries([...entries].map(([name, value]) => [name, toNumbers(value)]));
  const values: Values = plain(network.parameters);
  let memory: Values = plain(network.memory);
  const slots = Object.fromEntries(
    Object.entries(values).map(([name, list]) => [name, list.map(() => ({ a: 0, b: 0 }))]),
  );
  const losses: number[] = [];
  for await (const batch of source().batches(0)) {
    const t = losses.length + 1;
    const found = paperGradients(values, memory, batch, batchNorm, design.smoothing ?? 0);
    losses.push(found.loss);
    memory = found.memory;
    const gradients: Values = found.gradients;
    const norm = Math.sqrt(
      Object.values(gradients)
        .flat()
        .reduce((s, g) => s + g * g, 0),
    );
    const factor = Math.min(1, (design.clipNorm ?? Number.POSITIVE_INFINITY) / (norm + 1e-6));
    for (const [name, list] of Object.entries(values)) {
      values[name] = list.map((p, i) =>
        design.paper(
          p,
          gradients[name]![i]! * factor,
          slots[name]![i]!,
          t,
          network.decayed.has(name),
        ),
      );
    }
  }
  return { values, memory, losses };
}

const source = () => drawnBatches({ seed: "fifty", examples: 250, batchSize: 5 });

test.each(cases.flatMap((design) => [false, true].map((batchNorm) => ({ ...design, batchNorm }))))(
  "$title, batch normalisation $batchNorm",
  async (design) => {
    const paper = await paperRun(design, design.batchNorm);
    const losses: number[] = [];
    const { final } = await train(smallNetwork({ batchNorm: design.batchNorm }), runtime, {
      training: source(),
      heldOut: drawnBatches({ seed: "held out", examples: 5, batchSize: 5 }),
      batchSize: 5,
      loss: crossEntropy({ labelSmoothing: design.smoothing ?? 0 }),
      optimizer: design.optimizer,
      schedule: constant(design.rate),
      ...(design.clipNorm === undefined ? {} : { clipNorm: design.clipNorm }),
      epochs: 1,
      clock: () => 0,
      onStep: ({ loss }) => losses.push(loss),
    });
    expect(losses).toHaveLength(50);
    expect(losses).toBeWithinL2(paper.losses, 1e-3);
    for (const [name, value] of [...final.parameters, ...final.memory]) {
      const wanted = paper.values[name] ?? paper.memory[name]!;
      expect(toNumbers(value), name).toBeWithinL2(wanted, 1e-3);
    }
  },
);
