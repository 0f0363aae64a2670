/** @file The operators of the float64 interpreter that ask for shapes and places, or make values from them. */
import { at, axisOf, filled, fromTensor, generate, ndarray } from "../ndarray.ts";
import { numbers, required, type OperatorTable, type ReferenceOperator } from "../operator.ts";

const range: ReferenceOperator = (inputs) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => numbers(inputs, i)[0]!) as [
    number,
    number,
    number,
  ];
  const count = Math.max(Math.ceil((limit - start) / delta), 0);
  const values = Array.from({ length: count }, (_, i) => start + i * delta);
  return [ndarray(required(inputs, 0).type, [count], values)];
};

const oneHot: ReferenceOperator = (inputs, attributes) => {
  const indices = required(inputs, 0);
  const depth = numbers(inputs, 1)[0]!;
  const [off, on] = numbers(inputs, 2) as [number, number];
  const axis = axisOf(attributes.int("axis", -1), indices.dims.length + 1);
  return [
    generate(required(inputs, 2).type, indices.dims.toSpliced(axis, 0, depth), (position) => {
      const index = at(indices, position.toSpliced(axis, 1));
      return (index < 0 ? index + depth : index) === position[axis] ? on : off;
    }),
  ];
};

const nonZero: ReferenceOperator = (inputs) => {
  const x = required(inputs, 0);
  const found: number[][] = [];
  generate(x.type, x.dims, (position) => {
    if (at(x, position) !== 0) found.push([...position]);
    return 0;
  });
  return [generate("int64", [x.dims.length, found.length], ([axis, i]) => found[i!]![axis!]!)];
};

const unique: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const seen = Array.from(new Set(x.data));
  const values = attributes.int("sorted", 1) === 1 ? seen.sort((a, b) => a - b) : seen;
  const all = Array.from(x.data);
  return [
    ndarray(x.type, [values.length], values),
    ndarray(
      "int64",
      [values.length],
      values.map((value) => all.indexOf(value)),
    ),
    ndarray(
      "int64",
      [all.length],
      all.map((value) => values.indexOf(value)),
    ),
    ndarray(
      "int64",
      [values.length],
      values.map((value) => all.filter((other) => other === value).length),
    ),
  ];
};

export const filling: OperatorTable = {
  ConstantOfShape: (inputs, attributes) => {
    const value = attributes.has("value")
      ? fromTensor(attributes.tensor("value"))
      : filled("float32", [1], 0);
    return [filled(value.type, numbers(inputs, 0), value.data[0]!)];
  },
  EyeLike: (inputs, attributes) => {
    const x = required(inputs, 0);
    const k = attributes.int("k", 0);
    return [generate(x.type, x.dims, ([row, column]) => (column! - row! === k ? 1 : 0))];
  },
  NonZero: nonZero,
  OneHot: oneHot,
  Range: range,
  Shape: (inputs, attributes) => {
    const { dims } = required(inputs, 0);
    const kept = dims.slice(attributes.int("start", 0), attributes.int("end", dims.length));
    return [ndarray("int64", [kept.length], kept)];
  },
  Size: (inputs) => [ndarray("int64", [], [required(inputs, 0).data.length])],
  Unique: unique,
};
