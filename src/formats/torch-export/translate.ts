/** @file Exported programs as graphs: every needed node by the table of operators, checked against what the file tells. */
import { LimpidError } from "../../errors.ts";
import { GraphBuilder, type Value } from "../../graph/builder.ts";
import type { Dimension, Graph, ValueInfo } from "../../graph/graph.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { formatShape, type Tensor } from "../../graph/tensor.ts";
import { badExport } from "./bad-export.ts";
import { Call, type Scope } from "./call.ts";
import { changedBy, NamedValues, tensorNames, type SharedMemory } from "./memory.ts";
import { metaOf, NeedsFixedSize, sizeOf, symbolsOf, type Meta, type Size } from "./meta.ts";
import { modulePath, valueNames, type GivenValue } from "./module-names.ts";
import { openAxes } from "./open-axes.ts";
import { torchOperators } from "./operators/index.ts";
import { requireAllRead } from "./passed-over.ts";
import { renamed } from "./rename.ts";
import type { ExportedNode, ExportedProgram } from "./schema.ts";
import { targetOf, type Target } from "./target.ts";

/** What a program needs to become a graph. */
export interface Program {
  readonly exported: ExportedProgram;
  /** Those that the outputs need, in their order. */
  readonly nodes: readonly ExportedNode[];
  readonly memory: SharedMemory;
  /** Names of tensors that are fed. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Weights by the name of their tensor in the graph, with their own name. */
  readonly weights: ReadonlyMap<string, { readonly name: string; readonly tensor: Tensor }>;
}

/** Sizes that operators need as numbers are fixed one after the other, at most so many. */
const mostFixed = 16;

/**
 * The graph of a program. Sizes that the export left open stay open, but for those whose number an operator needs, which
 * is told. Throws `bad-file` for operators that are not read, by their names.
 */
export function translate(program: Program): Graph {
  const fixed = new Set<string>();
  for (;;) {
    try {
      return new Translation(program, fixed).graph();
    } catch (cause) {
      if (!(cause instanceof NeedsFixedSize)) throw cause;
      const symbols = cause.expressions.flatMap(symbolsOf).filter((each) => !fixed.has(each));
      if (symbols.length === 0 || fixed.size >= mostFixed) {
        throw badExport(`sizes must be numbers, got "${cause.expressions.join('", "')}"`);
      }
      for (const symbol of symbols) fixed.add(symbol);
    }
  }
}

class Translation implements Scope {
  readonly b = new GraphBuilder();
  readonly #program: Program;
  readonly #fixed: ReadonlySet<string>;
  readonly #values: NamedValues;
  readonly #weights = new Map<Tensor, Value>();
  readonly #notes = new Set<string>();
  readonly #given: GivenValue[] = [];

  constructor(program: Program, fixed: ReadonlySet<string>) {
    this.#program = program;
    this.#fixed = fixed;
    this.#values = new NamedValues(program.memory);
  }

  graph(): Graph {
    const { inputs, nodes, outputs } = this.#program;
    const metas = inputs.map((name) => this.meta(name));
    const axes = openAxes(metas);
    for (const [i, name] of inputs.entries()) this.#input(name, metas[i]!, axes);
    for (const node of nodes) this.#node(node);
    const given = [...new Map(outputs.map((name) => [this.value(name).name, name])).values()];
    for (const name of given) this.b.output(this.value(name));
    return this.#finished(given, axes);
  }

  value(name: string): Value {
    const known = this.#values.get(name) ?? this.#weight(name);
    if (known === "stale") {
      throw badExport(
        `values must not be changed in place through a part of them, got "${name}"`,
        "save exported.run_decompositions() with torch.export.save, which writes assignments as new values",
      );
    }
    if (!known) throw badExport(`values must be made before they are read, got "${name}"`);
    return known;
  }

  meta(name: string): Meta {
    const { tensor_values: values } = this.#program.exported.graph_module.graph;
    const known = Object.hasOwn(values, name) ? values[name] : undefined;
    if (!known) throw badExport(`every tensor must have a type and sizes, got none for "${name}"`);
    return metaOf(name, known, this.#fixed);
  }

  size(name: string): Size {
    const { sym_int_values: values } = this.#program.exported.graph_module.graph;
    const known = Object.hasOwn(values, name) ? values[name] : undefined;
    if (!known) throw badExport(`every size must have a value, got none for "${name}"`);
    return sizeOf(name, known, this.#fixed);
  }

  note(sentence: string): void {
    this.#notes.add(sentence);
  }

  #input(name: string, meta: Meta, axes: ReadonlyMap<string, string>): void {
    if (this.#values.get(name)) throw badExport(`inputs must have names, got "${name}" twice`);
    const dims = meta.sizes.map(({ value }) => value);
    const value = this.b.input(name, dims, meta.type, dimensions(meta, axes));
    this.#values.set(name, value);
  }

  /** A weight when it is first read; names of the same tensor are one. */
  #weight(name: string): Value | undefined {
    const weight = this.#program.weights.get(name);
    if (!weight) return undefined;
    const known = this.#weights.get(weight.tensor);
    const value = known ?? this.b.initializer(weight.name, weight.tensor);
    this.#require(name, value);
    this.#weights.set(weight.tensor, value);
    this.#values.set(name, value);
    return value;
  }

  #node(node: ExportedNode): void {
    const names = node.outputs.flatMap(tensorNames);
    const target = targetOf(node);
    if (target.kind !== "operator") throw unread(node, target, names[0] ?? "?");
    const { operator } = target;
    const metas = names.map((name) => this.meta(name));
    const call = new Call(this, node, operator, metas);
    const module = modulePath(node);
    this.b.scope = `${module === "" ? names[0] : module}/`;
    const before = this.b.nodes.length;
    const made = fitting(node, () => torchOperators[operator]!(call));
    requireAllRead(call);
    const values: readonly (Value | undefined)[] = Array.isArray(made) ? made : [made as Value];
    const changed = changedBy(node, target.changes);
    if (changed !== undefined && values[0]) this.#values.change(changed, values[0]);
    const isNew = new Set(this.b.nodes.slice(before).flatMap(({ outputs }) => outputs));
    for (const [i, name] of names.entries()) {
      const value = values[i];
      if (!value) continue;
      this.#require(name, value);
      this.#values.set(name, value);
      if (isNew.has(value.name)) this.#given.push({ made: value.name, module, operator, name });
    }
  }

  /** What an operator gives must be what the file tells: else it was not understood. */
  #require(name: string, { type, dims }: Value): void {
    const meta = this.meta(name);
    const told = meta.sizes.map(({ value }) => value);
    if (type === meta.type && formatShape(dims) === formatShape(told)) return;
    throw badExport(
      `"${name}" must be ${meta.type} ${formatShape(told)} as the file tells, got ${type} ${formatShape(dims)}`,
    );
  }

  #finished(outputs: readonly string[], axes: ReadonlyMap<string, string>): Graph {
    const built = this.b.build();
    const described = built.outputs.map((output, i): ValueInfo => ({
      ...output,
      dims: dimensions(this.meta(outputs[i]!), axes),
    }));
    for (const symbol of this.#fixed) {
      this.note(
        `The open size "${symbol}" stays as it was in the example that the network was exported with, since operators need its number.`,
      );
    }
    const notes = [...this.#notes];
    const metadata = new Map(
      notes.length > 0 ? [[metadataKeys.reading, JSON.stringify(notes)] as const] : [],
    );
    const graph = { ...built, outputs: described, shapes: new Map(), metadata };
    return renamed(graph, valueNames(this.#given));
  }
}

function unread(node: ExportedNode, target: Target, name: string): LimpidError {
  const what = target.kind === "unknown" ? target.what : `"${node.target}"`;
  return badExport(
    `every operator must be one that is read, got ${what} at "${name}"`,
    "save exported.run_decompositions() with torch.export.save, where PyTorch has it in simpler operators, or export a part of the network without it, or to ONNX with torch.onnx.export",
  );
}

/** Numbers of fixed sizes, and names of open ones. */
function dimensions({ sizes }: Meta, axes: ReadonlyMap<string, string>): Dimension[] {
  return sizes.map(({ value, expression }) =>
    expression === undefined ? value : (axes.get(expression) ?? "?"),
  );
}

/** What a rule makes; operands that do not fit each other are the file's fault. */
function fitting<T>({ target }: ExportedNode, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof LimpidError) || cause.code === "bad-file") throw cause;
    throw new LimpidError(
      "bad-file",
      `torch.export: what ${target} is given must fit. ${cause.message}`,
      { cause },
    );
  }
}
