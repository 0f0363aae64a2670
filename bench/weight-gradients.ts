/** @file What the gradient of a convolution's weights costs, by its shape, beside PyTorch: processor time, of which other work takes none. */
import { convolutionWeightGradient } from "../src/autodiff/rules/convolution-gradients.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import { AttributeReader, toAttributes } from "../src/graph/attributes.ts";
import { windowsOf } from "../src/graph/windows.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import type { Runtime } from "../src/runtime/runtime.ts";
import { compete, report, type Competitor } from "./measure.ts";
import { noise } from "./noise.ts";
import { startPyTorch } from "./pytorch.ts";

/** One, so that processor time is what an idle machine would take. */
const threads = 1;

/** A convolution of square windows, padded by half of them. */
interface Case {
  /** [N, C, H, W]. */
  readonly input: readonly [number, number, number, number];
  readonly filters: number;
  readonly groups: number;
  readonly kernel: number;
  readonly stride: number;
}

const depthwise = (input: Case["input"], kernel: number, stride: number): Case => ({
  input,
  kernel,
  stride,
  filters: input[1],
  groups: input[1],
});

const cases: readonly Case[] = [
  depthwise([8, 32, 112, 112], 3, 1),
  depthwise([8, 96, 56, 56], 3, 1),
  depthwise([8, 96, 56, 56], 3, 2),
  depthwise([8, 96, 56, 56], 5, 2),
  depthwise([8, 144, 28, 28], 3, 1),
  depthwise([8, 144, 28, 28], 5, 1),
  depthwise([8, 384, 14, 14], 3, 1),
  depthwise([8, 960, 7, 7], 3, 1),
  depthwise([1, 96, 56, 56], 3, 1),
  { input: [8, 128, 56, 56], filters: 128, groups: 32, kernel: 3, stride: 1 },
  { input: [8, 256, 28, 28], filters: 256, groups: 32, kernel: 3, stride: 2 },
  { input: [8, 512, 14, 14], filters: 512, groups: 32, kernel: 3, stride: 1 },
  { input: [8, 64, 28, 28], filters: 64, groups: 2, kernel: 3, stride: 1 },
];

/** Prints a line a case. */
export async function run(): Promise<void> {
  const runtime = createNodeRuntime({ threads });
  const twin = await startPyTorch("pytorch_weights.py", [String(threads), JSON.stringify(cases)]);
  for (const [index, each] of cases.entries()) {
    const { input, groups, kernel, stride } = each;
    const competitors = [await ours(each, runtime), twin.competitor(String(index))];
    const name = `[${input.join()}] groups ${groups} kernel ${kernel} stride ${stride}`;
    report(name, competitors, await compete(competitors));
    await runtime.release();
  }
  twin.close();
}

async function ours(
  { input, filters, groups, kernel, stride }: Case,
  runtime: Runtime,
): Promise<Competitor> {
  const [pad, spatial, square] = [Math.floor(kernel / 2), input.slice(2), [kernel, kernel]];
  const node = { name: "", operator: "Conv", domain: "", inputs: [], outputs: [] };
  const attributes = toAttributes({ strides: [stride, stride], pads: [pad, pad, pad, pad] });
  const windows = windowsOf(new AttributeReader({ ...node, attributes }), spatial, square);
  const b = new GraphBuilder();
  const x = b.input("x", input);
  const dy = b.input("dy", [input[0], filters, ...windows.output]);
  b.output(convolutionWeightGradient(b, x, dy, { windows, groups, spatial }));
  const graph = b.build();
  const feeds = { x: noise(x.dims), dy: noise(dy.dims) };
  await runtime.run(graph, feeds);
  return {
    name: "limpid",
    run: async (count) => {
      const times: number[] = [];
      for (let i = 0; i < count; i++) {
        const before = process.cpuUsage();
        await runtime.run(graph, feeds);
        const { user, system } = process.cpuUsage(before);
        times.push((user + system) / 1000);
      }
      return times;
    },
  };
}
