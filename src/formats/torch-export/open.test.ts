/** @file Exported programs as graphs: names, weights, open sizes, changes in place, and what is refused. */
import { describe, expect, test } from "vitest";
import {
  exportFiles,
  folderOf,
  bytesOf,
  storedZip,
  type Files,
} from "../../../test/torch/archive.ts";
import { ProgramWriter } from "../../../test/torch/graph-writer.ts";
import { counted, numbers, opened, small } from "../../../test/torch/opened-program.ts";
import { savedZip } from "../../../test/torch/pickle-writer.ts";
import { programJson } from "../../../test/torch/program.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { tensorOf, toNumbers } from "../../graph/tensor.ts";
import { openGraph } from "../index.ts";
import { memorySource } from "../source.ts";
import { openTorchExport } from "./open.ts";

/** Two blocks as torchvision writes them, with a batch that is open. */
function residual(): ProgramWriter {
  const p = new ProgramWriter();
  const batch = { name: "s0", hint: 2 };
  const sizes = [batch, 4, 6, 6];
  const x = p.input("x", [batch, 3, 6, 6]);
  const convolved = p.node(
    "conv2d.default",
    {
      input: x,
      weight: p.weight("conv1.weight", counted([4, 3, 3, 3])),
      bias: null,
      stride: [1, 1],
      padding: [1, 1],
    },
    sizes,
    "conv1",
  );
  const normal = p.node(
    "batch_norm.default",
    {
      input: convolved,
      weight: p.weight("layer1.0.bn1.weight", counted([4])),
      bias: p.weight("layer1.0.bn1.bias", counted([4])),
      running_mean: p.weight("layer1.0.bn1.running_mean", counted([4]), "buffer"),
      running_var: p.weight(
        "layer1.0.bn1.running_var",
        tensorOf("float32", [4], [1, 2, 3, 4]),
        "buffer",
      ),
      training: false,
      momentum: 0.1,
      eps: 1e-5,
      cudnn_enabled: true,
    },
    sizes,
    "layer1.0.bn1",
  );
  const first = p.node("relu_.default", { self: normal }, sizes, "layer1.0.relu");
  const sum = p.node("add_.Tensor", { self: first, other: convolved }, sizes, "layer1.0");
  const second = p.node("relu_.default", { self: sum }, sizes, "layer1.0.relu");
  const pooled = p.node(
    "adaptive_avg_pool2d.default",
    { self: second, output_size: [1, 1] },
    [batch, 4, 1, 1],
    "avgpool",
  );
  const flat = p.node("flatten.using_ints", { self: pooled, start_dim: 1 }, [batch, 4]);
  const logits = p.node(
    "linear.default",
    {
      input: flat,
      weight: p.weight("fc.weight", counted([5, 4])),
      bias: p.weight("fc.bias", counted([5])),
    },
    [batch, 5],
    "fc",
  );
  p.output(logits);
  return p;
}

describe("a network of blocks", () => {
  test("has the user's own names, and its weights theirs", async () => {
    const graph = await opened(residual());
    expect(graph.nodes.map(({ outputs }) => outputs[0])).toEqual([
      "conv1",
      "layer1.0.bn1",
      "layer1.0.relu/relu",
      "layer1.0",
      "layer1.0.relu",
      "avgpool",
      "flatten",
      "fc",
    ]);
    const weights = [...graph.initializers.keys()].filter((name) => !name.startsWith("constant/"));
    expect(weights.sort()).toEqual([
      "conv1.weight",
      "fc.bias",
      "fc.weight",
      "layer1.0.bn1.bias",
      "layer1.0.bn1.running_mean",
      "layer1.0.bn1.running_var",
      "layer1.0.bn1.weight",
    ]);
    expect(graph.metadata.size).toBe(0);
  });

  test("keeps its batch open", async () => {
    const graph = await opened(residual());
    expect(graph.inputs).toEqual([{ name: "x", type: "float32", dims: ["N", 3, 6, 6] }]);
    expect(graph.outputs).toEqual([{ name: "fc", type: "float32", dims: ["N", 5] }]);
    for (const batch of [1, 3]) {
      expect(await numbers(graph, counted([batch, 3, 6, 6]))).toHaveLength(5 * batch);
    }
  });

  test("is opened as a zip archive as PyTorch writes it", async () => {
    const bytes = storedZip(exportFiles(residual().program()));
    expect(await openGraph(memorySource("net.pt2", bytes))).toEqual(await opened(residual()));
  });
});

test("an archive of before PyTorch 2.8 is the same network", async () => {
  const program = residual().program();
  const weights = Object.values(program.weights).map(({ name, tensor }) => [name, { tensor }]);
  const old = {
    "serialized_exported_program.json": bytesOf(JSON.stringify(programJson(program))),
    "serialized_state_dict.pt": savedZip({ dictionary: Object.fromEntries(weights) as never }),
    "serialized_constants.pt": savedZip({ dictionary: {} }),
    "serialized_example_inputs.pt": savedZip([]),
    version: bytesOf("8.8"),
  };
  expect(await openTorchExport(folderOf(old))).toEqual(await opened(residual()));
});

describe("open sizes", () => {
  const [n, h, w] = [
    { name: "s0", hint: 2 },
    { name: "s1", hint: 8 },
    { name: "s2", hint: 6 },
  ];

  test("of pictures stay open through windows", async () => {
    const p = small(
      (p, x) =>
        p.node("max_pool2d.default", { self: x, kernel_size: [2, 2] }, [
          n,
          1,
          { name: "t", hint: 4 },
          { name: "u", hint: 3 },
        ]),
      [n, 1, h, w],
    );
    const graph = await opened(p);
    expect(graph.inputs[0]!.dims).toEqual(["N", 1, "H", "W"]);
    expect(await numbers(graph, counted([1, 1, 4, 4]))).toHaveLength(4);
  });

  test("whose numbers are needed are as in the example, which is told", async () => {
    const p = small(
      (p, x) =>
        p.node("adaptive_avg_pool2d.default", { self: x, output_size: [3, 3] }, [n, 1, 3, 3]),
      [n, 1, h, w],
    );
    const graph = await opened(p);
    expect(graph.inputs[0]!.dims).toEqual(["N", 1, 8, 6]);
    const notes = JSON.parse(graph.metadata.get(metadataKeys.reading)!) as string[];
    expect(notes.join(" ")).toMatch(/open size "s1" stays as it was.*open size "s2"/);
  });
});

test("training mode computes as in inference, which is told", async () => {
  const p = small((p, x) => p.node("dropout.default", { input: x, p: 0.5, train: true }, [2, 3]));
  const graph = await opened(p);
  const notes = JSON.parse(graph.metadata.get(metadataKeys.reading)!) as string[];
  expect(notes).toEqual([
    "The network was exported in training mode: dropout does nothing here, as in inference.",
  ]);
});

test("tied weights are one initializer, and views of one storage are read by their strides", async () => {
  const p = new ProgramWriter();
  const x = p.input("x", [1, 2]);
  const weight = tensorOf("float32", [2, 2], [1, 2, 3, 4]);
  const first = p.node(
    "linear.default",
    { input: x, weight: p.weight("a.weight", weight) },
    [1, 2],
    "a",
  );
  const second = p.node(
    "linear.default",
    { input: first, weight: p.weight("b.weight", weight) },
    [1, 2],
    "b",
  );
  p.output(
    p.node("linear.default", { input: second, weight: p.weight("c.weight", weight) }, [1, 2], "c"),
  );
  const files = exportFiles(p.program());
  const config = JSON.parse(
    new TextDecoder().decode(files["data/weights/model_weights_config.json"]),
  ) as {
    config: Record<string, { path_name: string; tensor_meta: { strides: unknown } }>;
  };
  config.config["b.weight"]!.path_name = "weight_0";
  config.config["c.weight"]!.path_name = "weight_0";
  config.config["c.weight"]!.tensor_meta.strides = [{ as_int: 1 }, { as_int: 2 }];
  const list = bytesOf(JSON.stringify(config));
  const graph = await openTorchExport(
    folderOf({ ...files, "data/weights/model_weights_config.json": list }),
  );
  expect([...graph.initializers.keys()]).toEqual(["a.weight", "c.weight"]);
  expect(toNumbers(graph.initializers.get("c.weight")!)).toEqual([1, 3, 2, 4]);
  // [1 1] by rows of [1 2; 3 4] is [3 7], then [17 37], then by its transpose [128 182].
  expect(await numbers(graph, tensorOf("float32", [1, 2], [1, 1]))).toEqual([128, 182]);
});

describe("what is refused, by its name", () => {
  const node = (target: string) => small((p, x) => p.node(target, { self: x }, [2, 3]));

  test.each([
    ["torch.ops.higher_order.cond", 'got control flow by "cond" at "torch"'],
    [
      "torch.ops.torchvision.nms.default",
      'the operator "torchvision::nms", which is not PyTorch\'s own',
    ],
    ["torch.ops.higher_order.wrap_with_set_grad_enabled", "which holds a graph of its own"],
    ["torch.ops.aten.svd.default", 'got the operator "svd" at "torch"'],
  ])("%s", async (target, message) => {
    await expect(opened(node(target))).rejects.toThrow(message);
  });

  test("arguments that the rule of an operator does not know", async () => {
    const p = small((p, x) => p.node("relu.default", { self: x, slope: 0.5 }, [2, 3]));
    await expect(opened(p)).rejects.toThrow(
      'relu: every argument must be one that is read, got "slope"',
    );
    const rounded = small((p, x) => p.node("round.decimals", { self: x, decimals: 2 }, [2, 3]));
    await expect(opened(rounded)).rejects.toThrow("decimals must be 0, got 2");
  });

  test("views by strides in which elements move", async () => {
    const p = small((p, x) => {
      const turned = p.node(
        "as_strided.default",
        { self: x, size: [3, 2], stride: [1, 3] },
        [3, 2],
      );
      return p.node("relu.default", { self: turned }, [3, 2]);
    });
    await expect(opened(p)).rejects.toThrow("strides must be those that the value has");
  });

  test("values of other sizes than the file tells", async () => {
    const p = small((p, x) => p.node("relu.default", { self: x }, [3, 3]));
    await expect(opened(p)).rejects.toThrow(
      '"relu" must be float32 [3, 3] as the file tells, got float32 [2, 3]',
    );
  });

  test.each([
    [
      "more repeats than fit in memory",
      "repeat_interleave.self_int",
      { dim: 0, repeats: 2 ** 31 },
      [2 ** 32, 3],
      "a list must have at most 1048576 numbers, got 4294967296",
    ],
    [
      "parts of an axis that is too long",
      "slice_scatter.default",
      { src: 0, dim: 0, step: 2 },
      [2 ** 31, 3],
      "a list must have at most 1048576 numbers, got 2147483648",
    ],
    [
      "sizes below zero",
      "adaptive_avg_pool1d.default",
      { output_size: [-2] },
      [2, -2],
      'sizes of "adaptive_avg_pool1d" must be from 0, got [2, -2]',
    ],
  ])("%s", async (_, target, given, sizes, message) => {
    const isLong = target.startsWith("slice");
    const p = small(
      (p, x) => p.node(target, { self: x, ...given, ...(isLong ? { src: x } : {}) }, sizes),
      isLong ? sizes : [2, 3],
    );
    await expect(opened(p)).rejects.toThrow(message);
  });

  test("weights of other sizes than the file tells of their tensor", async () => {
    const p = small((p, x) =>
      p.node("mul.Tensor", { self: x, other: p.weight("w", counted([3])) }, [2, 3]),
    );
    const told = programJson(p.program()) as {
      graph_module: { graph: { tensor_values: Record<string, { sizes: unknown[] }> } };
    };
    told.graph_module.graph.tensor_values["p_w"]!.sizes = [{ as_int: 1 }, { as_int: 3 }];
    const files = {
      ...exportFiles(p.program()),
      "models/model.json": bytesOf(JSON.stringify(told)),
    };
    await expect(openTorchExport(folderOf(files))).rejects.toThrow(
      '"p_w" must be float32 [1, 3] as the file tells, got float32 [3]',
    );
  });

  const without = (path: string): Files => {
    const { [path]: _, ...rest } = exportFiles(residual().program());
    return rest;
  };

  test.each([
    ["models/model.json", "an archive must hold an exported program, got none"],
    ["data/weights/weight_0", '"data/weights/weight_0" must be in the archive, got none'],
    [
      "data/weights/model_weights_config.json",
      'the weights of "conv1.weight" must be in the archive',
    ],
  ])("an archive without %s", async (path, message) => {
    await expect(openTorchExport(folderOf(without(path)))).rejects.toThrow(message);
  });

  test("weights that are no numbers", async () => {
    const p = new ProgramWriter();
    const weight = p.weight("w", tensorOf("float32", [1], [Number.NaN]));
    p.output(p.node("mul.Tensor", { self: p.input("x", [1]), other: weight }, [1]));
    await expect(opened(p)).rejects.toThrow('weights must be finite, got NaN or infinity in "w"');
  });
});
