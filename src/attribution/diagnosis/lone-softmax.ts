/** @file A softmax over one number, which is the same for every picture, as the cause of a map without a shape. */
import type { Graph } from "../../graph/graph.ts";
import { runDims } from "../../network/batches.ts";
import type { Model } from "../../network/model.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { option, say } from "../../wording/face.ts";
import type { Heatmap, MapWarning } from "../heatmap.ts";
import { cutsOff } from "./stuck-layers.ts";

/** What such a softmax gives, whatever it reads. */
const constants: Readonly<Record<string, number>> = { Softmax: 1, LogSoftmax: 0, Hardmax: 1 };

/** That what is explained cannot change, because nothing of the picture comes past a softmax over one number; undefined where it does. */
export async function loneSoftmaxReason(
  model: Model,
  picture: Tensor,
  map: Heatmap,
): Promise<MapWarning | undefined> {
  const traced = await model.at(runDims(model, picture.dims));
  const layer = map.layers?.[0] ?? map.layer;
  const lone = loneSoftmaxes(traced).find(({ outputs }) =>
    cutsOff(traced, model, layer, [outputs[0]!]),
  );
  if (!lone) return undefined;
  const before = lone.inputs[0]!;
  const explainInstead =
    before === model.input.name
      ? ""
      : say`: explain what it reads, ${option("target", `${before}:0`)}`;
  const message = say`what is explained comes out of ${lone.outputs[0]!}, a softmax over a single number, which is always ${constants[lone.operator]!}, so that nothing changes it${explainInstead}`;
  return { cause: "lone-softmax", message };
}

function loneSoftmaxes({ nodes, shapes }: Graph) {
  return nodes.filter(({ operator, domain, inputs, attributes }) => {
    if (domain !== "" || !Object.hasOwn(constants, operator)) return false;
    const axis = attributes["axis"];
    return shapes.get(inputs[0]!)?.dims.at(axis?.kind === "int" ? axis.value : -1) === 1;
  });
}
