/** @file ONNX Runtime's two packages give the same numbers and the same errors behind one interface. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, asyncProperty, integer } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GraphBuilder } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensor, tensorOf, type Tensor } from "../src/graph/tensor.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { createWebRuntime } from "../src/runtime/onnxruntime-web.ts";
import type { Runtime } from "../src/runtime/runtime.ts";
import { createReferenceRuntime } from "./reference/reference-runtime.ts";
import { smallGraphs } from "./small-graphs.ts";

const packages: Readonly<Record<string, () => Promise<Runtime>>> = {
  "onnxruntime-node/cpu": async () => createNodeRuntime({ threads: 2 }),
  "onnxruntime-web/wasm": () => createWebRuntime(),
};

const runtimes = {
  ...packages,
  "reference/float64": async () => createReferenceRuntime(),
};

/** y = x + 1 and z = 2 x for x [2, N]. */
function twoOutputs(): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [2, 3], "float32", [2, "N"]);
  b.output(b.op("Add", [x, b.scalar(1)], {}, "y"));
  b.output(b.op("Mul", [x, b.scalar(2)], {}, "z"));
  return b.build();
}

/** Fails while it runs if it is fed an index that x does not have. */
function picking(): Graph {
  const b = new GraphBuilder();
  b.output(b.op("Gather", [b.input("x", [2]), b.input("i", [1], "int64")], {}, "y"));
  return b.build();
}

const x = tensorOf("float32", [2, 3], [1, 2, 3, 4, 5, 6]);

describe.each(Object.entries(runtimes))("%s", (name, create) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await create();
  });
  afterAll(() => runtime.release());

  test("is named so", () => {
    expect(runtime.name).toBe(name);
  });

  // The interpreter has no numbers that round to float16.
  const known = smallGraphs.filter(
    ({ expected }) => expected.type !== "float16" || name in packages,
  );
  test.each(known)("$name", async ({ graph, feeds, expected }) => {
    const [found] = Object.values(await runtime.run(graph, feeds));
    expect(found!.type).toBe(expected.type);
    expect(found!.data.constructor).toBe(expected.data.constructor);
    expect(found).toBeAllclose(expected);
  });
});

/** y = |x| and |y| + 1, by names that every object has; the second is read or not. */
function oddNames(): Graph {
  const b = new GraphBuilder();
  const y = b.op("Abs", [b.input("__proto__", [3])], {}, "constructor");
  const z = b.op("Add", [y, b.input("toString", [3])], {}, "valueOf");
  for (const value of [y, z]) b.output(value);
  return b.build();
}

describe.each(Object.entries(packages))("%s", (_name, create) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await create();
  });
  afterAll(() => runtime.release());

  test("takes inputs and outputs whose names every object has", async () => {
    const x = tensorOf("float32", [3], [-1, 2, -3]);
    const one = tensorOf("float32", [3], [1, 1, 1]);
    const feeds = Object.fromEntries([["__proto__", x] as const, ["toString", one] as const]);
    const all = await runtime.run(oddNames(), feeds);
    expect(Object.entries(all).map(([name, { data }]) => [name, ...data])).toEqual([
      ["constructor", 1, 2, 3],
      ["valueOf", 2, 3, 4],
    ]);
    const some = await runtime.run(oddNames(), feeds, { outputs: ["valueOf"] });
    expect(Object.entries(some).map(([name, { data }]) => [name, ...data])).toEqual([
      ["valueOf", 2, 3, 4],
    ]);
    await expect(
      runtime.run(oddNames(), Object.fromEntries([["__proto__", x] as const])),
    ).rejects.toThrow('input "toString" must be fed');
  });

  test("computes the outputs that are asked for, all by default", async () => {
    expect(Object.keys(await runtime.run(twoOutputs(), { x }))).toEqual(["y", "z"]);
    const { z, ...others } = await runtime.run(twoOutputs(), { x }, { outputs: ["z"] });
    expect(z).toBeAllclose([2, 4, 6, 8, 10, 12]);
    expect(others).toEqual({});
  });

  test("gives fresh tensors that outlive the session", async () => {
    const session = await runtime.open(twoOutputs());
    const first = await session.run({ x });
    const second = await session.run({ x: tensorOf("float32", [2, 1], [9, 9]) });
    await session.release();
    expect(first["y"]).toBeAllclose(tensorOf("float32", [2, 3], [2, 3, 4, 5, 6, 7]));
    expect(second["y"]).toBeAllclose(tensorOf("float32", [2, 1], [10, 10]));
  });

  test("takes data that lies inside a larger buffer", async () => {
    const data = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 0).subarray(1, 7);
    const { y } = await runtime.run(twoOutputs(), { x: tensor("float32", [2, 3], data) });
    expect(y).toBeAllclose([2, 3, 4, 5, 6, 7]);
  });

  test("answers calls that overlap", async () => {
    const graph = twoOutputs();
    const calls = [1, 2, 3].map((value) =>
      runtime.run(graph, { x: tensorOf("float32", [2, 1], [value, value]) }),
    );
    const found = await Promise.all([...calls, runtime.run(twoOutputs(), { x })]);
    expect(found.map(({ y }) => y!.data[0])).toEqual([2, 3, 4, 2]);
  });

  test("opens a graph without optimisation", async () => {
    const session = await runtime.open(twoOutputs(), { optimization: "none" });
    expect((await session.run({ x }))["z"]).toBeAllclose([2, 4, 6, 8, 10, 12]);
    await session.release();
  });

  test("a released session refuses to run and may be released again", async () => {
    const session = await runtime.open(twoOutputs());
    await session.release();
    await session.release();
    await expect(session.run({ x })).rejects.toThrow(/session must be open, got a released one/);
  });

  test("runs again after its kept sessions were released", async () => {
    const graph = twoOutputs();
    await runtime.run(graph, { x });
    await runtime.release();
    expect((await runtime.run(graph, { x }))["y"]!.data[0]).toBe(2);
  });

  test("stops when the signal fires, before the run and while it waits for its turn", async () => {
    const stop = new AbortController();
    const waiting = runtime.run(twoOutputs(), { x }, { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    const late = runtime.run(twoOutputs(), { x }, { signal: stop.signal });
    await expect(late).rejects.toMatchObject({ name: "LimpidError", code: "aborted" });
  });

  test.each([
    [{}, 'input "x" must be fed float32 [2, N], got nothing.'],
    [{ x, w: x }, 'feeds must be inputs of the graph (x), got "w".'],
    [
      { x: tensorOf("float32", [3, 2], [1, 2, 3, 4, 5, 6]) },
      'input "x" must be float32 [2, N], got float32 [3, 2].',
    ],
    [
      { x: tensorOf("int32", [2, 1], [1, 2]) },
      'input "x" must be float32 [2, N], got int32 [2, 1].',
    ],
  ])("refuses feeds %#", async (feeds: Readonly<Record<string, Tensor>>, message) => {
    await expect(runtime.run(twoOutputs(), feeds)).rejects.toMatchObject({
      code: "shape-mismatch",
      message: `${runtime.name}: ${message}`,
    });
  });

  test("refuses an output that the graph does not have", async () => {
    await expect(runtime.run(twoOutputs(), { x }, { outputs: ["q"] })).rejects.toMatchObject({
      code: "bad-option",
      message: `${runtime.name}: outputs must be those of the graph (y, z), got "q".`,
    });
  });

  test("wraps what ONNX Runtime says of a graph that does not compile", async () => {
    const b = new GraphBuilder();
    b.output(b.op("Relu", [b.input("x", [1], "string")]));
    const failing = runtime.run(b.build(), { x: tensor("string", [1], ["a"]) });
    await expect(failing).rejects.toMatchObject({ code: "runtime", cause: expect.any(Error) });
    await expect(failing).rejects.toThrow(
      /: the graph must compile, got ".*Type 'tensor\(string\)'/,
    );
  });

  test.each([
    ["Polish", "", 'Polish ("y")'],
    ["Scan-8", "", 'Scan in the form of opset 8 ("y")'],
    ["Polish", "com.example", 'Polish ("y")'],
  ])(
    "names %s of domain %j as an operator that it does not have",
    async (operator, domain, named) => {
      const type = operator === "Det" ? "float64" : "float32";
      const shape = { type, dims: [2, 2] } as const;
      const graph: Graph = {
        name: "unknown",
        inputs: [{ name: "x", ...shape }],
        outputs: [{ name: "y", ...shape }],
        nodes: [{ name: "y", operator, domain, inputs: ["x"], outputs: ["y"], attributes: {} }],
        initializers: new Map(),
        shapes: new Map(),
        metadata: new Map(),
      };
      const feeds = { x: tensorOf(type, [2, 2], [1, 2, 3, 4]) };
      await expect(runtime.run(graph, feeds)).rejects.toMatchObject({
        code: "unsupported-operator",
        message: `${runtime.name}: every operator must be one that ONNX Runtime computes, got ${named}. export the model without it.`,
      });
    },
  );

  test("wraps what ONNX Runtime says of a run that fails, and runs on", async () => {
    const graph = picking();
    const at = (index: number) => ({
      x: tensorOf("float32", [2], [5, 6]),
      i: tensorOf("int64", [1], [index]),
    });
    const failing = runtime.run(graph, at(7));
    await expect(failing).rejects.toMatchObject({ code: "runtime", cause: expect.any(Error) });
    await expect(failing).rejects.toThrow(/: the run must succeed, got ".*idx=7.*"\.$/);
    expect((await runtime.run(graph, at(1)))["y"]).toBeAllclose([6]);
  });
});

describe("onnxruntime-node", () => {
  test("names the providers that this build has", () => {
    expect(() => createNodeRuntime({ provider: "abacus" as "cpu" })).toThrow(
      /the provider must be one of cpu, .*got "abacus"/,
    );
  });

  test("maps weights from a file, also beside others that lie in memory", async () => {
    const folder = mkdtempSync(join(tmpdir(), "limpid-runtimes-"));
    const path = join(folder, "weights ü.bin");
    const size = 160;
    const data = new Float32Array(size * size).fill(2);
    writeFileSync(path, new Uint8Array([...new Uint8Array(64), ...new Uint8Array(data.buffer)]));
    const b = new GraphBuilder();
    const inFile: Tensor = {
      type: "float32",
      dims: [size, size],
      file: { path, offsetBytes: 64 },
      get data(): Float32Array {
        throw new Error("the weights must be mapped, not read");
      },
    };
    const inMemory = tensor("float32", [size, size], new Float32Array(size * size).fill(3));
    const hidden = b.op("MatMul", [b.input("x", [1, size]), b.initializer("f", inFile)]);
    b.output(b.op("MatMul", [hidden, b.initializer("m", inMemory)], {}, "y"));
    const runtime = createNodeRuntime({ threads: 1 });
    const ones = tensor("float32", [1, size], new Float32Array(size).fill(1));
    const { y } = await runtime.run(b.build(), { x: ones });
    await runtime.release();
    rmSync(folder, { recursive: true });
    expect(y!.data[0]).toBe(size * 2 * size * 3);
  });

  test("prints nothing of its own, whatever goes wrong", () => {
    const script = new URL("./noisy-runs.ts", import.meta.url).pathname;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script], {
      encoding: "utf8",
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: "onnxruntime-node/cpu: runtime\nonnxruntime-web/wasm: runtime\n",
      stderr: "",
    });
  });
});

describe("onnxruntime-web in Node", () => {
  test("has no WebGPU", async () => {
    await expect(createWebRuntime({ provider: "webgpu" })).rejects.toMatchObject({
      code: "runtime",
      message: 'onnxruntime-web: WebGPU must be there, got none in this process. use "wasm".',
    });
  });

  test("refuses a number of threads that is none, or another than it started with", async () => {
    await createWebRuntime();
    await expect(createWebRuntime({ threads: 0 })).rejects.toMatchObject({ code: "bad-option" });
    await expect(createWebRuntime({ threads: 99 })).rejects.toThrow(
      /threads must be \d+, as the first runtime set it up, got 99/,
    );
  });
});

/** x plus one number throughout, of so many weights that they are handed over beside the model. */
function adding(value: number): Graph {
  const b = new GraphBuilder();
  const count = 1 << 15;
  const weights = b.constant(new Float32Array(count).fill(value), [count]);
  b.output(b.op("Add", [b.input("x", [1]), weights], {}, "y"));
  return b.build();
}

test.each(Object.entries(packages))(
  "%s: runtimes that open and compute at once keep their weights apart",
  async (_, create) => {
    const property = asyncProperty(
      array(integer({ min: -999, max: 999 }), { minLength: 2, maxLength: 6 }),
      async (values) => {
        const answers = values.map(async (value) => {
          const runtime = await create();
          const graph = adding(value);
          const { y } = await runtime.run(graph, { x: tensorOf("float32", [1], [0.5]) });
          await runtime.release();
          return y!.data[0];
        });
        expect(await Promise.all(answers)).toEqual(values.map((value) => value + 0.5));
      },
    );
    await assert(property, { numRuns: 20 });
  },
);

test("WebAssembly hears of a stop that comes as a message while it computes", async () => {
  const runtime = await createWebRuntime();
  const b = new GraphBuilder();
  b.output(b.op("Relu", [b.input("x", [1])]));
  const graph = b.build();
  const signal = { aborted: false };
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", () => (signal.aborted = true), { once: true });
  port1.start();
  let runs = 0;
  const work = async () => {
    for (; runs < 1000; runs++) {
      if (runs === 3) port2.postMessage("stop");
      await runtime.run(graph, { x: tensorOf("float32", [1], [1]) }, { signal });
    }
  };
  await expect(work()).rejects.toMatchObject({ code: "aborted" });
  expect(runs).toBeLessThan(6);
  port1.close();
});
