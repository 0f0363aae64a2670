/** @file What random networks put layers together by: residual sums, joined branches, gates, shuffles, If, dropout. */
import type { Value } from "../../src/graph/builder.ts";
import { activation } from "./activations.ts";
import { chosen, repeated } from "./control-flow.ts";
import type { Drawing, Pen, Step } from "./drawing.ts";
import {
  batchNormalisation,
  convolution,
  enlarged,
  normalisation,
  pool,
  spreadOf,
} from "./layers.ts";
import { erf } from "../reference/operators/special-functions.ts";
import { combined, dense, gathered, mapped, means, pointwise, stacked, type Maps } from "./maps.ts";

type Draw = (d: Drawing, x: Maps) => Step;

/** Steps one after the other. */
function chained(steps: readonly Step[]): Step {
  return {
    what: steps.map(({ what }) => what).join(", "),
    compute: (x) => steps.reduce((value, step) => step.compute(value), x),
    write: (p, x) => steps.reduce((value, step) => step.write(p, value), x),
  };
}

/** Draws steps, each for what the last one gives. */
export function drawnChain(d: Drawing, x: Maps, draws: readonly Draw[]): Step {
  const steps: Step[] = [];
  let value = x;
  for (const draw of draws) {
    const step = draw(d, value);
    steps.push(step);
    value = step.compute(value);
  }
  return chained(steps);
}

/** Convolution, normalisation and activation function, as they usually follow each other. */
const usual: Draw = (d, x) => {
  const norm: readonly Draw[] = d.chance(0.6)
    ? [d.chance(0.7) ? batchNormalisation : normalisation]
    : [];
  return drawnChain(d, x, [convolution, ...norm, activation]);
};

const same: Draw = (d, x) => convolution(d, x, true);

const residual: Draw = (d, x) => {
  const inner = drawnChain(
    d,
    x,
    d.of<readonly Draw[]>([same], [same, activation, same], [batchNormalisation, activation, same]),
  );
  return {
    what: `x + (${inner.what})`,
    compute: (maps) => combined(maps, inner.compute(maps), (a, b) => a + b),
    write: (p, value) => {
      const parts = [value, inner.write(p, value)];
      return p.op(p.of("Add", "Sum"), p.chance(0.5) ? parts : parts.toReversed());
    },
  };
};

const joined: Draw = (d, x) => {
  const branches = [
    drawnChain(d, x, [same, activation]),
    d.chance(0.5) ? drawnChain(d, x, [same]) : chained([]),
  ];
  return {
    what: `concat(${branches.map(({ what }) => what || "x").join("; ")})`,
    compute: (maps) => stacked(branches.map((branch) => branch.compute(maps))),
    write: (p, value) =>
      p.op(
        "Concat",
        branches.map((branch) => branch.write(p, value)),
        { axis: p.of(1, -3) },
      ),
  };
};

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const hardSigmoid = (x: number) => Math.min(Math.max(x / 6 + 0.5, 0), 1);

/** Squeeze and excitation. */
const gate: Draw = (d, x) => {
  const [n, hidden] = [x.channels, 2];
  const [first, second] = [d.weights(n * hidden, 1), d.weights(n * hidden, 1)];
  const [firstBias, secondBias] = [d.weights(hidden, 0.5), d.weights(n, 0.5)];
  // A hard gate can be shut.
  const isHard = d.chance(0.4) && !d.planted;
  const compute = (maps: Maps) => {
    const squeezed = dense(means(maps), first, firstBias).map((value) => Math.max(value, 0));
    const open = dense(squeezed, second, secondBias).map(isHard ? hardSigmoid : sigmoid);
    return mapped(maps, (value, c) => value * open[c]!);
  };
  const opened = (p: Pen, value: Value) =>
    isHard ? p.op("HardSigmoid", [value], { alpha: 1 / 6, beta: 0.5 }) : p.op("Sigmoid", [value]);
  const byConvolution = (p: Pen, value: Value) => {
    const squeezed = p.of(p.op("GlobalAveragePool", [value]), p.b.reduceMean(value, [2, 3]));
    const low = p.op("Conv", [
      squeezed,
      p.weights(first, [hidden, n, 1, 1]),
      p.weights(firstBias, [hidden]),
    ]);
    const high = p.op("Conv", [
      p.op("Relu", [low]),
      p.weights(second, [n, hidden, 1, 1]),
      p.weights(secondBias, [n]),
    ]);
    return opened(p, high);
  };
  const byProducts = (p: Pen, value: Value) => {
    const squeezed = p.op("Flatten", [p.op("GlobalAveragePool", [value])]);
    const low = p.op(
      "Gemm",
      [squeezed, p.weights(first, [hidden, n]), p.weights(firstBias, [hidden])],
      { transB: 1 },
    );
    const high = p.op(
      "Gemm",
      [p.op("Relu", [low]), p.weights(second, [n, hidden]), p.weights(secondBias, [n])],
      { transB: 1 },
    );
    return p.op("Unsqueeze", [opened(p, high), p.b.ints([2, 3])]);
  };
  return {
    what: `${isHard ? "hard " : ""}gate of channels`,
    compute,
    write: (p, value) =>
      p.op("Mul", [value, p.chance(0.5) ? byConvolution(p, value) : byProducts(p, value)]),
  };
};

/** A gate for every place. */
const placeGate: Draw = (d, x) => {
  const weights = d.weights(x.channels, 1 / Math.max(spreadOf(x), 1e-3));
  return {
    what: "gate of places",
    compute: (maps) => {
      const area = maps.rows * maps.columns;
      const open = Array.from({ length: area }, (_, at) =>
        sigmoid(weights.reduce((sum, w, c) => sum + w * maps.data[c * area + at]!, 0)),
      );
      return { ...maps, data: maps.data.map((value, i) => value * open[i % area]!) };
    },
    write: (p, value) =>
      p.op("Mul", [
        value,
        p.op("Sigmoid", [p.op("Conv", [value, p.weights(weights, [1, x.channels, 1, 1])])]),
      ]),
  };
};

/** Channels of two groups, in turn. */
const shuffled: Draw = (_, x) => {
  const [n, half] = [x.channels, x.channels / 2];
  if (n % 2 !== 0) return chained([]);
  return {
    what: "shuffle",
    compute: (maps) =>
      gathered([n, maps.rows, maps.columns], maps, (c, row, column) => [
        (c % 2) * half + (c >> 1),
        row,
        column,
      ]),
    write: (p, value) => {
      const [, , rows, columns] = value.dims as readonly [number, number, number, number];
      const split = p.b.reshape(value, [1, 2, half, rows, columns]);
      return p.b.reshape(p.b.transpose(split, [0, 2, 1, 3, 4]), [1, n, rows, columns]);
    },
  };
};

/** Every second row and column beside the others, as further channels. */
const focused: Draw = (_, x) => {
  const [rows, columns] = [x.rows >> 1, x.columns >> 1];
  if (rows < 2 || columns < 2 || x.channels > 4) return chained([]);
  const offsets = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const;
  return {
    what: "focus",
    compute: (maps) =>
      gathered([4 * maps.channels, rows, columns], maps, (c, row, column) => {
        const [down, across] = offsets[Math.floor(c / maps.channels)]!;
        return [c % maps.channels, 2 * row + down, 2 * column + across];
      }),
    write: (p, value) =>
      p.op(
        "Concat",
        offsets.map((starts) => p.b.slice(value, starts, [2 * rows, 2 * columns], [2, 3], [2, 2])),
        { axis: 1 },
      ),
  };
};

/** Some channels through a function, the others as they are. */
const divided: Draw = (d, x) => {
  const first = 1 + d.below(x.channels);
  if (first >= x.channels) return chained([]);
  const inner = activation(d);
  const part = (maps: Maps, from: number, to: number) =>
    gathered([to - from, maps.rows, maps.columns], maps, (c, row, column) => [
      c + from,
      row,
      column,
    ]);
  return {
    what: `split(${inner.what})`,
    compute: (maps) =>
      stacked([part(maps, first, maps.channels), inner.compute(part(maps, 0, first))]),
    write: (p, value) => {
      const [a, b] = p.b.ops("Split", [value, p.b.ints([first, x.channels - first])], 2, {
        axis: 1,
      }) as [Value, Value];
      return p.op("Concat", [b, inner.write(p, a)], { axis: 1 });
    },
  };
};

const dropout: Draw = (d) => {
  const how = d.of("plain", "off", "on");
  if (how === "on") d.isTraining = true;
  return {
    what: `dropout (${how})`,
    compute: (x) => x,
    write: (p, x) => {
      if (how === "plain") return p.op("Dropout", [x]);
      const flag = p.b.constant([how === "on" ? 1 : 0], [], "bool");
      return p.op("Dropout", [x, p.scalar(0.5), flag]);
    },
  };
};

const resized: Draw = (_, x) => (x.rows * x.columns > 100 ? chained([]) : enlarged);

/** Dense layers at every place, on the last axis: the blocks of ConvNeXt. */
const mixed: Draw = (d, x) => {
  const [n, hidden] = [x.channels, 2 * x.channels];
  const spread = Math.max(spreadOf(x), 1e-3);
  const first = d.weights(n * hidden, 1 / Math.sqrt(n) / spread);
  const second = d.weights(n * hidden, 1 / Math.sqrt(hidden));
  const inner = d.of("Relu", "Gelu", "HardSwish");
  const f = { Relu: relu, Gelu: gelu, HardSwish: hardSwish }[inner];
  const turned = (weights: readonly number[], rows: number, columns: number) =>
    Array.from(weights, (_, i) => weights[(i % rows) * columns + Math.floor(i / rows)]!);
  return {
    what: `products at places (${inner})`,
    compute: (maps) => {
      const wide = mapped(pointwise(maps, first, hidden), f);
      return combined(maps, pointwise(wide, second, n), (a, b) => a + b);
    },
    write: (p, value) => {
      const last = p.b.transpose(value, [0, 2, 3, 1]);
      const wide = p.op("MatMul", [last, p.weights(turned(first, hidden, n), [n, hidden])]);
      const low = p.op("MatMul", [
        p.op(inner, [wide]),
        p.weights(turned(second, n, hidden), [hidden, n]),
      ]);
      return p.op("Add", [value, p.b.transpose(low, [0, 3, 1, 2])]);
    },
  };
};

const relu = (x: number) => Math.max(x, 0);
const gelu = (x: number) => 0.5 * x * (1 + erf(x / Math.SQRT2));
const hardSwish = (x: number) => x * hardSigmoid(x);

/** THE list, the usual ones more often. */
const kinds: readonly Draw[] = [
  usual,
  usual,
  usual,
  residual,
  residual,
  joined,
  gate,
  placeGate,
  shuffled,
  focused,
  divided,
  dropout,
  chosen,
  repeated,
  resized,
  mixed,
  pool,
  pool,
  pool,
  normalisation,
  batchNormalisation,
];

/** Those that leave a planted pattern in its place, in its channel. */
const carrying = kinds.filter(
  (kind) => ![placeGate, focused, divided, mixed, repeated].includes(kind),
);

/** A block of any kind. */
export function block(d: Drawing, x: Maps): Step {
  return d.of(...(d.planted ? carrying : kinds))(d, x);
}

/** The first block of a network. */
export function stem(d: Drawing, x: Maps): Step {
  return d.chance(0.1) && !d.planted ? drawnChain(d, x, [focused, usual]) : usual(d, x);
}
