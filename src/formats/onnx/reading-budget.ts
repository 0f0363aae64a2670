/** @file How large a graph may become while it is read: functions and graphs inside graphs can make very much of a small file. */
import { badFile } from "./bad-file.ts";
import type { AttributeProto, GraphProto, NodeProto } from "./messages.ts";

/** Nodes that the functions of a model may come to; more is an attack, or a model that nothing here can run. */
const mostNodes = 200_000;

/** Inputs, outputs and attributes of one node, inputs and outputs of a graph, and initializers of one. */
const mostNodePorts = 2000;
const mostAttributes = 1000;
const mostPorts = 10_000;
const mostInitializers = 100_000;

/** Names and numbers that are read, those of a function as often as it is called. */
const mostEntries = 50_000_000;

/** Functions that call each other, and graphs inside each other. */
const deepestCalls = 100;
const deepestGraphs = 32;

/** Counts what is read of one file; every method throws `bad-file` for too much. */
export class ReadingBudget {
  #nodes = 0;
  #entries = 0;
  #graphs = 0;

  /** What `read` gives of a graph inside others. */
  inside<T>(proto: GraphProto, read: () => T): T {
    if (this.#graphs >= deepestGraphs) {
      throw badFile(
        `graphs must not lie more than ${deepestGraphs} deep inside each other, got more`,
      );
    }
    requireFew("a graph", "inputs", proto.input.length, mostPorts);
    requireFew("a graph", "outputs", proto.output.length, mostPorts);
    requireFew("a graph", "initializers", proto.initializer.length, mostInitializers);
    this.#graphs += 1;
    const result = read();
    this.#graphs -= 1;
    return result;
  }

  /** Counts a node that is read inside of so many calls. */
  take(proto: NodeProto, name: string, calls: number): void {
    if (calls > deepestCalls) {
      throw badFile(`functions must not call each other more than ${deepestCalls} deep, got more`);
    }
    this.#nodes += 1;
    if (this.#nodes > mostNodes) {
      throw badFile(`the functions of a model must come to at most ${mostNodes} nodes, got more`);
    }
    const what = `${proto.opType} "${name}"`;
    requireFew(what, "inputs", proto.input.length, mostNodePorts);
    requireFew(what, "outputs", proto.output.length, mostNodePorts);
    requireFew(what, "attributes", proto.attribute.length, mostAttributes);
    this.#entries += proto.input.length + proto.output.length + name.length;
    for (const attribute of proto.attribute) this.#entries += entriesOf(attribute);
    if (this.#entries > mostEntries) {
      throw badFile(
        `the functions of a model must come to at most ${mostEntries} numbers, got more`,
      );
    }
  }
}

function requireFew(what: string, parts: string, count: number, most: number): void {
  if (count > most) throw badFile(`${what} must have at most ${most} ${parts}, got ${count}`);
}

function entriesOf({ ints, floats, strings, s }: AttributeProto): number {
  return ints.length + floats.length + strings.length + s.length;
}
