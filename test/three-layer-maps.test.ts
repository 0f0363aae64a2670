/** @file Methods against their papers' formulas, written out in float64 for a network of three layers. */
import { describe, expect, test } from "vitest";
import { attributionMethods } from "../src/attribution/index.ts";
import { channels, columns, features, height, rows, threeLayers, width } from "./three-layers.ts";

type MethodName = keyof typeof attributionMethods;

const network = threeLayers(4);
const cells = rows * columns;
const targets = [2, 0];
const all = Array.from({ length: features }, (_, k) => k);
const near = { rtol: 1e-4, atol: 1e-5 } as const;

interface Held {
  readonly n: number;
  readonly target: number;
  /** Of each channel, [cells]: what the ReLU holds, and the logit's gradient there. */
  readonly activations: readonly (readonly number[])[];
  readonly gradients: readonly (readonly number[])[];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const perChannel = (values: readonly number[]) =>
  all.map((k) => values.slice(k * cells, (k + 1) * cells));

function heldOf(n: number): Held {
  const target = targets[n]!;
  const conv = network.conv(network.picture(n));
  const activations = perChannel(conv.map((value) => Math.max(value, 0)));
  return { n, target, activations, gradients: perChannel(network.dense(target)) };
}

function weighted({ activations }: Held, weights: readonly number[]): number[] {
  return Array.from({ length: cells }, (_, cell) =>
    sum(weights.map((weight, k) => weight * activations[k]![cell]!)),
  );
}

/** The logit where the ReLU's channels hold other numbers. */
function logitOf(held: readonly (readonly number[])[], target: number): number {
  const dense = network.dense(target);
  return sum(held.flat().map((value, at) => value * dense[at]!));
}

/** The first principal direction of the channels, by power iteration. */
function principal(activations: readonly (readonly number[])[]): number[] {
  let direction = all.map(() => 1);
  for (let round = 0; round < 2000; round++) {
    const map = Array.from({ length: cells }, (_, cell) =>
      sum(all.map((k) => direction[k]! * activations[k]![cell]!)),
    );
    const next = activations.map((own) => sum(own.map((value, cell) => value * map[cell]!)));
    const length = Math.hypot(...next);
    direction = next.map((value) => value / length);
  }
  return direction;
}

/** A channel enlarged bilinearly, between the middles of what its places see: place p the pixels p to p + 2; clamped at the border. */
function enlarged(own: readonly number[]): number[] {
  const along = (at: number, from: number) => {
    const place = Math.min(Math.max(at - 1, 0), from - 1);
    const low = Math.min(Math.floor(place), from - 2);
    return [low, place - low] as const;
  };
  return Array.from({ length: height * width }, (_, pixel) => {
    const [y, down] = along(Math.floor(pixel / width), rows);
    const [x, across] = along(pixel % width, columns);
    const at = (dy: number, dx: number) => own[(y + dy) * columns + x + dx]!;
    const upper = (1 - across) * at(0, 0) + across * at(0, 1);
    return (1 - down) * upper + down * ((1 - across) * at(1, 0) + across * at(1, 1));
  });
}

/** Score-CAM's weights: the softmax of the logits of the picture under each channel's mask from 0 to 1. */
function maskedWeights({ n, target, activations }: Held): number[] {
  const logits = activations.map((own) => {
    const large = enlarged(own);
    const [min, max] = [Math.min(...large), Math.max(...large)];
    const picture = network.picture(n);
    const masked = picture.map(
      (value, i) => (value * (large[i % large.length]! - min)) / (max - min),
    );
    return network.logits(masked)[target]!;
  });
  const powers = logits.map((logit) => Math.exp(logit));
  return powers.map((power) => power / sum(powers));
}

const ofLayer: Readonly<Partial<Record<MethodName, (held: Held) => number[]>>> = {
  "grad-cam": (held) =>
    weighted(
      held,
      held.gradients.map((own) => sum(own) / cells),
    ),
  "grad-cam-plus-plus": (held) =>
    weighted(
      held,
      held.gradients.map((own, k) => {
        const total = sum(held.activations[k]!);
        const alpha = (g: number) => g ** 2 / (2 * g ** 2 + total * g ** 3);
        return sum(own.map((g) => alpha(g) * Math.max(g, 0)));
      }),
    ),
  "hires-cam": ({ activations, gradients }) =>
    Array.from({ length: cells }, (_, cell) =>
      sum(all.map((k) => activations[k]![cell]! * gradients[k]![cell]!)),
    ),
  "layer-cam": ({ activations, gradients }) =>
    Array.from({ length: cells }, (_, cell) =>
      sum(all.map((k) => activations[k]![cell]! * Math.max(gradients[k]![cell]!, 0))),
    ),
  "xgrad-cam": (held) =>
    weighted(
      held,
      held.gradients.map((own, k) => {
        const activations = held.activations[k]!;
        return sum(own.map((g, cell) => g * activations[cell]!)) / sum(activations);
      }),
    ),
  "eigen-cam": (held) => weighted(held, principal(held.activations)),
  "score-cam": (held) => weighted(held, maskedWeights(held)),
  "ablation-cam": (held) => {
    const { activations, target } = held;
    const whole = logitOf(activations, target);
    const without = (k: number) => activations.map((own, j) => (j === k ? own.map(() => 0) : own));
    return weighted(
      held,
      all.map((k) => (whole - logitOf(without(k), target)) / whole),
    );
  },
};

describe("maps of a layer, signed", () => {
  test.each(Object.entries(ofLayer))("%s", async (method, slow) => {
    const options = { targets, layer: "features", signed: true };
    const run = attributionMethods[method as MethodName].run;
    const maps = await run(network.model, network.input, options);
    for (const [n, map] of maps.entries()) {
      expect(map.data, `picture ${n}`).toBeAllclose(slow(heldOf(n)), near);
    }
  });
});

/** What each method lets through the ReLU: from what it held and what comes back. */
const throughRelu: Readonly<Partial<Record<MethodName, (z: number, dy: number) => number>>> = {
  gradient: (z, dy) => (z > 0 ? dy : 0),
  "guided-backprop": (z, dy) => (z > 0 && dy > 0 ? dy : 0),
  deconvolution: (_, dy) => Math.max(dy, 0),
  rectified: (_, dy) => Math.max(dy, 0),
};

describe("maps of pixels", () => {
  test.each(Object.entries(throughRelu))("%s", async (method, through) => {
    const run = attributionMethods[method as MethodName].run;
    const maps = await run(network.model, network.input, { targets });
    for (const [n, map] of maps.entries()) {
      const conv = network.conv(network.picture(n));
      const dense = network.dense(targets[n]!);
      const sent = network.sentBack(conv.map((z, at) => through(z, dense[at]!)));
      const expected = method === "rectified" ? sent.map((slope) => Math.max(slope, 0)) : sent;
      expect(map.dims).toEqual([channels, height, width]);
      expect(map.data, `picture ${n}`).toBeAllclose(expected, near);
    }
  });
});
