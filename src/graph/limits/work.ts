/** @file How long a node computes, very roughly: enough to tell seconds from years. */
import { einsumSizes, einsumTerms } from "../einsum.ts";
import { elementCount } from "../tensor.ts";
import type { SizedNode } from "./sized-node.ts";

/** Elements of the outputs together, as far as they are known. */
interface Made {
  readonly elements: number;
}

/** Steps of a processor that ONNX Runtime spends in well-tuned loops, of one core; others are ten times slower. */
const tunedStepsPerSecond = 1e10;
const plainStepsPerSecond = 1e9;

/** Time that a node takes beside what it computes. */
const secondsPerNode = 1e-6;

/** Steps of one kernel for each element of the output. */
const kernelSteps =
  (weights: number) =>
  (n: SizedNode, { elements }: Made): number =>
    elements * elementCount((n.dims(weights) ?? []).slice(1));

const product = (n: SizedNode, { elements }: Made): number => elements * (n.dims(0)?.at(-1) ?? 1);

const transposed = (n: SizedNode): number =>
  (n.count(0) ?? 0) * elementCount((n.dims(1) ?? []).slice(1));

const gemm = (n: SizedNode, { elements }: Made): number => {
  const dims = n.dims(0);
  return elements * (dims?.at(n.attributes.int("transA", 0) === 1 ? 0 : -1) ?? 1);
};

/** Of all letters, as no order of summing is known. */
const einsum = (n: SizedNode): number => {
  const all = n.node.inputs.map((_, i) => n.dims(i));
  if (!all.every((dims) => dims !== undefined)) return 0;
  const ranks = all.map((dims) => dims.length);
  const { operands } = einsumTerms(n.attributes.string("equation"), ranks);
  return elementCount([...einsumSizes(operands, all).values()]);
};

const recurrent = (n: SizedNode): number => {
  const [steps = 0, batch = 0] = n.dims(0) ?? [];
  return steps * batch * ((n.count(1) ?? 0) + (n.count(2) ?? 0));
};

type Steps = (n: SizedNode, made: Made) => number;

const tuned: Readonly<Record<string, Steps>> = {
  Conv: kernelSteps(1),
  ConvInteger: kernelSteps(1),
  ConvTranspose: transposed,
  GRU: recurrent,
  Gemm: gemm,
  LSTM: recurrent,
  MatMul: product,
  MatMulInteger: product,
  QLinearConv: kernelSteps(3),
  QLinearMatMul: product,
  RNN: recurrent,
};

const window: Steps = (n, { elements }) =>
  elements * elementCount(n.attributes.ints("kernel_shape"));

/** A transform of a length that is no power of two may take its square. */
const fourier: Steps = (n, { elements }) => elements * (n.count(0) ?? 1);

const plain: Readonly<Record<string, Steps>> = {
  AveragePool: window,
  DFT: fourier,
  DeformConv: kernelSteps(1),
  Det: (n) => (n.count(0) ?? 0) * (n.dims(0)?.at(-1) ?? 1),
  Einsum: einsum,
  GridSample: (_, { elements }) => 16 * elements,
  LRN: (n, { elements }) => elements * n.attributes.int("size"),
  LpPool: window,
  MaxPool: window,
  NonMaxSuppression: (n) => (n.dims(0)?.[1] ?? 0) ** 2 * (n.dims(1)?.[1] ?? 1),
  Resize: (_, { elements }) => 16 * elements,
  RoiAlign: (n, { elements }) => elements * Math.max(n.attributes.int("sampling_ratio", 0), 4) ** 2,
  STFT: fourier,
};

/** Seconds that a node takes on one core. */
export function secondsOf(n: SizedNode, made: Made): number {
  const { operator, domain } = n.node;
  const read = n.node.inputs.reduce((sum, _, i) => sum + (n.count(i) ?? 0), 0);
  const moved = (made.elements + read) / plainStepsPerSecond;
  const isStandard = domain === "";
  const quick = isStandard && Object.hasOwn(tuned, operator) ? tuned[operator]!(n, made) : 0;
  const slow = isStandard && Object.hasOwn(plain, operator) ? plain[operator]!(n, made) : 0;
  return secondsPerNode + moved + quick / tunedStepsPerSecond + slow / plainStepsPerSecond;
}
