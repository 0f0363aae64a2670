/** @file What a node makes, as far as it is known before it runs. */
import { LimpidError } from "../../errors.ts";
import { outputTypes } from "../element-types.ts";
import { shapeRuleOf } from "../infer.ts";
import type { InferenceContext } from "../infer/rule.ts";
import { foreign, growing } from "./foreign-shapes.ts";
import { mostNumbers, type Known } from "./known-values.ts";
import { NeedsRun, NotKnown, type SizedNode } from "./sized-node.ts";
import { smallNumbers } from "./small-numbers.ts";
import { elementCount, formatShape, mostAxes } from "../tensor.ts";

/** Operators whose output depends on the shape of their input alone. */
export const shapeOperators: ReadonlySet<string> = new Set(["Shape", "Size"]);

/** Operators that give other numbers at every run. */
export const randomOperators: ReadonlySet<string> = new Set([
  "Bernoulli",
  "Multinomial",
  "RandomNormal",
  "RandomNormalLike",
  "RandomUniform",
  "RandomUniformLike",
]);

/**
 * What is known of each output. Throws `NeedsRun` for a size that only a run tells and that must be known, and `bad-file`
 * where it depends on the numbers in a picture.
 */
export function madeBy(n: SizedNode): readonly Known[] {
  const { node } = n;
  const types = outputTypes(node, (i) => n.known(i)?.type);
  const dims = dimsMade(n);
  const isShape = node.domain === "" && shapeOperators.has(node.operator);
  const varies = !isShape && (randomOperators.has(node.operator) || n.varies);
  const { isFixed } = n;
  return node.outputs.map((_, i) => {
    const [type, own] = [types[i] ?? types[0], dims?.[i]];
    const known = { type, dims: own, varies, byChance: varies && isFixed };
    if (varies || i > 0 || !own || !type || elementCount(own) > mostNumbers) return known;
    return { ...known, numbers: smallNumbers(n, { dims: own, type }) };
  });
}

function dimsMade(n: SizedNode): readonly (readonly number[])[] | undefined {
  const { operator, domain } = n.node;
  if (domain !== "") return undefined;
  const infer = Object.hasOwn(foreign, operator) ? foreign[operator] : shapeRuleOf(operator);
  if (!infer) return undefined;
  try {
    const dims = infer(contextOf(n)).map((value) => value.dims);
    return dims.every((own) => isShape(n, own)) ? dims : undefined;
  } catch (error) {
    // Sizes that do not fit each other are refused by ONNX Runtime in its own words.
    const isOpen = error instanceof NotKnown;
    if (isOpen || (error instanceof LimpidError && error.code === "internal")) return undefined;
    throw error;
  }
}

/** Throws `bad-file` for more axes than a value may have. */
function isShape(n: SizedNode, dims: readonly number[]): boolean {
  if (dims.length > mostAxes) {
    throw n.refusal(`values must have at most ${mostAxes} axes`, `${dims.length}`);
  }
  if (dims.every((size) => Number.isSafeInteger(size) && size >= 0)) return true;
  if (dims.some((size) => size > Number.MAX_SAFE_INTEGER)) {
    throw n.refusal("sizes must be whole numbers that can be counted", formatShape(dims));
  }
  return false;
}

function contextOf(n: SizedNode): InferenceContext {
  const isGrowing = growing.has(n.node.operator);
  /** What is thrown for an input that is not known. */
  const open = (i: number): Error => {
    const name = n.node.inputs[i]!;
    if (!n.known(i)!.varies) return new NeedsRun(name);
    if (!isGrowing) return new NotKnown();
    return n.refusal(
      "what it makes must have a size that does not depend on the numbers in a picture",
      `"${name}"`,
      "fix the size and export the model again",
    );
  };
  return {
    operator: n.node.operator,
    attributes: n.attributes,
    outputCount: n.node.outputs.length,
    inputCount: n.node.inputs.length,
    has: (i) => n.has(i),
    in: (i) => {
      const known = n.known(i);
      if (!known) throw new NotKnown();
      if (known.dims) return { type: known.type ?? "float32", dims: known.dims };
      throw isGrowing ? new NeedsRun(n.node.inputs[i]!) : new NotKnown();
    },
    constant: (i) => {
      if (!n.has(i)) throw new NotKnown();
      const numbers = n.numbers(i);
      if (numbers) return numbers;
      throw open(i);
    },
  };
}
