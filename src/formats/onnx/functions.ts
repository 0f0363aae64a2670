/** @file Functions that a model brings along: nodes that stand for other nodes. */
import type { OpsetVersions } from "../../graph/normalize.ts";
import { badFile } from "./bad-file.ts";
import type { FunctionProto, NodeProto, OperatorSetIdProto } from "./messages.ts";

/** `"ai.onnx"` is another name of the standard operators' domain. */
export function domainOf(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

/** Which version of each domain is imported. */
export function versionsOf(imports: readonly OperatorSetIdProto[]): OpsetVersions {
  return new Map(imports.map(({ domain, version }) => [domainOf(domain), Number(version)]));
}

/** The functions of a model by what calls them. */
export class FunctionTable {
  readonly #functions: ReadonlyMap<string, FunctionProto>;

  constructor(functions: readonly FunctionProto[]) {
    this.#functions = new Map(
      functions.map((body) => [keyOf(body.domain, body.name, body.overload), body]),
    );
  }

  /** The function that a node calls, if it calls one. Throws `bad-file` for one that calls itself. */
  of(node: NodeProto, calls: readonly FunctionProto[]): FunctionProto | undefined {
    const body = this.#functions.get(keyOf(node.domain, node.opType, node.overload));
    if (body && calls.includes(body)) {
      const chain = [...calls, body].map(({ name }) => `"${name}"`).join(" -> ");
      throw badFile(`functions must not call themselves, got ${chain}`);
    }
    return body;
  }
}

function keyOf(domain: string, name: string, overload: string): string {
  return JSON.stringify([domainOf(domain), name, overload]);
}
