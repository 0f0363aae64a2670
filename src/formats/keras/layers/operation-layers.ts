/** @file Operations of TensorFlow that Keras 2 keeps as layers. */
import { shownJson, readJson } from "../../../wording/read-json.ts";
import { isObject } from "../layer-config.ts";
import { addOperation } from "../operations/index.ts";
import { refused, type LayerCall, type LayerKind, type Operand } from "./layer-kind.ts";

const byFunction: LayerKind = {
  build: (call) => addOperation(call, call.config.text("function")),
};

/** A node of a graph of TensorFlow, with its constant inputs by their places. */
const byNode: LayerKind = {
  build: (call) => {
    const { config, inputs } = call;
    const node = nodeOf(call);
    const op = node["op"];
    if (typeof op !== "string") throw refused(call, `"node_def" must name an "op"`);
    const constants = config.get("constants");
    const given = isObject(constants) ? constants : {};
    const rest = [...inputs];
    const count = inputs.length + Object.keys(given).length;
    const positional = Array.from({ length: count }, (_, i): Operand => {
      const value = given[String(i)];
      if (value === undefined) {
        const next = rest.shift();
        if (!next) throw refused(call, `its input ${i} must be there`);
        return { kind: "tensor", value: next };
      }
      return { kind: "plain", value };
    });
    return addOperation({ ...call, positional, named: attributesOf(node) }, op);
  },
};

function nodeOf(call: LayerCall): Readonly<Record<string, unknown>> {
  const written = call.config.get("node_def");
  const read = typeof written === "string" ? readJson(written) : { value: written };
  if ("value" in read && isObject(read.value)) return read.value;
  throw refused(call, `"node_def" must be a node, got ${shownJson(written)}`);
}

/** Attributes that are truths or numbers, by the names that functions have for them. */
function attributesOf(node: Readonly<Record<string, unknown>>): Readonly<Record<string, Operand>> {
  const attributes = isObject(node["attr"]) ? node["attr"] : {};
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      if (!isObject(value)) return [];
      const plain =
        value["b"] ?? value["f"] ?? (value["i"] === undefined ? value["type"] : Number(value["i"]));
      return plain === undefined ? [] : [[name, { kind: "plain", value: plain } as const]];
    }),
  );
}

export const operationLayers: Readonly<Record<string, LayerKind>> = {
  SlicingOpLambda: byFunction,
  TFOpLambda: byFunction,
  TensorFlowOpLayer: byNode,
};
