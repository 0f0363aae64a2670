/** @file Where the time of a gradient goes: ONNX Runtime's profile, summed by the rule that emitted a node and by operator. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { explainRows } from "../src/attribution/gradient/explained-rows.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import type { Graph } from "../src/graph/graph.ts";
import { Model } from "../src/network/model.ts";
import { openModel } from "../src/node/open-model.ts";
import { createNodeRuntime, nodeSettings } from "../src/runtime/onnxruntime-node.ts";
import type { Runtime, Tensors } from "../src/runtime/runtime.ts";
import { networkFile, networkTwin, threads } from "./gradient-networks.ts";
import { noise } from "./noise.ts";

const runs = 20;

/** What a run was asked. */
interface Asked {
  readonly graph: Graph;
  readonly feeds: Tensors;
}

/** Time of one node a run, in milliseconds. */
interface NodeTime {
  readonly name: string;
  readonly operator: string;
  readonly ms: number;
}

/** `npm run bench -- profile NETWORK [nodes]`: tables of the forward pass alone and of the gradient. */
export async function run(): Promise<void> {
  const [name = "mobilenet_v2", nodes] = process.argv.slice(3);
  (await networkTwin(name))?.close();
  const runtime = createNodeRuntime({ threads });
  const asked: Asked[] = [];
  const file = await openModel(networkFile(name));
  const model = new Model(file, recording(runtime, asked));
  const picture = noise(model.inputDims());
  const forward = { graph: await model.at(picture.dims), feeds: { [model.input.name]: picture } };
  await explainRows(model, picture, { targets: [20], values: [model.input.name] });
  await runtime.release();
  const gradient = asked.at(-1)!;
  await tell("forward alone", await profile(forward), forward.graph, nodes === "nodes");
  await tell("gradient", await profile(gradient), gradient.graph, nodes === "nodes");
}

/** The runtime, which remembers what `run` was asked. */
function recording(runtime: Runtime, asked: Asked[]): Runtime {
  return {
    ...runtime,
    run: (graph, feeds, options) => {
      asked.push({ graph, feeds });
      return runtime.run(graph, feeds, options);
    },
  };
}

async function profile({ graph, feeds }: Asked): Promise<readonly NodeTime[]> {
  const folder = mkdtempSync(join(tmpdir(), "limpid-profile-"));
  const { adapt } = nodeSettings({}).settings;
  const session = await ort.InferenceSession.create(encodeOnnx(adapt?.(graph) ?? graph).bytes, {
    intraOpNumThreads: threads,
    enableProfiling: true,
    profileFilePrefix: join(folder, "run"),
    logSeverityLevel: 4,
    extra: { optimization: { disable_specified_optimizers: "Pad_Fusion" } },
  });
  const given = Object.entries(feeds).map(([name, { type, data, dims }]) => [
    name,
    new ort.Tensor(type as "float32", data as Float32Array, dims),
  ]);
  for (let i = 0; i < runs; i++) await session.run(Object.fromEntries(given));
  session.endProfiling();
  await session.release();
  const [written] = readdirSync(folder);
  const events = JSON.parse(readFileSync(join(folder, written!), "utf8")) as readonly Event[];
  rmSync(folder, { recursive: true });
  return nodeTimes(events);
}

/** An event of the profile; `dur` is in microseconds. */
interface Event {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: { readonly op_name?: string };
}

/** The median of each node, as a busy machine makes single runs long. */
function nodeTimes(events: readonly Event[]): readonly NodeTime[] {
  const found = new Map<string, { operator: string; times: number[] }>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== "Node" || !name.endsWith("_kernel_time")) continue;
    const node = name.slice(0, -"_kernel_time".length);
    const entry = found.get(node) ?? { operator: args.op_name!, times: [] };
    entry.times.push(dur / 1000);
    found.set(node, entry);
  }
  return [...found].map(([name, { operator, times }]) => ({
    name,
    operator,
    ms: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!,
  }));
}

function tell(title: string, times: readonly NodeTime[], graph: Graph, nodes: boolean): void {
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  console.log(`\n${title}: ${total.toFixed(2)} ms in ${times.length} nodes`);
  const operators = new Map(graph.nodes.map((node) => [node.name, node.operator]));
  table("rule", times, ({ name }) => ruleOf(name, operators));
  table("operator", times, ({ operator }) => operator);
  table("rule and operator", times, ({ name, operator }) => {
    return `${ruleOf(name, operators)} > ${operator}`;
  });
  if (!nodes) return;
  for (const { name, operator, ms } of times.toSorted((a, b) => b.ms - a.ms).slice(0, 60)) {
    console.log(`${ms.toFixed(3)}  ${operator.padEnd(16)} ${name}`);
  }
}

/** The rule of nodes in the scope of a gradient, whose names tell the node that it is of. */
function ruleOf(name: string, operators: ReadonlyMap<string, string>): string {
  const start = name.indexOf("grad/");
  if (start < 0) return "forward";
  const rest = name.slice(start + "grad/".length);
  for (let end = rest.lastIndexOf("/"); end > 0; end = rest.lastIndexOf("/", end - 1)) {
    const operator = operators.get(rest.slice(0, end));
    if (operator) return `gradient of ${operator}`;
  }
  return rest.startsWith("sum/") ? "sums of gradients" : "gradient";
}

function table(head: string, times: readonly NodeTime[], keyOf: (time: NodeTime) => string): void {
  const sums = new Map<string, { ms: number; count: number }>();
  for (const time of times) {
    const sum = sums.get(keyOf(time)) ?? { ms: 0, count: 0 };
    sums.set(keyOf(time), { ms: sum.ms + time.ms, count: sum.count + 1 });
  }
  console.log(`  by ${head}`);
  for (const [key, { ms, count }] of [...sums].sort(([, a], [, b]) => b.ms - a.ms)) {
    console.log(`  ${ms.toFixed(2).padStart(9)} ms  ${String(count).padStart(4)} x  ${key}`);
  }
}
