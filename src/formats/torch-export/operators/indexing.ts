/** @file PyTorch's look-ups by index. */
import type { Value } from "../../../graph/builder.ts";
import { largest } from "../../../statistics.ts";
import type { Rule, RuleTable } from "../call.ts";

/** Entries of an axis by a list of indices. */
const indexSelected: Rule = (c) => {
  const x = c.tensor("self");
  return c.op("Gather", [x, c.tensor("index")], { axis: c.axis("dim", x.dims.length) });
};

const embedding: Rule = (c) =>
  c.op("Gather", [c.tensor("weight"), c.tensor("indices")], { axis: 0 });

const gathered: Rule = (c) => {
  const x = c.tensor("self");
  return c.op("GatherElements", [x, c.tensor("index")], { axis: c.axis("dim", x.dims.length) });
};

/** `self[i, j, ...]` by tensors of indices, which stand at neighbouring axes. */
const indexed: Rule = (c) => {
  const x = c.tensor("self");
  const given = c.tensors("indices");
  const axes = given.flatMap((value, axis) => (value ? [axis] : []));
  const indices = axes.map((axis) => given[axis]!);
  if (indices.some(({ type }) => type !== "int64" && type !== "int32")) {
    return c.refuse("indices must be whole numbers", indices.map(({ type }) => type).join());
  }
  const first = axes[0] ?? c.refuse("indices must be given", "none");
  if (axes.length === 1) return c.op("Gather", [x, indices[0]!], { axis: first });
  if (axes.some((axis, i) => axis !== first + i)) {
    return c.refuse("indices must stand at neighbouring axes", axes.join());
  }
  return tuplesAt(x, indices, first);

  function tuplesAt(value: Value, all: readonly Value[], start: number): Value {
    const dims = largestDims(all);
    const columns = all.map((each) =>
      c.op("Unsqueeze", [c.b.expand(c.b.cast(each, "int64"), dims), c.b.ints([-1])]),
    );
    const tuples = c.b.concat(columns, dims.length);
    const rank = value.dims.length;
    const chosen = all.map((_, i) => start + i);
    const rest = value.dims.map((_, axis) => axis).filter((axis) => !chosen.includes(axis));
    const found = c.op("GatherND", [c.b.transpose(value, [...chosen, ...rest]), tuples]);
    // The found axes come first, and belong behind those before `start`.
    const count = dims.length;
    const order = [
      ...Array.from({ length: start }, (_, i) => count + i),
      ...Array.from({ length: count }, (_, i) => i),
      ...Array.from({ length: rank - all.length - start }, (_, i) => count + start + i),
    ];
    return c.b.transpose(found, order);
  }
};

/** The shape that all can be repeated to. */
function largestDims(values: readonly Value[]): readonly number[] {
  const rank = largest(values.map(({ dims }) => dims.length));
  return Array.from({ length: rank }, (_, axis) =>
    largest(values.map(({ dims }) => dims[axis - rank + dims.length] ?? 1)),
  );
}

export const indexing: RuleTable = {
  index_select: indexSelected,
  embedding,
  gather: gathered,
  index: indexed,
};
