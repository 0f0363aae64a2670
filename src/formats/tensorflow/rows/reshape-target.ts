/** @file What a Reshape is asked for where sizes are left open: 0 for an axis that stays, -1 for one that follows. */
import { elementCount, formatShape } from "../../../graph/tensor.ts";
import type { Operation } from "../operation.ts";

/**
 * The target for the graph, from the sizes of the value and of the target at each of several sizes of open axes. Throws
 * `bad-file` where more than one open axis would have to follow.
 */
export function targetOf(
  o: Operation,
  sizes: readonly (readonly number[])[],
  asked: readonly (readonly number[])[],
): readonly number[] {
  const [usual = []] = asked;
  if (usual.some((dim) => !Number.isInteger(dim) || dim < -1)) {
    throw o.refused(`must have whole sizes, got ${formatShape(usual)}`);
  }
  if (usual.filter((dim) => dim === -1).length > 1) throw o.refused("must leave one size open");
  const goals = asked.map((dims, size) => resolved(dims, sizes[size]!));
  const target = usual.map((dim, axis) => {
    if (dim === 0 && sizes[0]![axis] !== 0) throw o.refused("must keep numbers, got a size of 0");
    const [goal] = goals.map((dims) => dims[axis]!);
    if (goals.every((dims) => dims[axis] === goal)) return goal;
    return goals.every((dims, size) => dims[axis] === sizes[size]![axis]) ? 0 : undefined;
  });
  if (target.filter((dim) => dim === undefined).length > 1) {
    throw o.refused(
      "must have one size that follows from the others, got several that the model leaves open",
      "export it at a fixed input size",
    );
  }
  const whole = target.map((dim) => dim ?? -1);
  requireFits(o, sizes[0]!, whole);
  return whole;
}

/** The size that -1 stands for, in its place. */
function resolved(dims: readonly number[], from: readonly number[]): readonly number[] {
  const known = elementCount(dims.filter((dim) => dim !== -1));
  return dims.map((dim) => (dim === -1 ? elementCount(from) / known : dim));
}

function requireFits(o: Operation, dims: readonly number[], target: readonly number[]): void {
  const count = elementCount(dims);
  const told = target.map((dim, axis) => (dim === 0 ? dims[axis]! : dim));
  const known = elementCount(told.filter((dim) => dim !== -1));
  const fits = target.includes(-1) ? Number.isInteger(count / known) : count === known;
  if (fits) return;
  throw o.refused(`must keep all numbers, got ${formatShape(dims)} as ${formatShape(target)}`);
}
