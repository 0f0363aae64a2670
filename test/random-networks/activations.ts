/** @file Activation functions of random networks, in the spellings that exporters have for them. */
import type { Value } from "../../src/graph/builder.ts";
import { erf } from "../reference/operators/special-functions.ts";
import type { Drawing, Pen, Step } from "./drawing.ts";
import { mapped } from "./maps.ts";

type Spelling = (p: Pen, x: Value) => Value;

const compare = (operator: string, flipped: boolean) => (p: Pen, x: Value) =>
  p.op(operator, flipped ? [p.scalar(0), x] : [x, p.scalar(0)]);

/** As many equal numbers as there are channels. */
const each = (p: Pen, x: Value, value: number, dims: readonly number[]) =>
  p.constant(Array<number>(x.dims[1]!).fill(value), dims);

/** max(x, 0). */
const relus: readonly Spelling[] = [
  (p, x) => p.op("Relu", [x]),
  (p, x) => p.op("Max", [x, p.scalar(0)]),
  (p, x) => p.op("Max", [p.constant([0], [1]), x]),
  (p, x) => p.op("Max", [x, each(p, x, 0, [1, x.dims[1]!, 1, 1]), p.scalar(0)]),
  (p, x) => p.op("Clip", [x, p.scalar(0)]),
  (p, x) => p.op("Where", [compare("Greater", false)(p, x), x, p.scalar(0)]),
  (p, x) => p.op("Where", [compare("LessOrEqual", true)(p, x), x, p.scalar(0)]),
  (p, x) => p.op("Where", [compare("Less", false)(p, x), p.scalar(0), x]),
  (p, x) => p.op("Where", [p.op("Not", [compare("GreaterOrEqual", false)(p, x)]), p.scalar(0), x]),
  (p, x) => p.op("LeakyRelu", [x], { alpha: 0 }),
  (p, x) => p.op("PRelu", [x, each(p, x, 0, [x.dims[1]!, 1, 1])]),
  (p, x) => p.op("ThresholdedRelu", [x], { alpha: 0 }),
  (p, x) => p.op("Elu", [x], { alpha: 0 }),
  (p, x) => p.op("Mul", [x, p.b.cast(compare("Greater", false)(p, x), x.type)]),
  (p, x) => p.op("Div", [p.op("Add", [x, p.op("Abs", [x])]), p.scalar(2)]),
  (p, x) => p.op("Mul", [p.scalar(0.5), p.op("Add", [p.op("Abs", [x]), x])]),
  (p, x) => p.op("Sub", [x, p.op("Min", [x, p.scalar(0)])]),
  (p, x) => p.op("Neg", [p.op("Min", [p.scalar(0), p.op("Neg", [x])])]),
  (p, x) => p.op("Add", [x, p.op("Relu", [p.op("Neg", [x])])]),
];

const relu6s: readonly Spelling[] = [
  (p, x) => p.op("Clip", [x, p.scalar(0), p.scalar(6)]),
  (p, x) => p.op("Min", [p.op("Relu", [x]), p.scalar(6)]),
  (p, x) => p.op("Max", [p.op("Min", [p.scalar(6), x]), p.scalar(0)]),
  (p, x) => {
    const y = p.op("Relu", [x]);
    return p.op("Where", [p.op("Greater", [y, p.scalar(6)]), p.scalar(6), y]);
  },
];

const sigmoids: readonly Spelling[] = [
  (p, x) => p.op("Sigmoid", [x]),
  (p, x) => {
    const power = p.op("Exp", [p.op("Neg", [x])]);
    return p.op("Div", [p.scalar(1), p.op("Add", [p.scalar(1), power])]);
  },
  (p, x) => {
    const half = p.op("Tanh", [p.op("Mul", [x, p.scalar(0.5)])]);
    return p.op("Mul", [p.op("Add", [half, p.scalar(1)]), p.scalar(0.5)]);
  },
];

const hardSigmoids: readonly Spelling[] = [
  (p, x) => p.op("HardSigmoid", [x], { alpha: 1 / 6, beta: 0.5 }),
  (p, x) => p.op("Div", [relu6s[0]!(p, p.op("Add", [x, p.scalar(3)])), p.scalar(6)]),
  (p, x) => p.op("Div", [relu6s[1]!(p, p.op("Add", [p.scalar(3), x])), p.scalar(6)]),
];

const times = (gates: readonly Spelling[]): readonly Spelling[] =>
  gates.map((gate) => (p, x) => p.op("Mul", [x, gate(p, x)]));

const softplus: Spelling = (p, x) => p.op("Softplus", [x]);

interface ActivationFunction {
  readonly compute: (x: number) => number;
  readonly spellings: readonly Spelling[];
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const hardSigmoid = (x: number) => Math.min(Math.max(x + 3, 0), 6) / 6;
const softened = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const root = Math.sqrt(2 / Math.PI);
/** Constants of Klambauer et al. 2017. */
const [seluScale, seluSlope] = [1.0507009873554805, 1.6732632423543772];

/** THE table of those that are smooth, or have their kink at one place. */
const table: Readonly<Record<string, ActivationFunction>> = {
  relu: { compute: (x) => Math.max(x, 0), spellings: relus },
  relu6: { compute: (x) => Math.min(Math.max(x, 0), 6), spellings: relu6s },
  sigmoid: { compute: sigmoid, spellings: sigmoids },
  tanh: { compute: Math.tanh, spellings: [(p, x) => p.op("Tanh", [x])] },
  silu: {
    compute: (x) => x * sigmoid(x),
    spellings: [
      ...times(sigmoids),
      (p, x) => p.op("Div", [x, p.op("Add", [p.scalar(1), p.op("Exp", [p.op("Neg", [x])])])]),
    ],
  },
  "hard sigmoid": { compute: hardSigmoid, spellings: hardSigmoids },
  "hard swish": {
    compute: (x) => x * hardSigmoid(x),
    spellings: [(p, x) => p.op("HardSwish", [x]), ...times(hardSigmoids)],
  },
  gelu: {
    compute: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
    spellings: [
      (p, x) => p.op("Gelu", [x]),
      (p, x) => {
        const side = p.op("Erf", [p.op("Div", [x, p.scalar(Math.SQRT2)])]);
        return p.op("Mul", [p.op("Mul", [x, p.op("Add", [side, p.scalar(1)])]), p.scalar(0.5)]);
      },
    ],
  },
  "gelu by tanh": {
    compute: (x) => 0.5 * x * (1 + Math.tanh(root * (x + 0.044715 * x ** 3))),
    spellings: [
      (p, x) => p.op("Gelu", [x], { approximate: "tanh" }),
      (p, x) => {
        const cube = p.op("Mul", [p.op("Pow", [x, p.scalar(3)]), p.scalar(0.044715)]);
        const side = p.op("Tanh", [p.op("Mul", [p.op("Add", [x, cube]), p.scalar(root)])]);
        return p.op("Mul", [p.op("Mul", [p.scalar(0.5), x]), p.op("Add", [p.scalar(1), side])]);
      },
    ],
  },
  mish: {
    compute: (x) => x * Math.tanh(softened(x)),
    spellings: [
      (p, x) => p.op("Mish", [x]),
      (p, x) => p.op("Mul", [x, p.op("Tanh", [softplus(p, x)])]),
    ],
  },
  softplus: {
    compute: softened,
    spellings: [softplus, (p, x) => p.op("Log", [p.op("Add", [p.op("Exp", [x]), p.scalar(1)])])],
  },
  softsign: {
    compute: (x) => x / (1 + Math.abs(x)),
    spellings: [
      (p, x) => p.op("Softsign", [x]),
      (p, x) => p.op("Div", [x, p.op("Add", [p.scalar(1), p.op("Abs", [x])])]),
    ],
  },
  selu: {
    compute: (x) => seluScale * (x > 0 ? x : seluSlope * Math.expm1(x)),
    spellings: [(p, x) => p.op("Selu", [x], { alpha: seluSlope, gamma: seluScale })],
  },
  "squared relu": {
    compute: (x) => Math.max(x, 0) ** 2,
    spellings: [
      (p, x) => p.op("Pow", [p.op("Relu", [x]), p.scalar(2)]),
      (p, x) => {
        const y = p.op("Relu", [x]);
        return p.op("Mul", [y, y]);
      },
    ],
  },
  "hard tanh": {
    compute: (x) => Math.min(Math.max(x, -1), 1),
    spellings: [
      (p, x) => p.op("Clip", [x, p.scalar(-1), p.scalar(1)]),
      (p, x) => p.op("Min", [p.scalar(1), p.op("Max", [x, p.scalar(-1)])]),
    ],
  },
  abs: {
    compute: Math.abs,
    spellings: [(p, x) => p.op("Abs", [x]), (p, x) => p.op("Max", [x, p.op("Neg", [x])])],
  },
};

/** Those of which more is more, however much. */
const growing = ["silu", "hard swish", "gelu", "gelu by tanh", "mish", "softplus", "selu"];

/** Those with a slope that is drawn. */
function sloped(d: Drawing): ActivationFunction & { readonly what: string } {
  const [slope] = d.between(1, 0.05, 0.6) as [number];
  // Celu takes float32 alone.
  const kind = d.of("leaky", "elu", d.precision === "float32" ? "celu" : "elu", "swish");
  if (kind === "leaky") {
    return {
      what: "leaky relu",
      compute: (x) => (x > 0 ? x : slope * x),
      spellings: [
        (p, x) => p.op("LeakyRelu", [x], { alpha: slope }),
        (p, x) => p.op("PRelu", [x, p.constant([slope], [1])]),
        (p, x) => p.op("Max", [x, p.op("Mul", [x, p.scalar(slope)])]),
        (p, x) =>
          p.op("Where", [compare("Greater", false)(p, x), x, p.op("Mul", [p.scalar(slope), x])]),
      ],
    };
  }
  if (kind === "swish") {
    const scale = 1 + slope;
    const [exact] = d.exact([scale]) as [number];
    const spelling: Spelling = (p, x) =>
      p.op("Mul", [x, p.op("Sigmoid", [p.op("Mul", [x, p.scalar(exact)])])]);
    return { what: kind, compute: (x) => x * sigmoid(exact * x), spellings: [spelling] };
  }
  const inside = kind === "celu" ? 1 / slope : 1;
  return {
    what: kind,
    compute: (x) => (x > 0 ? x : slope * Math.expm1(x * inside)),
    spellings: [(p, x) => p.op(kind === "elu" ? "Elu" : "Celu", [x], { alpha: slope })],
  };
}

/** An activation function in one of its spellings; rectifiers as often as all others. */
export function activation(d: Drawing): Step {
  if (d.chance(0.15) && !d.planted) return slopesOfChannels(d);
  const drawn = d.chance(0.2) ? sloped(d) : undefined;
  const what =
    drawn?.what ?? (d.chance(0.4) ? "relu" : d.of(...(d.planted ? growing : Object.keys(table))));
  const { compute, spellings } = drawn ?? table[what]!;
  const index = d.below(spellings.length);
  return {
    what: `${what} (spelling ${index})`,
    compute: (x) => mapped(x, compute),
    write: (p, x) => spellings[index]!(p, x),
  };
}

/** PRelu with a slope for each channel; more of them than there are channels are drawn. */
function slopesOfChannels(d: Drawing): Step {
  const slopes = d.between(64, -0.2, 0.5);
  return {
    what: "prelu",
    compute: (x) => mapped(x, (value, c) => (value > 0 ? value : slopes[c]! * value)),
    write: (p, x) => p.op("PRelu", [x, p.weights(slopes.slice(0, x.dims[1]), [x.dims[1]!, 1, 1])]),
  };
}
