/** @file The graph of an ONNX file, with the functions it calls written out and Constant nodes made initializers. */
import { elementTypeOf } from "../../graph/element-types.ts";
import { withoutTrailingGaps } from "../../graph/gaps.ts";
import type { Attribute, Graph, Node, ValueInfo } from "../../graph/graph.ts";
import type { OpsetVersions } from "../../graph/normalize.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { constantTensor, readAttribute } from "./attributes.ts";
import { badFile } from "./bad-file.ts";
import { domainOf, FunctionTable, versionsOf } from "./functions.ts";
import type {
  AttributeProto,
  FunctionProto,
  GraphProto,
  NodeProto,
  ValueInfoProto,
} from "./messages.ts";
import type { ModelWithGraph } from "./parse.ts";
import { ReadingBudget } from "./reading-budget.ts";
import { callScope, modelScope, UniqueNames, type BoundAttribute, type Scope } from "./scope.ts";
import type { TensorReader } from "./tensors.ts";

/** A graph as the file has it, its nodes still of the opsets that they were written in. */
export interface ReadGraph {
  readonly graph: Graph;
  readonly versions: OpsetVersions;
  /** The versions of nodes that a function brought. */
  readonly versionsOf: (node: Node) => OpsetVersions | undefined;
}

/** Reads the graph of a model. Throws `bad-file`. */
export function readModelGraph(model: ModelWithGraph, tensors: TensorReader): ReadGraph {
  const versions = versionsOf(model.opsetImport);
  const reader = new GraphReader(model, tensors);
  const graph = reader.readGraph(model.graph, modelScope(versions));
  const metadata = new Map(model.metadataProps.map(({ key, value }) => [key, value]));
  return {
    graph: { ...graph, metadata },
    versions,
    versionsOf: (node) => reader.versionsOf.get(node.name),
  };
}

/** What is collected while the nodes of one graph are read. */
interface Sheet {
  readonly nodes: Node[];
  readonly initializers: Map<string, Tensor>;
}

class GraphReader {
  /** By the name of the node, which no other node of the file has. */
  readonly versionsOf = new Map<string, OpsetVersions>();
  readonly #tensors: TensorReader;
  readonly #functions: FunctionTable;
  readonly #nodeNames = new UniqueNames([]);
  readonly #valueNames: UniqueNames;
  readonly #budget = new ReadingBudget();

  constructor(model: ModelWithGraph, tensors: TensorReader) {
    this.#tensors = tensors;
    this.#functions = new FunctionTable(model.functions);
    this.#valueNames = new UniqueNames(valueNames(model.graph));
  }

  readGraph(proto: GraphProto, scope: Scope): Graph {
    return this.#budget.inside(proto, () => this.#readGraph(proto, scope));
  }

  #readGraph(proto: GraphProto, scope: Scope): Graph {
    const sheet: Sheet = { nodes: [], initializers: new Map() };
    for (const stored of proto.initializer) {
      setInitializer(sheet, scope.valueName(stored.name), this.#tensors.read(stored));
    }
    for (const stored of proto.sparseInitializer) {
      const name = scope.valueName(stored.values?.name ?? "");
      setInitializer(sheet, name, this.#tensors.readSparse(stored));
    }
    this.#readNodes(proto.node, scope, sheet);
    const inputs = proto.input.map((info) => readValueInfo(info, scope));
    return {
      name: proto.name,
      // Files of old name their weights among the inputs too.
      inputs: inputs.filter((input) => !sheet.initializers.has(input.name)),
      outputs: proto.output.map((info) => readValueInfo(info, scope)),
      nodes: sheet.nodes,
      initializers: sheet.initializers,
      shapes: new Map(),
      metadata: new Map(),
    };
  }

  #readNodes(protos: readonly NodeProto[], scope: Scope, sheet: Sheet): void {
    for (const [i, proto] of protos.entries()) {
      const name = this.#nodeNames.make(scope.nodeName(proto.name || `${proto.opType}_${i}`));
      this.#budget.take(proto, name, scope.calls.length);
      const body = this.#functions.of(proto, scope.calls);
      if (body) this.#writeOut(body, proto, name, scope, sheet);
      else if (isConstant(proto)) this.#readConstant(proto, scope, sheet);
      else this.#readNode(proto, name, scope, sheet);
    }
  }

  #readNode(proto: NodeProto, name: string, scope: Scope, sheet: Sheet): void {
    const node: Node = {
      name,
      operator: proto.opType,
      domain: domainOf(proto.domain),
      inputs: withoutTrailingGaps(proto.input.map(scope.valueName)),
      outputs: proto.output.map(scope.valueName),
      attributes: this.#readAttributes(proto, scope),
    };
    this.#refuseNarrowQuantization(node, sheet);
    if (scope.calls.length > 0) this.versionsOf.set(name, scope.versions);
    sheet.nodes.push(node);
  }

  #readAttributes(proto: NodeProto, scope: Scope): Readonly<Record<string, Attribute>> {
    const attributes = boundAttributes(proto, scope).map(([name, bound]) => [
      name,
      readAttribute(bound.proto, this.#tensors, (graph) => this.readGraph(graph, bound.scope)),
    ]);
    return Object.fromEntries(attributes) as Record<string, Attribute>;
  }

  #readConstant(proto: NodeProto, scope: Scope, sheet: Sheet): void {
    const [bound, ...others] = boundAttributes(proto, scope);
    const output = scope.valueName(proto.output[0] ?? "");
    if (!bound || others.length > 0) {
      throw badFile(
        `Constant "${output}" must have one value, got ${others.length + (bound ? 1 : 0)}`,
      );
    }
    setInitializer(sheet, output, constantTensor(bound[1].proto, this.#tensors));
  }

  /** Reads the nodes of a function in the place of the node that calls it. */
  #writeOut(body: FunctionProto, call: NodeProto, name: string, scope: Scope, sheet: Sheet): void {
    const inputs = body.input.map((formal, i): [string, string] => [
      formal,
      scope.valueName(call.input[i] ?? ""),
    ]);
    const given = new Map(inputs);
    const passed: [string, string][] = [];
    for (const [i, formal] of body.output.entries()) {
      const actual = scope.valueName(call.output[i] ?? "");
      if (actual === "") continue;
      // What is an input or another output already cannot take a second name.
      if (given.has(formal)) passed.push([formal, actual]);
      else given.set(formal, actual);
    }
    const bound = {
      values: given,
      attributes: new Map(boundAttributes(call, scope)),
      versions: versionsOf(body.opsetImport),
      calls: scope.calls,
    };
    const inner = callScope(name, body, bound, this.#valueNames);
    this.#readNodes(body.node, inner, sheet);
    for (const [formal, output] of passed) {
      sheet.nodes.push({
        name: this.#nodeNames.make(`${name}/${formal}`),
        operator: "Identity",
        domain: "",
        inputs: [inner.valueName(formal)],
        outputs: [output],
        attributes: {},
      });
    }
  }

  /** Four-bit numbers fill bytes here, which is the same to read; written, they would not saturate any more. */
  #refuseNarrowQuantization(node: Node, sheet: Sheet): void {
    const zeroPoint = sheet.initializers.get(node.inputs[2] ?? "");
    if (node.operator !== "QuantizeLinear" || !zeroPoint) return;
    if (!this.#tensors.wasNibbles(zeroPoint)) return;
    throw badFile(`QuantizeLinear "${node.name}" must make numbers of 8 or more bits, got 4`);
  }
}

function isConstant(proto: NodeProto): boolean {
  return proto.opType === "Constant" && domainOf(proto.domain) === "";
}

function setInitializer(sheet: Sheet, name: string, value: Tensor): void {
  if (name === "") throw badFile("an initializer must have a name, got none");
  if (sheet.initializers.has(name)) {
    throw badFile(`every value must be made once, got "${name}" twice`);
  }
  sheet.initializers.set(name, value);
}

/** The attributes of a node by name, those that refer to the function's replaced by what it was called with. */
function boundAttributes(proto: NodeProto, scope: Scope): [string, BoundAttribute][] {
  return proto.attribute.flatMap((attribute): [string, BoundAttribute][] => {
    const bound = bind(attribute, scope);
    return bound ? [[attribute.name, bound]] : [];
  });
}

function bind(proto: AttributeProto, scope: Scope): BoundAttribute | undefined {
  return proto.refAttrName === "" ? { proto, scope } : scope.attribute(proto.refAttrName);
}

function readValueInfo(info: ValueInfoProto, scope: Scope): ValueInfo {
  const type = info.type?.tensorType;
  return {
    name: scope.valueName(info.name),
    type: elementTypeOf(type?.elemType ?? 0),
    dims: type?.shape?.dim.map(({ dimParam, dimValue }) => {
      const size = Number(dimValue);
      return dimParam || (Number.isSafeInteger(size) && size > 0 ? size : "?");
    }),
  };
}

/** Every name that a value has in a graph or the graphs inside it. */
function valueNames(graph: GraphProto): string[] {
  return [
    ...graph.initializer.map(({ name }) => name),
    ...graph.input.map(({ name }) => name),
    ...graph.node.flatMap(({ output, attribute }) => [
      ...output,
      ...attribute.flatMap(({ g }) => (g ? valueNames(g) : [])),
    ]),
  ];
}
