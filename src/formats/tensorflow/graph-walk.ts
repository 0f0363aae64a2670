/** @file Builds the nodes that a graph's outputs need, each behind what it reads. */
import { LimpidError } from "../../errors.ts";
import type { GraphBuilder } from "../../graph/builder.ts";
import type { ValueInfo } from "../../graph/graph.ts";
import { elementCount, type Tensor } from "../../graph/tensor.ts";
import { shownText } from "../../wording/shown-text.ts";
import { heldLast, makersOrder, type NhwcValue } from "../channels-last/nhwc-value.ts";
import { constantNode } from "./constant-node.ts";
import {
  badGraph,
  referenceOf,
  type InputReference,
  type NodeDescription,
  type TensorflowDescription,
} from "./description.ts";
import { withDilatedConvolutions } from "./dilated-convolutions.ts";
import { folded } from "./fold/index.ts";
import { withoutDecoding } from "./decoded-pictures.ts";
import { graphInput, probeCount, type Openness } from "./graph-inputs.ts";
import { inlined } from "./inlined-functions.ts";
import { constantOf, deadEnd, isConstant, isDead, type Constant, type Operand } from "./operand.ts";
import { Operation } from "./operation.ts";
import { rowOf } from "./operators.ts";
import { ProbeShapes, SizeMismatch } from "./probe-shapes.ts";
import { unknownOperator } from "./unknown-operator.ts";
import { assumedValue, shapeByReaders } from "./untold-inputs.ts";
import type { TensorflowFacts } from "./tensorflow-graph.ts";

/** Operators that stand for what comes from outside. */
const placeholders = new Set(["Placeholder", "PlaceholderV2"]);

/** Operators without a result that anybody could want. */
const silent = new Set(["NoOp", "Assert", "Const", "Placeholder", "PlaceholderWithDefault"]);

/** One way through a description, into a builder. */
export class GraphWalk {
  readonly notes: string[] = [];
  readonly #b: GraphBuilder;
  readonly #probes: ProbeShapes;
  readonly #nodes: ReadonlyMap<string, NodeDescription>;
  readonly #weights: ReadonlyMap<string, Tensor>;
  readonly #inputs: ReadonlyMap<string, readonly number[] | undefined>;
  readonly #outputs: readonly InputReference[];
  readonly #outputNodes: ReadonlySet<string>;
  readonly #openness: Openness;
  readonly #built = new Map<string, readonly Operand[]>();
  #folded = 0;
  readonly #lifted = new Map<Constant, NhwcValue>();

  constructor(
    b: GraphBuilder,
    description: TensorflowDescription,
    weights: ReadonlyMap<string, Tensor>,
    facts: TensorflowFacts,
    openness: Openness,
  ) {
    this.#b = b;
    this.#probes = new ProbeShapes(b, probeCount);
    const decoded = withoutDecoding(inlined(description));
    for (const note of decoded.notes) this.#note(note);
    const nodes = withDilatedConvolutions(decoded.nodes);
    this.#nodes = byName(nodes);
    this.#weights = weights;
    this.#openness = openness;
    const told = (facts.inputs ?? []).map(({ tensor, shape }) => [nodeOf(tensor), shape] as const);
    this.#inputs = new Map(told);
    this.#outputs = facts.outputs?.map(outputOf) ?? lastOf(this.#nodes);
    this.#outputNodes = new Set(this.#outputs.map(({ node }) => node));
    const computed = nodes.filter(({ op }) => op !== "Const");
    b.reserve(computed.map(({ name }) => name));
  }

  /** Builds all outputs and what they need. Throws `bad-file`, or `SizeMismatch`. */
  build(): void {
    for (const output of this.#outputs) this.#require(output.node);
    const made = new Set(this.#b.nodes.flatMap(({ outputs }) => outputs));
    const named = new Set<string>();
    for (const output of this.#outputs) {
      const value = this.#outputValue(output, made);
      if (named.has(value.name)) continue;
      named.add(value.name);
      this.#b.output(value);
    }
    this.#probes.follow();
    if (named.size === 0) throw badGraph("the graph must have an output, got none");
  }

  /** The outputs of the built graph, as they are at every size. */
  shownOutputs(outputs: readonly ValueInfo[]): readonly ValueInfo[] {
    return outputs.map((output) => {
      const shown = this.#probes.withOpenAxes(output);
      const [first, ...rest] = shown.dims ?? [];
      const isBatch = first === "?" && this.#b.value(output.name).dims[0] === 1;
      return isBatch ? { ...shown, dims: ["N", ...rest] } : shown;
    });
  }

  /** Builds a node behind all that it reads, without recursion: graphs are deep. */
  #require(name: string): void {
    const waiting = [name];
    const open = new Set<string>();
    while (waiting.length > 0) {
      const next = waiting.at(-1)!;
      if (this.#built.has(next)) {
        waiting.pop();
        continue;
      }
      const node = this.#node(next);
      const missing = this.#readsOf(node).filter((input) => !this.#built.has(input));
      if (missing.length === 0) {
        this.#built.set(next, this.#buildNode(node));
        open.delete(next);
        waiting.pop();
        continue;
      }
      if (open.has(next)) {
        throw badGraph(`nodes must not read themselves, got a loop at "${shownText(next)}"`, loops);
      }
      open.add(next);
      for (const input of missing) waiting.push(input);
    }
  }

  #node(name: string): NodeDescription {
    const node = this.#nodes.get(name);
    if (!node) throw badGraph(`all nodes that are read must be there, got no "${name}"`);
    return node;
  }

  #readsOf(node: NodeDescription): readonly string[] {
    return this.#isInput(node) ? [] : node.inputs.map((input) => input.node);
  }

  #isInput({ name, op }: NodeDescription): boolean {
    return placeholders.has(op) || this.#inputs.has(name);
  }

  #buildNode(node: NodeDescription): readonly Operand[] {
    try {
      if (this.#isInput(node)) return [this.#input(node)];
      if (node.op === "Const") return [constantOf(constantNode(node, this.#weights))];
      return this.#computed(node);
    } catch (error) {
      throw misfit(node, error);
    }
  }

  #computed(node: NodeDescription): readonly Operand[] {
    const inputs = node.inputs.map((input) => this.#operand(input));
    const isMerge = node.op.endsWith("Merge");
    if (!isMerge && inputs.some(isDead)) return Array.from({ length: 4 }, () => deadEnd);
    this.#b.scope = `${node.name}/`;
    const operation = this.#operation(node, inputs);
    const known = folded(operation);
    if (known) return this.#counted(known);
    const row = rowOf(node.op);
    if (!row) throw unknownOperator(node);
    const result = row(operation);
    return Array.isArray(result) ? result : [result as Operand];
  }

  #input(node: NodeDescription): Operand {
    const assumed = this.#inputs.has(node.name) ? undefined : assumedValue(node);
    if (assumed) {
      this.#note(assumed.note);
      return constantOf(assumed.value);
    }
    const told = this.#inputs.get(node.name) ?? shapeOf(node);
    // The channels of a picture are the first layer's to say where the input leaves them open.
    const isTold = told && told.length > 0 && (told.length === 1 || told.at(-1) !== -1);
    const shape = isTold
      ? told
      : (shapeByReaders(node, this.#nodes, (layer) => this.#dimsOf(layer)) ?? told);
    return graphInput(this.#b, this.#probes, node, shape, this.#openness);
  }

  /** The sizes of a constant, of one that is handed on too. */
  #dimsOf(node: NodeDescription): readonly number[] | undefined {
    const [first] = node.inputs;
    const source = node.op === "Identity" && first ? this.#nodes.get(first.node) : node;
    const value = source?.attributes.get("value");
    const known = source && this.#weights.get(source.name);
    return known?.dims ?? (value?.kind === "tensor" ? value.value.dims : undefined);
  }

  #note(sentence: string): void {
    if (!this.notes.includes(sentence)) this.notes.push(sentence);
  }

  #operation(node: NodeDescription, inputs: readonly Operand[]): Operation {
    return new Operation(node, inputs, {
      b: this.#b,
      probes: this.#probes,
      note: (sentence) => this.#note(sentence),
      lift: (constant, name) => this.#lift(constant, name),
      isOutput: this.#outputNodes.has(node.name),
    });
  }

  /** Keeps count of what is computed at reading. */
  #counted(known: readonly Operand[]): readonly Operand[] {
    for (const operand of known) {
      if (isConstant(operand)) this.#folded += elementCount(operand.samples[0].dims);
    }
    if (this.#folded <= mostFolded) return known;
    throw badGraph("what is computed of constants must be little, got more than a network needs");
  }

  #operand({ node, output }: InputReference): Operand {
    const found = this.#built.get(node)?.[output];
    if (found) return found;
    throw badGraph(`node "${shownText(node)}" must have an output ${output}, got fewer`);
  }

  #lift(constant: Constant, name: string): NhwcValue {
    const known = this.#lifted.get(constant);
    if (known) return known;
    const { samples } = constant;
    if (samples.length > 1) {
      throw badGraph(
        `numbers must not depend on chance or on sizes that the model leaves open, got so from "${shownText(name)}"`,
        "export it at a fixed input size",
      );
    }
    const value = heldLast(this.#b.initializer(name, samples[0]));
    this.#lifted.set(constant, value);
    return value;
  }

  /** An output by its node's name; maps stay channels first, all else is in the maker's order. */
  #outputValue(reference: InputReference, made: ReadonlySet<string>) {
    const operand = this.#operand(reference);
    if (isConstant(operand) || isDead(operand)) {
      throw badGraph(
        `output "${shownText(reference.node)}" must depend on an input, got constants`,
      );
    }
    const name = reference.output === 0 ? reference.node : `${reference.node}:${reference.output}`;
    const value = operand.held === "flat" ? makersOrder(this.#b, operand) : operand.value;
    if (value.name === name) return value;
    const own = made.has(name) ? this.#b.freeName(`${name}/ordered`) : name;
    return this.#b.op("Identity", [value], {}, own);
  }
}

/** Numbers that are computed of constants, in all. */
const mostFolded = 2 ** 25;

const loops = "export it for inference, without loops";

function shapeOf({ attributes }: NodeDescription): readonly number[] | undefined {
  const shape = attributes.get("shape");
  return shape?.kind === "shape" ? shape.value : undefined;
}

function outputOf(tensor: string | InputReference): InputReference {
  if (typeof tensor !== "string") return tensor;
  const reference = referenceOf(tensor);
  if (reference) return reference;
  throw badGraph(`outputs must be tensors, got "${shownText(tensor)}"`);
}

function nodeOf(tensor: string): string {
  return referenceOf(tensor)?.node ?? tensor;
}

function byName(nodes: readonly NodeDescription[]): ReadonlyMap<string, NodeDescription> {
  const named = new Map(nodes.map((node) => [node.name, node]));
  if (named.size === nodes.length) return named;
  const twice = nodes.find((node) => named.get(node.name) !== node);
  throw badGraph(`nodes must have names of their own, got "${twice?.name}" twice`);
}

/** Nodes with a result that no other node reads. */
function lastOf(nodes: ReadonlyMap<string, NodeDescription>): InputReference[] {
  const read = new Set([...nodes.values()].flatMap(({ inputs }) => inputs.map(({ node }) => node)));
  const last = [...nodes.values()].filter(({ name, op }) => !silent.has(op) && !read.has(name));
  return last.map(({ name }) => ({ node: name, output: 0 }));
}

/** What a builder says of shapes that do not fit each other is the file's fault here. */
function misfit(node: NodeDescription, error: unknown): unknown {
  if (!(error instanceof LimpidError) || error instanceof SizeMismatch) return error;
  if (error.code === "bad-file") return error;
  const said = error.message.replace(/^internal: /, "");
  const what = `${node.op} "${shownText(node.name)}" must fit what it reads, got ${said}`;
  return badGraph(what, undefined, error);
}
