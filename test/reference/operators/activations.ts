/** @file Activation functions of the float64 interpreter. */
import type { AttributeReader } from "../../../src/graph/attributes.ts";
import { combine, mapElements } from "../ndarray.ts";
import { required, type OperatorTable, type ReferenceOperator } from "../operator.ts";
import { erf } from "./special-functions.ts";

function activation(f: (x: number, attributes: AttributeReader) => number): ReferenceOperator {
  return (inputs, attributes) => [mapElements(required(inputs, 0), (x) => f(x, attributes))];
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
/** log(1 + exp(x)), without overflow. */
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const clamp01 = (x: number) => Math.max(0, Math.min(1, x));

export const activations: OperatorTable = {
  Celu: activation((x, a) => {
    const alpha = a.float("alpha", 1);
    return Math.max(0, x) + Math.min(0, alpha * (Math.exp(x / alpha) - 1));
  }),
  Elu: activation((x, a) => (x < 0 ? a.float("alpha", 1) * (Math.exp(x) - 1) : x)),
  Gelu: activation((x, a) => {
    if (a.string("approximate", "none") === "none") return (x / 2) * (1 + erf(x / Math.SQRT2));
    return (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  }),
  HardSigmoid: activation((x, a) => clamp01(a.float("alpha", 0.2) * x + a.float("beta", 0.5))),
  HardSwish: activation((x) => x * clamp01(x / 6 + 0.5)),
  LeakyRelu: activation((x, a) => (x < 0 ? a.float("alpha", 0.01) * x : x)),
  Mish: activation((x) => x * Math.tanh(softplus(x))),
  PRelu: (inputs) => [
    combine([required(inputs, 0), required(inputs, 1)], (x, slope) => (x < 0 ? slope * x : x)),
  ],
  Relu: activation((x) => Math.max(0, x)),
  Selu: activation((x, a) => {
    const alpha = a.float("alpha", 1.67326319217681884765625);
    const gamma = a.float("gamma", 1.05070102214813232421875);
    return x > 0 ? gamma * x : gamma * (alpha * Math.exp(x) - alpha);
  }),
  Shrink: activation((x, a) => {
    const lambda = a.float("lambd", 0.5);
    if (x < -lambda) return x + a.float("bias", 0);
    return x > lambda ? x - a.float("bias", 0) : 0;
  }),
  Sigmoid: activation(sigmoid),
  Softplus: activation(softplus),
  Softsign: activation((x) => x / (1 + Math.abs(x))),
  ThresholdedRelu: activation((x, a) => (x > a.float("alpha", 1) ? x : 0)),
};
