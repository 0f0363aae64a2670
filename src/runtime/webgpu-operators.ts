/** @file Other operators that ONNX Runtime's WebGPU provider computes wrongly: said in another way, or refused. */
import { LimpidError } from "../errors.ts";
import { AttributeReader } from "../graph/attributes.ts";
import { einsumTerms } from "../graph/einsum.ts";
import { tensor, tensorOf, toFloat32, toNumbers } from "../graph/tensor.ts";
import type { NodeRewriting } from "./node-rewriting.ts";

/** Weights that are only stored in half precision, which cards without shader-f16 cannot cast. */
export function widenHalfWeights(to: NodeRewriting): void {
  const [stored, output] = [to.node.inputs[0]!, to.node.outputs[0]!];
  const constant = to.around.constantOf(stored);
  const isFloat = new AttributeReader(to.node).int("to", floatType) === floatType;
  if (constant?.type !== "float16" || !isFloat) return;
  const name = to.name("widened");
  to.around.constants.set(name, tensor("float32", constant.dims, toFloat32(constant)));
  to.op("Identity", [name], {}, output);
}

/** ONNX's number of float32. */
const floatType = 1;

/** Dropout in inference, with which no session opens: its input, and a mask that is true everywhere. */
export function copyDropout(to: NodeRewriting): void {
  const [data, , training = ""] = to.node.inputs as [string, string?, string?];
  const [output, mask = ""] = to.node.outputs as [string, string?];
  if (training !== "" && to.around.constantOf(training)?.data[0] !== 0) return;
  to.op("Identity", [data], {}, output);
  if (mask === "") return;
  const value = tensorOf("bool", [1], [1]);
  to.op("ConstantOfShape", [to.op("Shape", [data])], { value }, mask);
}

/** The provider gives the mean for the deviation where the mean is not asked for. */
export function nameMean(to: NodeRewriting): void {
  const [output, mean, deviation = ""] = to.node.outputs as [string, string?, string?];
  if (deviation === "" || mean !== "") return;
  to.itself({ outputs: [output, to.name("mean"), deviation] });
}

const farthest = 2 ** 31 - 1;

/**
 * Backwards the provider always starts at the last element (slice.cc): so what is taken backwards is cut out first. Steps
 * that are no constants are taken for steps ahead. Throws `unsupported-operator` for places that nothing tells.
 */
export function cutBeforeTurning(to: NodeRewriting): void {
  const [data, ...parameters] = to.node.inputs as [string, ...string[]];
  const [starts, ends, listed, steps] = Array.from({ length: 4 }, (_, i) => {
    const constant = to.around.constantOf(parameters[i] ?? "");
    return constant && toNumbers(constant);
  });
  const isBack = steps?.map((step) => step < 0) ?? [];
  const startsLast = (start: number, i: number) => !isBack[i] || start === -1 || start >= farthest;
  if (!isBack.includes(true) || starts?.every(startsLast)) return;
  const axes = parameters[2] ? listed : steps!.map((_, i) => i);
  const sizes = to.sizesOf(0);
  if (!starts || !ends || !axes || !sizes)
    throw refusal(to, "the places and the input's size of a Slice backwards have to be known");
  const sizeOf = (i: number) => sizes.at(axes[i]!)!;
  const placeOf = (place: number, i: number, least: number) =>
    Math.min(Math.max(place < 0 ? place + sizeOf(i) : place, least), sizeOf(i) - 1);
  const parts = steps!.map((step, i) =>
    step < 0
      ? [placeOf(ends[i]!, i, -1) + 1, placeOf(starts[i]!, i, 0) + 1, 1, -1, -farthest, step]
      : [starts[i]!, ends[i]!, step, 0, farthest, 1],
  );
  const column = (at: number) => to.ints(parts.map((part) => part[at]!));
  const along = to.ints(axes);
  const cut = to.op("Slice", [data, column(0), column(1), along, column(2)]);
  to.itself({ inputs: [cut, column(3), column(4), along, column(5)] });
}

/** Reductions over no axis, which the provider leaves out with what they do to each number. */
export function reduceNothing(to: NodeRewriting): void {
  const { operator, inputs, outputs } = to.node;
  const [data, axes = ""] = inputs as [string, string?];
  if (new AttributeReader(to.node).int("noop_with_empty_axes", 0) !== 1) return;
  const listed = axes === "" ? 0 : (to.around.constantOf(axes)?.data.length ?? to.sizesOf(1)?.[0]);
  if (listed !== 0) return;
  if (operator === "ReduceSumSquare") to.op("Mul", [data, data], {}, outputs[0]);
  else to.op(operator === "ReduceLogSum" ? "Log" : "Abs", [data], {}, outputs[0]);
}

/** Linear and cubic scaling over the channels' axis. Throws `unsupported-operator`. */
export function refuseScaledChannels(to: NodeRewriting): void {
  const mode = new AttributeReader(to.node).string("mode", "nearest");
  const [was, is] = [to.sizesOf(0), to.around.dimsOf(to.node.outputs[0]!)];
  if (mode === "nearest" || was?.length !== 4 || !is || was[1] === is[1]) return;
  throw refusal(to, `a ${mode} Resize has to leave axis 1 as it is`);
}

/** Sums over sizes of 1 beside other ones, of which the provider reads beyond the end. Throws `unsupported-operator`. */
export function refuseWidenedSums(to: NodeRewriting): void {
  const all = to.node.inputs.map((_, i) => to.sizesOf(i));
  if (!all.every((dims) => dims !== undefined)) return;
  const equation = new AttributeReader(to.node).string("equation");
  const { operands } = einsumTerms(
    equation,
    all.map((dims) => dims.length),
  );
  const sizes = new Map<string, number>();
  for (const [i, term] of operands.entries()) {
    for (const [axis, letter] of Array.from(term).entries()) {
      const size = all[i]![axis]!;
      if (size === (sizes.get(letter) ?? size)) sizes.set(letter, size);
      else throw refusal(to, "an Einsum has to have one size for each letter");
    }
  }
}

function refusal({ node }: NodeRewriting, must: string): LimpidError {
  return new LimpidError(
    "unsupported-operator",
    `onnxruntime: on WebGPU ${must}, got "${node.name}", which it would compute wrongly. use "wasm" or "cpu".`,
  );
}
