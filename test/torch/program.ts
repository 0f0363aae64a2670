/** @file Exported programs as torch.export writes them (torch/_export/serde/schema.py), for tests. */
import type { Tensor } from "../../src/graph/tensor.ts";

/** torch/_export/serde/schema.py: ScalarType. */
export const scalarCodes: Readonly<Record<string, number>> = {
  uint8: 1,
  int8: 2,
  int16: 3,
  int32: 4,
  int64: 5,
  float16: 6,
  float32: 7,
  float64: 8,
  bool: 12,
  bfloat16: 13,
};

/** A size: a number, or the name of an open one with its number in the example. */
export type WrittenSize = number | { readonly name: string; readonly hint: number };

export interface WrittenValue {
  readonly type: string;
  readonly sizes: readonly WrittenSize[];
}

export type WrittenArgument = Readonly<Record<string, unknown>>;

interface WrittenNode {
  readonly target: string;
  readonly inputs: readonly (readonly [name: string, argument: WrittenArgument])[];
  readonly outputs: readonly WrittenArgument[];
  /** The path of the module, "" for the network's own. */
  readonly module?: string;
}

/** A program; weights are named by the tensor in the graph. */
export interface WrittenProgram {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly weights: Readonly<
    Record<string, { readonly name: string; readonly kind: WeightKind; readonly tensor: Tensor }>
  >;
  readonly nodes: readonly WrittenNode[];
  readonly values: Readonly<Record<string, WrittenValue>>;
  readonly sizes?: Readonly<Record<string, WrittenSize>>;
}

export type WeightKind = "parameter" | "buffer" | "tensor_constant";

export function tensorArgument(name: string): WrittenArgument {
  return { as_tensor: { name } };
}

/** The JSON of a program. */
export function programJson(program: WrittenProgram): unknown {
  const weights = Object.entries(program.weights);
  const described = weights.map(([name, { tensor }]): [string, WrittenValue] => [
    name,
    { type: tensor.type, sizes: tensor.dims },
  ]);
  const values = Object.fromEntries([...Object.entries(program.values), ...described]);
  return {
    graph_module: {
      graph: {
        inputs: [...weights.map(([name]) => name), ...program.inputs].map(tensorArgument),
        outputs: program.outputs.map(tensorArgument),
        nodes: program.nodes.map(nodeJson),
        tensor_values: mapped(values, tensorMeta),
        sym_int_values: mapped(program.sizes ?? {}, sizeJson),
        sym_bool_values: {},
        is_single_tensor_return: false,
        custom_obj_values: {},
      },
      signature: {
        input_specs: [
          ...weights.map(([name, weight]) => weightSpec(name, weight)),
          ...program.inputs.map((name) => ({ user_input: { arg: tensorArgument(name) } })),
        ],
        output_specs: program.outputs.map((name) => ({
          user_output: { arg: tensorArgument(name) },
        })),
      },
      module_call_graph: [],
      metadata: {},
    },
    opset_version: { aten: 10 },
    range_constraints: {},
    schema_version: { major: 8, minor: 8 },
    torch_version: "2.8.0",
  };
}

function nodeJson({ target, inputs, outputs, module = "" }: WrittenNode) {
  const stack = [
    ["L__self__", "", "Net"],
    ...(module === "" ? [] : [[`L__self___${module}`, module, "torch.nn.modules.module.Module"]]),
  ];
  return {
    target,
    inputs: inputs.map(([name, arg]) => ({ name, arg, kind: 1 })),
    outputs,
    metadata: {
      stack_trace: '  File "net.py", line 1, in forward',
      nn_module_stack: stack.map((each) => each.join()).join(";"),
    },
    is_hop_single_tensor_return: null,
  };
}

function weightSpec(name: string, { name: own, kind }: { name: string; kind: WeightKind }) {
  const arg = { name };
  if (kind === "parameter") return { parameter: { arg, parameter_name: own } };
  if (kind === "buffer") return { buffer: { arg, buffer_name: own, persistent: true } };
  return { tensor_constant: { arg, tensor_constant_name: own } };
}

function sizeJson(size: WrittenSize) {
  if (typeof size === "number") return { as_int: size };
  const text = `Symbol('${size.name}', positive=True, integer=True)`;
  return { as_expr: { expr_str: text, hint: { as_int: size.hint } } };
}

/** The meta of a contiguous tensor. */
export function tensorMeta({ type, sizes }: WrittenValue) {
  const numbers = sizes.map((size) => (typeof size === "number" ? size : size.hint));
  const strides = numbers.map((_, axis) =>
    numbers.slice(axis + 1).reduce((product, size) => product * size, 1),
  );
  return {
    dtype: scalarCodes[type],
    sizes: sizes.map(sizeJson),
    requires_grad: false,
    device: { type: "cpu", index: null },
    strides: strides.map((stride) => ({ as_int: stride })),
    storage_offset: { as_int: 0 },
    layout: 7,
  };
}

function mapped<T, U>(values: Readonly<Record<string, T>>, change: (value: T) => U) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
