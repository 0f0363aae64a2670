/** @file The gradient of Einsum: Einsum again, with the output in the place of the operand. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { einsumTerms } from "../../graph/einsum.ts";
import type { GradientRule, RuleTable } from "../rule.ts";

/** An operand with the letters of its axes. */
interface Operand {
  readonly term: string;
  readonly value: Value;
}

/**
 * y = einsum(a, b, ...); da = einsum(dy, b, ...) over a's indices. What only a had was summed out, so its
 * gradient is spread there; where a repeats an index its gradient lies on the diagonal.
 */
const einsumGradient: GradientRule = (n, b) => {
  const values = n.node.inputs.map((_, i) => n.in(i));
  const ranks = values.map((value) => value.dims.length);
  const { operands, output } = einsumTerms(n.string("equation"), ranks);
  const all = operands.map((term, i): Operand => ({ term, value: values[i]! }));
  return all.map((operand, i) => {
    if (!n.needs(i)) return null;
    return operandGradient(b, operand, all.with(i, { term: output, value: n.grad(0) }));
  });
};

function operandGradient(b: GraphBuilder, operand: Operand, sources: readonly Operand[]): Value {
  const letters = Array.from(operand.term);
  const present = new Set(sources.flatMap((source) => Array.from(source.term)));
  const kept = Array.from(new Set(letters)).filter((letter) => present.has(letter));
  const equation = `${sources.map((source) => source.term).join(",")}->${kept.join("")}`;
  const found = b.op(
    "Einsum",
    sources.map((source) => source.value),
    { equation },
  );
  const dims = letters.map((letter, axis) => {
    const first = letters.indexOf(letter) === axis;
    return first && present.has(letter) ? found.dims[kept.indexOf(letter)]! : 1;
  });
  const placed = onDiagonal(b, b.reshape(found, dims), operand);
  return b.expand(
    placed,
    placed.dims.map((size, axis) => Math.max(size, operand.value.dims[axis]!)),
  );
}

/** The gradient times one where all places of every repeated index agree, else zero. */
function onDiagonal(b: GraphBuilder, gradient: Value, { term, value }: Operand): Value {
  const letters = Array.from(term);
  let placed = gradient;
  for (const letter of new Set(letters)) {
    const axes = letters.flatMap((other, axis) => (other === letter ? [axis] : []));
    if (axes.length === 1) continue;
    const size = value.dims[axes[0]!]!;
    const apart = Array.from({ length: axes.length }, (_, k) => size ** k).reduce((a, c) => a + c);
    const mask = new Float32Array(size ** axes.length);
    for (let place = 0; place < size; place++) mask[place * apart] = 1;
    const dims = letters.map((other) => (other === letter ? size : 1));
    placed = b.mul(placed, b.cast(b.constant(mask, dims), value.type));
  }
  return placed;
}

export const einsum = {
  // y = einsum(a, b, ...); da = einsum(dy, b, ...) over the indices of a, and so on
  Einsum: einsumGradient,
} satisfies RuleTable;
