/** @file The golden networks: small seeded models and what PyTorch, Captum and pytorch-grad-cam compute on them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { decodeSafetensors } from "../../src/formats/safetensors.ts";
import type { Tensor } from "../../src/graph/tensor.ts";

/** What is known of a network. */
export interface GoldenEntry {
  readonly opset: number;
  /** ONNX value whose activation and gradient are stored. */
  readonly cam_layer?: string;
  /** True if the network ends in a softmax of its own. */
  readonly softmax_inside: boolean;
  readonly occlusion_window: number;
}

const folder = new URL("./", import.meta.url);

export const goldenManifest = JSON.parse(
  readFileSync(new URL("manifest.json", folder), "utf8"),
) as Readonly<Record<string, GoldenEntry>>;

export const goldenNames = Object.keys(goldenManifest);

/** A file of the folder; those over 1 MiB are stored in parts. */
export function readGoldenFile(file: string): Uint8Array {
  const path = new URL(file, folder);
  if (existsSync(path)) return new Uint8Array(readFileSync(path));
  const parts = readdirSync(folder)
    .filter((name) => name.startsWith(`${file}.part`))
    .sort();
  if (parts.length === 0) throw new Error(`no golden file "${file}"`);
  return new Uint8Array(Buffer.concat(parts.map((part) => readFileSync(new URL(part, folder)))));
}

/** The bytes of NAME.onnx. */
export function loadGoldenModel(name: string): Uint8Array {
  return readGoldenFile(`${name}.onnx`);
}

/** The tensors of NAME.safetensors. */
export function loadGoldenTensors(name: string): Readonly<Record<string, Tensor>> {
  return decodeSafetensors(readGoldenFile(`${name}.safetensors`)).tensors;
}
