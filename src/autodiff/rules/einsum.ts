/** @file The gradient of Einsum: Einsum again, with the output in the place of the operand. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { einsumTerms } from "../../graph/einsum.ts";
import { LimpidError } from "../../errors.ts";
import type { GradientRule } from "../rule.ts";

/**
 * y = einsum(a, b, ...); da = einsum(dy, b, ...) over a's indices. Indices that only a had were summed
 * out, so their gradient is spread. Throws `unsupported-operator` for an operand that repeats an index.
 */
export const einsumGradient: GradientRule = (n, b) => {
  const ranks = n.node.inputs.map((_, i) => n.in(i).dims.length);
  const { operands, output } = einsumTerms(n.string("equation"), ranks);
  if (operands.some((term) => new Set(term).size < term.length)) {
    throw new LimpidError(
      "unsupported-operator",
      `differentiate: Einsum "${n.node.name}" must not repeat an index in one operand, got "${n.string("equation")}". export it as other operators.`,
    );
  }
  return operands.map((term, i) => {
    if (!n.needs(i)) return null;
    const others = operands.map((other, k) => ({ term: other, value: n.in(k) }));
    others[i] = { term: output, value: n.grad(0) };
    return operandGradient(b, n.in(i), term, others);
  });
};

function operandGradient(
  b: GraphBuilder,
  operand: Value,
  term: string,
  sources: readonly { readonly term: string; readonly value: Value }[],
): Value {
  const present = new Set(sources.flatMap((source) => Array.from(source.term)));
  const kept = Array.from(term).filter((letter) => present.has(letter));
  const equation = `${sources.map((source) => source.term).join(",")}->${kept.join("")}`;
  const found = b.op(
    "Einsum",
    sources.map((source) => source.value),
    { equation },
  );
  const letters = Array.from(term);
  const dims = letters.map((letter) =>
    present.has(letter) ? found.dims[kept.indexOf(letter)]! : 1,
  );
  const spread = letters.map((letter, axis) =>
    present.has(letter) ? dims[axis]! : operand.dims[axis]!,
  );
  return b.expand(b.reshape(found, dims), spread);
}
