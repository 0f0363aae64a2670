/** @file Fifty steps of a small network against the same in float64, written out as in the papers. */
import { expect, test } from "vitest";
import { drawnBatches } from "../../test/drawn-batches.ts";
import { paperGradients, type Values } from "../../test/paper-gradients.ts";
import { smallNetwork } from "../../test/small-trainable.ts";
import { toNumbers } from "../graph/tensor.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { crossEntropy } from "./losses.ts";
import { adam, adamW } from "../optimize/adam.ts";
import { rmsprop } from "../optimize/rmsprop.ts";
import { sgd } from "../optimize/sgd.ts";
import type { Optimizer } from "../optimize/optimizer.ts";
import { constant } from "./schedules.ts";
import { train } from "./train.ts";

const runtime = createNodeRuntime({ threads: 2 });
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
    const found = paperGradients(values, memory, batch, {
      batchNorm,
      smoothing: design.smoothing ?? 0,
    });
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
