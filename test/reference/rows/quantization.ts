/** @file What is checked of linear quantisation. */
import type { ElementType } from "../../../src/graph/tensor.ts";
import { at, axisOf, generate, integerRange, type NdArray } from "../ndarray.ts";
import type { OperatorInputs } from "../operator.ts";
import type { ForwardRows, GradientRow, GradientRows, InputSpec, Row } from "../row.ts";

/** Scales are large beside the step of the central differences. */
const x: InputSpec = { dims: [2, 3, 4], low: -30000, high: 30000 };
const one = (value: number): InputSpec => ({ dims: [], values: [value] });
const fixed = (spec: InputSpec): InputSpec => ({ ...spec, constant: true });
const zeroPoint = (type: ElementType, ...values: number[]): InputSpec => ({
  dims: values.length === 1 ? [] : [values.length],
  type,
  values,
});

/** The parameter of each element, where there is one for all, one a slice or one a block of an axis. */
function parameter(array: NdArray, value: NdArray, row: Row) {
  const { axis = 1, block_size: block } = row.attributes ?? {};
  const along = axisOf(axis as number, value.dims.length);
  return (position: readonly number[]): number => {
    if (array.data.length === 1) return array.data[0]!;
    if (block === undefined) return array.data[position[along]!]!;
    return at(array, position.with(along, Math.floor(position[along]! / (block as number))));
  };
}

/** What straight-through quantisation is the derivative of: x / scale, cut to the levels that there are. */
function unrounded(inputs: OperatorInputs, type: ElementType, row: Row): NdArray {
  const [value, scale, zero] = inputs;
  const [low, high] = integerRange(type);
  const scaleAt = parameter(scale!, value!, row);
  const zeroAt = zero ? parameter(zero, value!, row) : () => 0;
  return generate("float32", value!.dims, (position) => {
    const level = at(value!, position) / scaleAt(position) + zeroAt(position);
    return Math.min(Math.max(level, low), high);
  });
}

/** The levels are looked at as floats. */
function quantizing(type: ElementType, row: Row): GradientRow {
  return {
    ...row,
    followedBy: (b, [levels]) => [b.cast(levels!, "float32")],
    surrogate: (inputs) => [unrounded(inputs, type, row)],
  };
}

/** Quantised and dequantised with the same constant parameters: x, cut to the range of levels. */
function roundTrip(type: ElementType, row: Row): GradientRow {
  return {
    ...row,
    note: "and back",
    followedBy: (b, [levels]) => {
      const parameters = row.inputs.slice(1).map((_, i) => b.value(`in${i + 1}`));
      return [b.op("DequantizeLinear", [levels!, ...parameters], row.attributes)];
    },
    surrogate: (inputs) => {
      const [value, scale, zero] = inputs;
      const level = unrounded(inputs, type, row);
      const scaleAt = parameter(scale!, value!, row);
      const zeroAt = zero ? parameter(zero, value!, row) : () => 0;
      return [
        generate("float32", value!.dims, (position) => {
          return (at(level, position) - zeroAt(position)) * scaleAt(position);
        }),
      ];
    },
  };
}

const perChannel: Row = {
  inputs: [x, { dims: [3], values: [130, 200, 500] }, zeroPoint("int8", 3, -100, 0)],
};
const perRow: Row = {
  inputs: [x, { dims: [4], values: [130, 200, 500, 100] }, zeroPoint("uint8", 128, 0, 60, 200)],
  attributes: { axis: -1 },
};
const perBlock: Row = {
  inputs: [
    { dims: [2, 5], low: -30000, high: 30000 },
    { dims: [2, 3], values: [130, 200, 500, 100, 300, 200] },
    { dims: [2, 3], type: "int8", low: -60, high: 60 },
  ],
  attributes: { axis: 1, block_size: 2 },
  note: "blocks of two, the last one cut",
};

function withConstants(row: Row): Row {
  const [value, ...parameters] = row.inputs;
  return { ...row, inputs: [value!, ...parameters.map((p) => fixed(p as InputSpec))] };
}

const levels = (dims: readonly number[], type: ElementType): InputSpec => ({
  dims,
  type,
  low: type === "uint8" ? 0 : -100,
  high: 100,
});

/** A gradient check a row. */
export const gradientRows: GradientRows = {
  DequantizeLinear: [
    { inputs: [levels([2, 3], "int8"), one(200), zeroPoint("int8", 5)] },
    { inputs: [levels([2, 3], "uint8"), one(200)], note: "no zero point" },
    { inputs: [levels([2, 3, 4], "int8"), ...perChannel.inputs.slice(1)] },
    { inputs: [levels([2, 3, 4], "uint8"), ...perRow.inputs.slice(1)], attributes: { axis: -1 } },
    {
      inputs: [levels([2, 5], "int8"), ...perBlock.inputs.slice(1)],
      attributes: { axis: 1, block_size: 2 },
    },
    {
      inputs: [levels([2, 4], "int8"), { dims: [1, 4] }],
      attributes: { axis: 0, block_size: 2 },
      note: "blocks of two, no zero point",
    },
  ],
  QuantizeLinear: [
    quantizing("uint8", { inputs: [x, one(200)], note: "no zero point" }),
    quantizing("int8", { inputs: [x, one(200), zeroPoint("int8", 10)] }),
    quantizing("uint16", { inputs: [x, one(200), zeroPoint("uint16", 100)] }),
    quantizing("int8", perChannel),
    quantizing("uint8", perRow),
    quantizing("int8", perBlock),
    roundTrip("uint8", withConstants({ inputs: [x, one(200)] })),
    roundTrip("int8", withConstants(perChannel)),
    roundTrip("int8", withConstants(perBlock)),
  ],
};

/** Rows of operators that have no gradient, and of other types. */
export const forwardRows: ForwardRows = {
  DequantizeLinear: [{ inputs: [levels([6], "int32"), fixed(one(0.5))], note: "a bias" }],
  DynamicQuantizeLinear: [
    { inputs: [x], outputs: 3 },
    { inputs: [{ dims: [5], low: 1, high: 4 }], outputs: 3, note: "above zero" },
    { inputs: [{ dims: [5], low: -4, high: -1 }], outputs: 3, note: "below zero" },
  ],
  QuantizeLinear: [
    {
      inputs: [
        { dims: [6], values: [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5] },
        one(1),
        zeroPoint("int8", 0),
      ],
      note: "halves",
    },
  ],
};
