/** @file The operators of the float64 interpreter that pad or crop. */
import { at, axisOf, generate } from "../ndarray.ts";
import { numbers, required, type OperatorTable, type ReferenceOperator } from "../operator.ts";

/** The place that a padded place reads, or undefined for one outside a constant pad. */
function padSource(mode: string, place: number, size: number): number | undefined {
  if (place >= 0 && place < size) return place;
  if (mode === "constant") return undefined;
  if (mode === "edge") return place < 0 ? 0 : size - 1;
  if (mode === "wrap") return ((place % size) + size) % size;
  let folded = place;
  while (folded < 0 || folded >= size) folded = folded < 0 ? -folded : 2 * (size - 1) - folded;
  return folded;
}

const pad: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const pads = numbers(inputs, 1);
  const value = numbers(inputs, 2, [0])[0] ?? 0;
  const axes = numbers(
    inputs,
    3,
    x.dims.map((_, axis) => axis),
  ).map((axis) => axisOf(axis, x.dims.length));
  const mode = attributes.string("mode", "constant");
  const begin = x.dims.map((_, axis) => pads[axes.indexOf(axis)] ?? 0);
  const dims = x.dims.map((size, axis) => {
    const i = axes.indexOf(axis);
    return i < 0 ? size : size + pads[i]! + pads[i + axes.length]!;
  });
  return [
    generate(x.type, dims, (position) => {
      const source = position.map((place, axis) =>
        padSource(mode, place - begin[axis]!, x.dims[axis]!),
      );
      return source.includes(undefined) ? value : at(x, source as number[]);
    }),
  ];
};

const centerCropPad: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const all = x.dims.map((_, axis) => axis);
  const axes = attributes.ints("axes", all).map((axis) => axisOf(axis, x.dims.length));
  const asked = numbers(inputs, 1);
  const dims = x.dims.map((size, axis) => asked[axes.indexOf(axis)] ?? size);
  return [
    generate(x.type, dims, (position) => {
      const source = position.map((place, axis) => {
        const added = dims[axis]! - x.dims[axis]!;
        return place - Math.trunc(added / 2);
      });
      const inside = source.every((place, axis) => place >= 0 && place < x.dims[axis]!);
      return inside ? at(x, source) : 0;
    }),
  ];
};

export const padding: OperatorTable = { CenterCropPad: centerCropPad, Pad: pad };
