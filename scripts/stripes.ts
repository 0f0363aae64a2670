/** @file A network that tells stripes apart, written by hand, and a picture for it: what the README's first command looks at. */
import { GraphBuilder } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import type { Picture } from "../src/image/picture.ts";
import { randomStream } from "../src/random.ts";

/** Side of pictures. */
export const sidePx = 96;
const filterPx = 9;
const periodPx = 6;
/** Each class: its name, and the angle of the stripes' wave vector. */
export const classes = [
  { label: "vertical stripes", angle: 0 },
  { label: "falling stripes", angle: (3 * Math.PI) / 4 },
  { label: "horizontal stripes", angle: Math.PI / 2 },
  { label: "rising stripes", angle: Math.PI / 4 },
] as const;

/** Wave filters in four phases of every direction, without a mean, as simple cells of the visual cortex have them. */
function waveFilters(): number[] {
  const half = (filterPx - 1) / 2;
  return classes.flatMap(({ angle }) =>
    [0, 1, 2, 3].flatMap((quarter) => {
      const plane = Array.from({ length: filterPx ** 2 }, (_, i) => {
        const [x, y] = [(i % filterPx) - half, Math.floor(i / filterPx) - half];
        const along = x * Math.cos(angle) + y * Math.sin(angle);
        const envelope = Math.exp(-(x * x + y * y) / (2 * 2.4 ** 2));
        return envelope * Math.cos((2 * Math.PI * along) / periodPx + (quarter * Math.PI) / 2);
      });
      const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length;
      const centred = plane.map((value) => (value - mean) / 3);
      return [...centred, ...centred, ...centred];
    }),
  );
}

/** Waves, rectified; their strength in each direction, set against the other directions; its mean over the picture. */
export function stripesNetwork(): Graph {
  const b = new GraphBuilder();
  const count = classes.length;
  const x = b.input("picture", [1, 3, sidePx, sidePx]);
  const filters = b.constant(waveFilters(), [4 * count, 3, filterPx, filterPx]);
  const waves = b.op(
    "Conv",
    [x, filters, b.constant(Array(4 * count).fill(-1.2), [4 * count])],
    {},
    "waves",
  );
  const fired = b.op("Relu", [waves], {}, "waves_fired");
  const pooled = b.op(
    "MaxPool",
    [fired],
    { kernel_shape: [8, 8], strides: [8, 8] },
    "waves_pooled",
  );
  const rivalry = Array.from({ length: count * 4 * count }, (_, i) => {
    const [to, from] = [Math.floor(i / (4 * count)), Math.floor((i % (4 * count)) / 4)];
    return to === from ? 0.25 : -0.12;
  });
  const mixed = b.op(
    "Conv",
    [pooled, b.constant(rivalry, [count, 4 * count, 1, 1])],
    {},
    "directions",
  );
  const strength = b.op("Relu", [mixed], {}, "directions_fired");
  const means = b.op("GlobalAveragePool", [strength], {}, "means");
  const flat = b.op("Flatten", [means], {}, "features");
  const identity = Array.from({ length: count ** 2 }, (_, i) => (i % (count + 1) === 0 ? 20 : 0));
  const logits = b.op("Gemm", [flat, b.constant(identity, [count, count])], {}, "logits");
  b.output(b.op("Softmax", [logits], { axis: -1 }, "probabilities"));
  const preprocessing = { name: "unit", resize: "stretch", channels: "rgb" };
  return {
    ...b.build("stripes"),
    metadata: new Map([["limpid.preprocessing", JSON.stringify(preprocessing)]]),
  };
}

/** A ball and the two colours of its stripes. */
interface Ball {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly angle: number;
  readonly colours: readonly (readonly number[])[];
}

const red = [
  [196, 78, 54],
  [250, 226, 190],
];
const blue = [
  [38, 92, 138],
  [214, 230, 240],
];

/** A large ball with falling stripes and a small one with horizontal ones. */
export const balls: readonly Ball[] = [
  { x: 33, y: 36, radius: 23, angle: classes[1].angle, colours: red },
  { x: 72, y: 72, radius: 15, angle: classes[2].angle, colours: blue },
];

/** Striped balls on a rough ground, lit from the upper left. */
export function stripesPicture(shown: readonly Ball[] = balls): Picture {
  const random = randomStream("stripes");
  const data = new Uint8Array(3 * sidePx * sidePx);
  for (let i = 0; i < sidePx ** 2; i++) {
    const [x, y] = [i % sidePx, Math.floor(i / sidePx)];
    const ball = shown.find((one) => Math.hypot(x - one.x, y - one.y) < one.radius);
    const colour = ball ? colourOf(ball, x, y) : [128 + 20 * (y / sidePx), 134, 118];
    const grain = 8 * random.normal();
    for (let c = 0; c < 3; c++) data[3 * i + c] = Math.min(Math.max(colour[c]! + grain, 0), 255);
  }
  return { widthPx: sidePx, heightPx: sidePx, channels: 3, data };
}

function colourOf(ball: Ball, x: number, y: number): readonly number[] {
  const along = x * Math.cos(ball.angle) + y * Math.sin(ball.angle);
  const wave = Math.cos((2 * Math.PI * along) / periodPx);
  const shade = 1 - 0.35 * (Math.hypot(x - ball.x + 6, y - ball.y + 6) / ball.radius) ** 2;
  const [dark, light] = ball.colours;
  return dark!.map((low, c) => shade * (low + ((wave + 1) / 2) * (light![c]! - low)));
}
