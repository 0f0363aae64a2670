/** @file The JSON of an exported program (torch/_export/serde/schema.py, schema 5 to 8), as far as it is read. */
import * as v from "valibot";
import { byName } from "../../wording/record-schema.ts";

/** A size: a whole number, or an expression with its number in the example. */
const size = v.looseObject({
  as_int: v.optional(v.number()),
  as_expr: v.optional(
    v.looseObject({
      expr_str: v.string(),
      hint: v.nullish(v.looseObject({ as_int: v.optional(v.number()) })),
    }),
  ),
});

const tensorMeta = v.looseObject({
  dtype: v.number(),
  sizes: v.array(size),
  strides: v.optional(v.array(size), []),
  storage_offset: v.optional(size, { as_int: 0 }),
});

/** One entry, which says its kind: `{as_tensor: {name}}`. */
const argument = v.record(v.string(), v.unknown());

const node = v.looseObject({
  target: v.string(),
  inputs: v.array(v.looseObject({ name: v.string(), arg: argument })),
  outputs: v.array(argument),
  metadata: v.optional(byName(v.unknown()), {}),
});

const named = v.looseObject({ name: v.string() });

const inputSpec = v.looseObject({
  user_input: v.optional(v.looseObject({ arg: argument })),
  parameter: v.optional(v.looseObject({ arg: named, parameter_name: v.string() })),
  buffer: v.optional(
    v.looseObject({
      arg: named,
      buffer_name: v.string(),
      persistent: v.optional(v.boolean(), true),
    }),
  ),
  tensor_constant: v.optional(v.looseObject({ arg: named, tensor_constant_name: v.string() })),
});

const outputSpec = v.looseObject({
  user_output: v.optional(v.looseObject({ arg: argument })),
  loss_output: v.optional(v.looseObject({ arg: named })),
});

export const programSchema = v.looseObject({
  graph_module: v.looseObject({
    graph: v.looseObject({
      nodes: v.array(node),
      tensor_values: byName(tensorMeta),
      sym_int_values: v.optional(byName(size), {}),
    }),
    signature: v.looseObject({
      input_specs: v.array(inputSpec),
      output_specs: v.array(outputSpec),
    }),
  }),
  schema_version: v.optional(v.looseObject({ major: v.number(), minor: v.number() })),
});

export const payloadSchema = v.looseObject({
  config: byName(
    v.looseObject({
      path_name: v.string(),
      use_pickle: v.optional(v.boolean(), false),
      tensor_meta: v.nullish(tensorMeta),
    }),
  ),
});

export type ExportedProgram = v.InferOutput<typeof programSchema>;
export type ExportedNode = v.InferOutput<typeof node>;
export type Argument = v.InferOutput<typeof argument>;
export type ExportedSize = v.InferOutput<typeof size>;
export type TensorMeta = v.InferOutput<typeof tensorMeta>;
