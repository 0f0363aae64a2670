/**
 * @file How good the pictures of activation maximisation are, in figures. Run by hand:
 * `LIMPID_MIRROR=FOLDER npx tsx bench/maximize-quality.ts channels|classes [options]`. Sheets to look at go to
 * out/maximize-quality.
 */
import { parseArgs } from "node:util";
import { presetOf, type Preset } from "../src/optvis/presets.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { studyChannels } from "./maximize-quality/channels.ts";
import { studyClasses, twentyClasses } from "./maximize-quality/classes.ts";
import { networkTable, type NetworkName } from "./maximize-quality/networks.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    preset: { type: "string", default: "natural" },
    /** JSON that is laid over the preset, to try other numbers. */
    settings: { type: "string", default: "{}" },
    /** Some networks or layers, separated by commas. */
    networks: { type: "string", default: Object.keys(networkTable).join(",") },
    layers: { type: "string" },
    /** Channels a layer. */
    count: { type: "string", default: "16" },
    classes: { type: "string", default: twentyClasses.join(",") },
    seed: { type: "string", default: "0" },
    /** Begins the names of the sheets; the preset's name by default. */
    label: { type: "string" },
  },
});

const runtime = createNodeRuntime({ threads: 2 });
const preset = { ...presetOf(values.preset), ...(JSON.parse(values.settings) as Partial<Preset>) };
const shared = { label: values.label ?? values.preset, preset, seed: Number(values.seed) };
switch (positionals[0]) {
  case "channels":
    await studyChannels(values.networks.split(",") as NetworkName[], runtime, {
      ...shared,
      count: Number(values.count),
      ...(values.layers === undefined ? {} : { layers: values.layers.split(",") }),
    });
    break;
  case "classes":
    await studyClasses(runtime, { ...shared, classes: values.classes.split(",").map(Number) });
    break;
  default:
    console.error(
      `maximize-quality: the part must be channels or classes, got "${positionals[0] ?? ""}".`,
    );
    process.exitCode = 2;
}
await runtime.release();
