/** @file Opens a network that the page hands over, or one that comes with it. */
import { methodEntries } from "../../src/attribution/registry.ts";
import { filesInHand, pathOf } from "../../src/app/handed-file.ts";
import { readLabels } from "../../src/app/labels.ts";
import { setSource } from "../../src/app/model-source.ts";
import { readyModel } from "../../src/app/open.ts";
import { openGraph } from "../../src/formats/index.ts";
import type { MethodFacts, ModelInHand, OpenedModel } from "../protocol.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";
import { networkLayers } from "./network-layers.ts";
import { shippedNetwork } from "./shipped-networks.ts";

/** The network takes the place of the one before, whose sessions are given back. Throws as `openGraph` and `readyModel`. */
export async function openModel(
  desk: Desk,
  asked: ModelInHand,
  call: CallContext,
): Promise<OpenedModel> {
  const { context, notes } = desk.job(call);
  const files = asked.kind === "files" ? asked.files : [await shippedNetwork(asked.name)];
  const handed = filesInHand<File>(files);
  desk.platform.add(handed);
  const source = await setSource(context.platform, handed.map(pathOf));
  const graph = await openGraph(source);
  const runtime = await desk.platform.openRuntime("wasm");
  const model = await readyModel(graph, runtime, context);
  const { names } = await readLabels(context.platform, undefined, model, model.inputDims());
  const traced = await model.whole(model.inputDims());
  await desk.network?.runtime.release();
  desk.network = { name: source.name, graph, model, runtime, labels: names };
  desk.picture = undefined;
  return {
    name: source.name,
    digest: await model.digest(),
    input: model.inputDims().slice(1),
    classes: names,
    ...networkLayers(traced, model),
    methods: methodEntries().map(([name, { info }]): MethodFacts => {
      const { title, description, options } = info;
      return { name, title, description, takesLayer: Object.hasOwn(options, "layer") };
    }),
    notes,
    threads: globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, 8) : 1,
  };
}
