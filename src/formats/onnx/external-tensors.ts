/** @file Which tensors of a model lie in files beside it, and what each says of its place. */
import { badFile } from "./bad-file.ts";
import type { AttributeProto, GraphProto, NodeProto, TensorProto } from "./messages.ts";
import type { ModelWithGraph } from "./parse.ts";
import type { RawBytes } from "./weight-bytes.ts";

/** Gives what a tensor names. Throws `bad-file`. */
export type ExternalData = (proto: TensorProto) => RawBytes;

/** What ONNX calls the place of data that is not in the model. */
export const externalLocation = 1;

/** Those of a model that lie in files. */
export function externalTensors(model: ModelWithGraph): readonly TensorProto[] {
  return tensorsOf(model).filter(({ dataLocation }) => dataLocation === externalLocation);
}

/** What a tensor says of its place. Throws `bad-file` where it names no file. */
export function externalEntries(proto: TensorProto): {
  readonly location: string;
  readonly offset: string | undefined;
  readonly length: string | undefined;
} {
  const entries = new Map(proto.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get("location");
  if (location === undefined || location === "") {
    throw badFile(`tensor "${proto.name}" must name its data file, got none`);
  }
  return {
    location,
    offset: entries.get("offset"),
    length: entries.get("length"),
  };
}

/** Of a tensor whose file is not there. */
export function withoutFile(proto: TensorProto): Error {
  return badFile(
    `tensor "${proto.name}" must find its data file "${externalEntries(proto).location}", got none`,
    "give the data file with the model",
  );
}

/** Every tensor of a model, those of its functions and of graphs inside it too. */
function tensorsOf({ graph, functions }: ModelWithGraph): TensorProto[] {
  return [...tensorsOfGraph(graph), ...functions.flatMap(({ node }) => tensorsOfNodes(node))];
}

function tensorsOfGraph(graph: GraphProto): TensorProto[] {
  const sparse = graph.sparseInitializer.flatMap(({ values, indices }) => [values, indices]);
  return [
    ...graph.initializer,
    ...sparse.filter((proto) => proto !== undefined),
    ...tensorsOfNodes(graph.node),
  ];
}

function tensorsOfNodes(nodes: readonly NodeProto[]): TensorProto[] {
  return nodes.flatMap(({ attribute }) => attribute.flatMap(tensorsOfAttribute));
}

function tensorsOfAttribute({ t, g, sparseTensor }: AttributeProto): TensorProto[] {
  const own = [t, sparseTensor?.values, sparseTensor?.indices];
  return [...own.filter((proto) => proto !== undefined), ...(g ? tensorsOfGraph(g) : [])];
}
