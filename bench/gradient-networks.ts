/** @file The networks of the gradient benchmarks, written as ONNX by the PyTorch twin into a folder that is kept. */
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPyTorch, type PyTorchTwin } from "./pytorch.ts";

export const threads = 2;

/** Torchvision's names: the 17 of docs/benchmarks.md. */
export const gradientNetworks = [
  "shufflenet_v2_x1_0",
  "mobilenet_v2",
  "squeezenet1_1",
  "efficientnet_b0",
  "mobilenet_v3_large",
  "mobilenet_v3_small",
  "regnet_y_400mf",
  "resnet18",
  "vgg16_bn",
  "densenet121",
  "inception_v3",
  "resnet50",
  "resnext50_32x4d",
  "convnext_tiny",
  "swin-t",
  "googlenet",
  "vit-b-32",
] as const;

/** Where files of networks are kept from run to run: `LIMPID_BENCH_MODELS`, or a temporary folder. */
export function networkFile(name: string): string {
  const folder = process.env["LIMPID_BENCH_MODELS"] ?? join(tmpdir(), "limpid-bench-models");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.onnx`);
}

/** The network in PyTorch, whose file is there afterwards; undefined without Debian's PyTorch, where it says so if there is no file. */
export async function networkTwin(name: string): Promise<PyTorchTwin | undefined> {
  const file = networkFile(name);
  try {
    return await startPyTorch("pytorch_twin.py", [name, file, String(threads)]);
  } catch (cause) {
    if (existsSync(file)) return undefined;
    throw new Error(
      `${name}: ${file} must be there, or Debian's python3-torch and python3-torchvision to write it.`,
      { cause },
    );
  }
}
