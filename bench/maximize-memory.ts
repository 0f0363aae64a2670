/** @file Draws some pictures in three steps and prints the estimate for one picture and the peak resident memory, in MiB. */
import { preprocessings } from "../src/image/preprocess.ts";
import { Model } from "../src/network/model.ts";
import { openModel } from "../src/node/open-model.ts";
import { bytesPerPicture } from "../src/optvis/batch-size.ts";
import { maximize } from "../src/optvis/maximize.ts";
import { visualized } from "../src/optvis/visualized-network.ts";
import { channel } from "../src/optvis/objectives.ts";
import { presets } from "../src/optvis/presets.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";

const [path, layer, pictures] = process.argv.slice(2) as [string, string, string];
const size = { channels: 3, heightPx: 224, widthPx: 224 } as const;
const model = new Model(await openModel(path), createNodeRuntime({ threads: 2 }));
const estimate = bytesPerPicture(await model.part([layer], [1, 3, 224, 224]), size);
await maximize(
  visualized(model, preprocessings.torchvision),
  Array.from({ length: Number(pictures) }, (_, i) => channel(layer, i)),
  { preset: { ...presets.natural, redirectedSteps: 1 }, size, steps: 3 },
);
const peak = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ estimate: estimate / 2 ** 20, peak }));
