/** @file A network drawn at random: the file that an exporter would write, a picture, and what is right of it in float64. */
import type { Value } from "../../src/graph/builder.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { tensorOf, type Tensor } from "../../src/graph/tensor.ts";
import { randomStream, type RandomStream } from "../../src/random.ts";
import { block, drawnChain, stem } from "./blocks.ts";
import { Drawing, Pen, type Precision, type Step } from "./drawing.ts";
import { head, plantedHead } from "./heads.ts";
import { emptyMaps, mapped, type Maps } from "./maps.ts";
import type { Head } from "./question.ts";

export interface RandomNetwork {
  /** All that was drawn, in words. */
  readonly what: string;
  readonly graph: Graph;
  /** [C, H, W] in float64, each number one of float32. */
  readonly picture: Maps;
  /** As the file's network takes it. */
  readonly fed: Tensor;
  readonly isChannelsLast: boolean;
  /** Root mean square of the picture's numbers, about. */
  readonly amount: number;
  readonly head: Head;
  /** What the head reads. */
  features(picture: Maps): Maps;
  /** Whether the file computes what is meant, and ONNX Runtime's processor has kernels for it. */
  readonly runsAsItIs: boolean;
  readonly computesInHalf: boolean;
  /** Whether it has a Loop, or an If that the picture decides. */
  readonly hasControlFlow: boolean;
}

/** The picture's own numbers brought to about 1, in the graph. */
function preparation(d: Drawing, channels: number, amount: number): Step {
  const mean = d.planted ? Array<number>(channels).fill(1) : d.between(channels, -0.2, 0.2);
  const scale = d.exact([2 / amount])[0]!;
  return {
    what: "preparation",
    compute: (x) => mapped(x, (value, c) => value * scale - mean[c]!),
    write: (p, x) => {
      const scaled = p.op("Mul", [x, p.scalar(scale)]);
      return p.op("Sub", [scaled, p.weights(mean, [1, channels, 1, 1])]);
    },
  };
}

function drawnPicture(d: Drawing, amount: number): Maps {
  const [channels, rows, columns] = [d.of(1, 2, 3, 3, 3, 4), 11 + d.below(10), 11 + d.below(10)];
  const count = channels * rows * columns;
  const number = () => (amount === 1 ? d.random.normal() : amount * d.random.uniform());
  return {
    channels,
    rows,
    columns,
    data: Float64Array.from({ length: count }, () => Math.fround(number())),
  };
}

/** Faint noise with a bright bump, whose middle lies at shares of the sides. */
export interface Planted {
  readonly picture: Maps;
  /** The same noise alone. */
  readonly without: Maps;
  readonly middle: { readonly x: number; readonly y: number };
}

/** How far a bump reaches, in pixels. */
const bump = 4;

function plantedPicture(d: Drawing, amount: number): Planted {
  const [channels, rows, columns] = [d.of(1, 3, 3, 4), 50 + d.below(14), 50 + d.below(14)];
  d.planted = Array.from({ length: channels }, (_, c) => (c === 0 ? 1 : d.of(1, -1)));
  const [row, column] = [rows, columns].map((size) =>
    Math.floor(size * (0.3 + 0.4 * d.random.uniform())),
  ) as [number, number];
  const picture = emptyMaps(channels, rows, columns);
  const signs = d.planted;
  const noise = picture.data.map(() => 0.05 * d.random.normal());
  const near = (i: number) => {
    const [y, x] = [Math.floor(i / columns) % rows, i % columns];
    const sign = signs[Math.floor(i / rows / columns)]!;
    return 4 * sign * Math.max(0, 1 - Math.hypot(y - row, x - column) / bump);
  };
  const drawn = (height: 0 | 1) =>
    noise.map((value, i) => {
      const sum = value + height * near(i);
      return Math.fround(amount === 1 ? sum : amount * (0.5 + sum / 10));
    });
  return {
    picture: { ...picture, data: drawn(1) },
    without: { ...picture, data: drawn(0) },
    middle: { x: (column + 0.5) / columns, y: (row + 0.5) / rows },
  };
}

function precisionOf(random: RandomStream): Precision {
  const kind = random.uniform();
  return kind < 0.75 ? "float32" : kind < 0.9 ? "float16" : "bfloat16";
}

/** A network of the keys, and a picture of noise. */
export function randomNetwork(...keys: readonly (number | string)[]): RandomNetwork {
  const random = randomStream("random network", ...keys);
  const d = new Drawing(random, precisionOf(random));
  const amount = d.chance(0.25) ? 255 : 1;
  return drawnNetwork(d, { picture: drawnPicture(d, amount), amount, head, seed: keys.join() });
}

/**
 * A network whose class 0 is that of a bump, wherever it is, and a picture with one. `isCarried` if its last layer has
 * cells of at most 5 pixels, and is largest where the bump is seen.
 */
export function plantedNetwork(
  ...keys: readonly (number | string)[]
): RandomNetwork & Pick<Planted, "middle"> & { readonly isCarried: boolean } {
  const random = randomStream("planted network", ...keys);
  const d = new Drawing(random, precisionOf(random));
  const amount = d.chance(0.25) ? 255 : 1;
  const { picture, without, middle } = plantedPicture(d, amount);
  const network = drawnNetwork(d, { picture, amount, head: plantedHead, seed: keys.join() });
  const features = network.features(picture);
  const isFine = features.rows * 5 >= picture.rows && features.columns * 5 >= picture.columns;
  const isCarried = isFine && isLargestWhereChanged(features, network.features(without));
  return { ...network, middle, isCarried };
}

/** Whether channel 0 is largest at one place alone, and above 0, where it is most above what it is without the bump. */
function isLargestWhereChanged(x: Maps, without: Maps): boolean {
  const own = x.data.subarray(0, x.rows * x.columns);
  const change = own.map((value, i) => value - without.data[i]!);
  const largest = own.indexOf(Math.max(...own));
  // Pools whose windows overlap give it to all of them.
  const isAlone = own.indexOf(own[largest]!, largest + 1) < 0;
  return isAlone && own[largest]! > 0 && change[largest] === Math.max(...change);
}

interface Begun {
  readonly picture: Maps;
  readonly amount: number;
  readonly head: (d: Drawing, x: Maps) => Head;
  readonly seed: string;
}

function drawnNetwork(d: Drawing, { picture, amount, head: drawHead, seed }: Begun): RandomNetwork {
  const blocks = Array.from({ length: d.below(4) }, () => block);
  const prepared =
    amount === 1 ? [] : [(drawing: Drawing, x: Maps) => preparation(drawing, x.channels, amount)];
  const body = drawnChain(d, picture, [...prepared, stem, ...blocks]);
  const drawnHead = drawHead(d, body.compute(picture));
  const computesInHalf = d.precision !== "float32" && d.chance(0.5);
  const isChannelsLast = d.chance(0.2);
  const pen = new Pen(d.precision, computesInHalf, seed);
  written(pen, { picture, isChannelsLast, body, head: drawnHead });
  const how = `${d.precision}${computesInHalf ? " throughout" : " weights"}, ${isChannelsLast ? "channels last" : "channels first"}`;
  return {
    what: `${how}: [${picture.channels}, ${picture.rows}, ${picture.columns}] ${body.what}; ${drawnHead.what}`,
    graph: told(pen),
    picture,
    fed: fedPicture(picture, isChannelsLast),
    isChannelsLast,
    amount,
    head: drawnHead,
    features: (x) => body.compute(x),
    runsAsItIs: !d.isTraining && !(computesInHalf && d.precision === "bfloat16"),
    computesInHalf,
    hasControlFlow: d.hasControlFlow,
  };
}

interface Written {
  readonly picture: Maps;
  readonly isChannelsLast: boolean;
  readonly body: Step;
  readonly head: Head;
}

function written(p: Pen, { picture, isChannelsLast, body, head: end }: Written): void {
  const { channels, rows, columns } = picture;
  const dims = isChannelsLast ? [1, rows, columns, channels] : [1, channels, rows, columns];
  const batch = p.of<number | string>(1, "N");
  const sides = p.chance(0.2) ? ["H", "W"] : [rows, columns];
  const open = isChannelsLast ? [batch, ...sides, channels] : [batch, channels, ...sides];
  let x: Value = p.b.input("picture", dims, "float32", open);
  if (p.type !== "float32") x = p.b.cast(x, p.type);
  if (isChannelsLast) x = p.b.transpose(x, [0, 3, 1, 2]);
  x = body.write(p, x);
  if (p.type !== "float32" && p.chance(0.7)) {
    p.type = "float32";
    x = p.b.cast(x, "float32");
  }
  end.write(p, x);
}

/** The graph with shapes of values, or of outputs too, left out, as files often are. */
function told(p: Pen): Graph {
  const graph = p.build();
  const outputs = graph.outputs.map((output) => ({
    ...output,
    dims: p.of(output.dims, undefined),
  }));
  return {
    ...graph,
    outputs: p.chance(0.5) ? outputs : graph.outputs,
    shapes: p.of(graph.shapes, new Map()),
  };
}

function fedPicture({ channels, rows, columns, data }: Maps, isChannelsLast: boolean): Tensor {
  if (!isChannelsLast) return tensorOf("float32", [1, channels, rows, columns], data);
  const area = rows * columns;
  const turned = Float32Array.from(
    data,
    (_, i) => data[(i % channels) * area + Math.floor(i / channels)]!,
  );
  return tensorOf("float32", [1, rows, columns, channels], turned);
}
