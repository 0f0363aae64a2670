/** @file Activation functions of Keras in double precision, from their definitions. */
import { mapped, paired, reduced, sum, type Numbers } from "./numbers.ts";

/** The error function by its series, which converges for what tests have. */
function erf(x: number): number {
  let [term, all] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    all += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * all;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const clip = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const softplus = (x: number) => Math.log(1 + Math.exp(x));
const elu = (x: number) => (x > 0 ? x : Math.exp(x) - 1);

const functions: Readonly<Record<string, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  relu6: (x) => clip(x, 0, 6),
  leaky_relu: (x) => (x > 0 ? x : 0.2 * x),
  elu,
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1)),
  celu: elu,
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  silu: (x) => x * sigmoid(x),
  swish: (x) => x * sigmoid(x),
  hard_silu: (x) => (x * clip(x + 3, 0, 6)) / 6,
  hard_swish: (x) => (x * clip(x + 3, 0, 6)) / 6,
  mish: (x) => x * Math.tanh(softplus(x)),
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
  tanh: Math.tanh,
  sigmoid,
  hard_tanh: (x) => clip(x, -1, 1),
  hard_shrink: (x) => (Math.abs(x) > 0.5 ? x : 0),
  soft_shrink: (x) => Math.sign(x) * Math.max(Math.abs(x) - 0.5, 0),
  tanh_shrink: (x) => x - Math.tanh(x),
  log_sigmoid: (x) => Math.log(sigmoid(x)),
  squareplus: (x) => (x + Math.sqrt(x * x + 4)) / 2,
  exponential: Math.exp,
};

/** Names of all that work number by number, of which one depends on the version. */
export const activationNames: readonly string[] = [...Object.keys(functions), "hard_sigmoid"];

export function softmax(x: Numbers, axis: number): Numbers {
  const place = axis < 0 ? axis + x.dims.length : axis;
  const powers = mapped(x, Math.exp);
  return paired(powers, reduced(powers, [place], sum), (a, b) => a / b);
}

/** The function of a name. */
export function activated(x: Numbers, name: string, isKeras3: boolean): Numbers {
  if (name === "softmax") return softmax(x, -1);
  if (name === "log_softmax") return mapped(softmax(x, -1), Math.log);
  if (name === "hard_sigmoid") {
    return mapped(x, (value) => clip((isKeras3 ? value / 6 : value / 5) + 0.5, 0, 1));
  }
  const found = functions[name];
  if (!found) throw new Error(`no function ${name}`);
  return mapped(x, found);
}
