/** @file Runs in the browser: the seam's adapter for browsers against the table of what adapters do, and what is its own. */
import { LimpidError } from "../../../src/errors.ts";
import { openGraph } from "../../../src/formats/index.ts";
import type { PictureFormat } from "../../../src/app/platform.ts";
import type { Picture } from "../../../src/image/picture.ts";
import { webPlatform, type WebPlatform } from "../../../src/web.ts";
import { exampleFiles, expectations } from "../../platform-expectations.ts";
import { interAddresses } from "./inter.ts";

let tried: WebPlatform | undefined;

function examplePlatform(): WebPlatform {
  tried ??= webPlatform({
    files: Object.entries(exampleFiles).map(([name, data]) => ({ name, data })),
    typefaces: interAddresses,
  });
  return tried;
}

/** What an expectation of the table comes to. */
export function outcome(name: string): Promise<unknown> {
  const { run } = expectations.find((expectation) => expectation.name === name)!;
  return run({ platform: examplePlatform(), at: (path) => path, runtime: "wasm" });
}

/** Bytes of a weight of a model whose parts are `File`s, given in this order. */
export async function openedFiles(
  parts: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  model: string,
): Promise<Record<string, number[]>> {
  const files = parts.map(({ name, bytes }) => new File([new Uint8Array(bytes)], name));
  const graph = await openGraph(await webPlatform({ files }).source(model));
  const entries = [...graph.initializers].map(([name, { data }]) => [
    name,
    Array.from(data as Float32Array),
  ]);
  return Object.fromEntries(entries) as Record<string, number[]>;
}

/** Bytes that are read of a file of a gigabyte of which one weight is wanted. */
export async function readOfLarge(): Promise<number> {
  const piece = new Blob([new Uint8Array(1 << 20)]);
  const large = new File(Array<Blob>(1024).fill(piece), "large.bin");
  const source = await webPlatform({ files: [large] }).source("large.bin");
  const bytes = await source.read(large.size - 16, 16);
  return bytes.buffer.byteLength;
}

/** The picture of a file, or why there is none. */
export async function decoded(bytes: Uint8Array): Promise<Picture | readonly string[]> {
  const platform = webPlatform({ files: [{ name: "picture", data: bytes }] });
  return refused(platform.readPicture("picture"));
}

/** A picture file, or why there is none. */
export function encoded(
  frames: readonly Picture[],
  format: PictureFormat,
): Promise<Uint8Array | readonly string[]> {
  return refused(webPlatform().encodePicture(frames, format));
}

/** What is said of a page that gave no font files, of one that gave a wrong address, and of a name that nobody handed in. */
export async function refusals(): Promise<readonly unknown[]> {
  const { at } = { at: [new URL("/none.woff", location.href)] };
  const request = { offline: false, signal: { aborted: false }, onDownload: () => {} };
  return [
    await refused(webPlatform().typefaces()),
    await refused(webPlatform({ typefaces: { regular: at, bold: at } }).typefaces()),
    await refused(
      webPlatform({ files: [{ name: "vgg.onnx", data: "" }] }).locate("vgg16", request),
    ),
  ];
}

async function refused<T>(work: Promise<T>): Promise<T | readonly string[]> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LimpidError) return [error.code, error.message];
    throw error;
  }
}

/** What a worker, which has no document of its own, draws a chart into. */
export async function chartInWorker(): Promise<string> {
  const worker = new Worker(new URL("./platform-worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.addEventListener("message", ({ data }) => resolve(String(data)));
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
    });
  } finally {
    worker.terminate();
  }
}
