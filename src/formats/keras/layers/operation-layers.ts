/** @file Operations of TensorFlow that Keras 2 keeps as layers. */
import { shownJson, readJson } from "../../../wording/read-json.ts";
import type { NodeDescription } from "../../tensorflow/description.ts";
import { describeNode } from "../../tensorflow/graphdef-json.ts";
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
    return addOperation({ ...call, positional, named: attributesOf(node) }, node.op);
  },
};

function nodeOf(call: LayerCall): NodeDescription {
  const written = call.config.get("node_def");
  const read = typeof written === "string" ? readJson(written) : { value: written };
  const node = "value" in read ? describeNode(read.value) : undefined;
  if (node) return node;
  throw refused(call, `"node_def" must be a node, got ${shownJson(written)}`);
}

/** Attributes by the names that functions have for them; lists of nothing are left out. */
function attributesOf({ attributes }: NodeDescription): Readonly<Record<string, Operand>> {
  const told = [...attributes].filter(
    ([, { kind, value }]) => kind !== "numbers" || value.length > 0,
  );
  return Object.fromEntries(told.map(([name, { value }]) => [name, { kind: "plain", value }]));
}

export const operationLayers: Readonly<Record<string, LayerKind>> = {
  SlicingOpLambda: byFunction,
  TFOpLambda: byFunction,
  TensorFlowOpLayer: byNode,
};
