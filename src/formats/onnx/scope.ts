/** @file Names and attributes as a stretch of nodes sees them: the model's own, or those of one call of a function. */
import type { OpsetVersions } from "../../graph/normalize.ts";
import type { AttributeProto, FunctionProto } from "./messages.ts";

/** An attribute that a function was called with, and where it was said, which its own names belong to. */
export interface BoundAttribute {
  readonly proto: AttributeProto;
  readonly scope: Scope;
}

/** What the nodes of one body are read with. */
export interface Scope {
  /** The name that a value of the body has in the graph. */
  valueName(name: string): string;
  /** The name that a node of the body has in the graph. */
  nodeName(name: string): string;
  /** What stands for an attribute that refers to one of the function's; undefined if it was left out. */
  attribute(name: string): BoundAttribute | undefined;
  /** The versions that the body is written in. */
  readonly versions: OpsetVersions;
  /** Functions that are being written out, outermost first. */
  readonly calls: readonly FunctionProto[];
}

/** Gives names that no other has. */
export class UniqueNames {
  readonly #taken: Set<string>;
  readonly #counters = new Map<string, number>();

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** `hint`, or `hint_1`, `hint_2`, ... */
  make(hint: string): string {
    let name = hint;
    let count = this.#counters.get(hint) ?? 0;
    while (this.#taken.has(name)) name = `${hint}_${++count}`;
    this.#counters.set(hint, count);
    this.#taken.add(name);
    return name;
  }
}

/** The scope of a model's own graph: every name as it is. */
export function modelScope(versions: OpsetVersions): Scope {
  return {
    valueName: (name) => name,
    nodeName: (name) => name,
    attribute: () => undefined,
    versions,
    calls: [],
  };
}

/**
 * The scope of one call of a function: its inputs and outputs have the names that the call gives them,
 * all else gets names of its own behind that of the call.
 */
export function callScope(
  callName: string,
  body: FunctionProto,
  bound: {
    readonly values: ReadonlyMap<string, string>;
    readonly attributes: ReadonlyMap<string, BoundAttribute>;
    readonly versions: OpsetVersions;
    readonly calls: readonly FunctionProto[];
  },
  names: UniqueNames,
): Scope {
  const known = new Map(bound.values);
  const scope: Scope = {
    valueName: (name) => {
      if (name === "") return name;
      const given = known.get(name) ?? names.make(`${callName}/${name}`);
      known.set(name, given);
      return given;
    },
    nodeName: (name) => `${callName}/${name}`,
    attribute: (name) => {
      const given = bound.attributes.get(name);
      if (given) return given;
      const proto = body.attributeProto.find((attribute) => attribute.name === name);
      return proto && { proto, scope };
    },
    versions: bound.versions,
    calls: [...bound.calls, body],
  };
  return scope;
}
