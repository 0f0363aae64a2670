/** @file Whom a failing session is blamed on, with an ONNX Runtime that refuses on demand. */
import { expect, test } from "vitest";
import * as ort from "onnxruntime-node";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensorOf } from "../graph/tensor.ts";
import { createNodeRuntime } from "./onnxruntime-node.ts";
import { createRuntime } from "./onnxruntime.ts";

/** A runtime that refuses graphs of more than so many bytes. */
function refusingRuntime(largestBytes: number) {
  const create = async (model: Uint8Array) => {
    if (model.length > largestBytes) throw new Error("no, thank you\nand at length");
    return ort.InferenceSession.create(model);
  };
  const settings = { session: {}, mapsFiles: false, instead: 'use "cpu".' };
  return createRuntime("abacus", { InferenceSession: { create }, Tensor: ort.Tensor }, settings);
}

function longGraph(): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [1]);
  b.output(
    b.op("Relu", [x], {}, "a value with a name that makes the model somewhat longer".repeat(9)),
  );
  return b.build();
}

test("blames the graph if the provider opens the smallest one", async () => {
  await expect(refusingRuntime(400).open(longGraph())).rejects.toMatchObject({
    code: "runtime",
    message: 'abacus: the graph must compile, got "no, thank you".',
  });
});

test("blames the provider if it opens nothing, and says what there is", async () => {
  await expect(refusingRuntime(0).open(longGraph())).rejects.toMatchObject({
    code: "runtime",
    message: 'abacus: the provider must work on this machine, got "no, thank you". use "cpu".',
    cause: expect.any(Error),
  });
});

test("threads that have no more to do sleep, and leave the cores to others", async () => {
  const b = new GraphBuilder();
  const weights = b.fill([32, 32, 3, 3], 0.5);
  b.output(b.op("Conv", [b.input("x", [1, 32, 64, 64]), weights], { pads: [1, 1, 1, 1] }));
  const session = await createNodeRuntime({ threads: 2 }).open(b.build());
  const x = tensorOf("float32", [1, 32, 64, 64], Array<number>(32 * 64 * 64).fill(1));
  const spent: number[] = [];
  for (let i = 0; i < 5; i++) {
    await session.run({ x });
    const before = process.cpuUsage();
    await new Promise((wake) => setTimeout(wake, 80));
    const { user, system } = process.cpuUsage(before);
    spent.push((user + system) / 1000);
  }
  await session.release();
  expect(Math.min(...spent)).toBeLessThan(5);
});

test("a session that is opened closes a kept one where both take more than is kept", async () => {
  const log: string[] = [];
  const create = async () => {
    log.push("open");
    return {
      run: async () => ({ y: new ort.Tensor("float32", new Float32Array(1), [1]) }),
      release: async () => {
        log.push("close");
      },
    };
  };
  const kept = { sessions: 8, bytes: 2 ** 10 };
  const settings = { session: {}, mapsFiles: false, instead: 'use "cpu".', kept };
  const runtime = createRuntime(
    "abacus",
    { InferenceSession: { create }, Tensor: ort.Tensor },
    settings,
  );
  const graphOf = (cells: number) => {
    const b = new GraphBuilder();
    b.output(b.op("Sum", [b.input("x", [1]), b.fill([cells], 1)], {}, "y"));
    return b.build();
  };
  await runtime.run(graphOf(100), { x: tensorOf("float32", [1], [1]) });
  await runtime.open(graphOf(10));
  expect(log).toEqual(["open", "open"]);
  await runtime.open(graphOf(200));
  expect(log).toEqual(["open", "open", "close", "open"]);
});
