/** @file A fingerprint of a network, so that a result can name what it was made with. */
import { withoutTrailingGaps } from "./gaps.ts";
import type { Attribute, Graph, Node } from "./graph.ts";
import type { Tensor } from "./tensor.ts";

/** What browsers and Node have in common; the core knows no platform type. */
interface Platform {
  readonly crypto: {
    /** Not in pages that are served without https, but by this machine. */
    readonly subtle?: { digest(algorithm: "SHA-256", data: Uint8Array): Promise<ArrayBuffer> };
  };
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
}

const platform = globalThis as unknown as Platform;

/**
 * SHA-256 in hexadecimal digits of what a graph computes: inputs, nodes in their order, weights and
 * outputs. Metadata and the name of the graph do not count.
 */
export async function digestGraph(graph: Graph): Promise<string> {
  return digestText(JSON.stringify(await contentOf(graph)));
}

async function contentOf(graph: Graph): Promise<unknown> {
  const weights: unknown[] = [];
  for (const name of [...graph.initializers.keys()].sort()) {
    weights.push([name, await contentOfTensor(graph.initializers.get(name)!)]);
  }
  const nodes: unknown[] = [];
  for (const node of graph.nodes) nodes.push(await contentOfNode(node));
  const outputs = graph.outputs.map((output) => output.name);
  // In which order a file has its axes is none of what is computed.
  const inputs = graph.inputs.map((input) => {
    const { fileOrder: _, ...own } = input;
    return own;
  });
  return { inputs, outputs, nodes, weights };
}

async function contentOfNode(node: Node): Promise<unknown> {
  const attributes: unknown[] = [];
  for (const name of Object.keys(node.attributes).sort()) {
    const attribute = node.attributes[name]!;
    attributes.push([name, attribute.kind, await contentOfAttribute(attribute)]);
  }
  return [node.domain, node.operator, withoutTrailingGaps(node.inputs), node.outputs, attributes];
}

function contentOfAttribute(attribute: Attribute): unknown {
  if (attribute.kind === "tensor") return contentOfTensor(attribute.value);
  if (attribute.kind === "graph") return contentOf(attribute.value);
  // Files have them as float32.
  if (attribute.kind === "float") return String(Math.fround(attribute.value));
  if (attribute.kind === "floats")
    return attribute.value.map((value) => String(Math.fround(value)));
  return Array.isArray(attribute.value) ? attribute.value.map(String) : String(attribute.value);
}

async function contentOfTensor({ type, dims, data }: Tensor): Promise<unknown> {
  if (!ArrayBuffer.isView(data)) return [type, dims, data];
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [type, dims, await digestBytes(bytes)];
}

/** SHA-256 of a text in hexadecimal digits. */
export function digestText(text: string): Promise<string> {
  return digestBytes(new platform.TextEncoder().encode(text));
}

/** SHA-256 of bytes in hexadecimal digits. */
export async function digestBytes(bytes: Uint8Array): Promise<string> {
  const { subtle } = platform.crypto;
  const digest = subtle
    ? new Uint8Array(await subtle.digest("SHA-256", bytes))
    : (await import("@noble/hashes/sha2.js")).sha256(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
