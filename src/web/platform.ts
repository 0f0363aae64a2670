/** @file The seam's adapter for browsers, in a page or a worker: files handed in, canvas, ONNX Runtime's WebAssembly. */
import { env } from "onnxruntime-common";
import { heldFile, pathOf, type NamedFile } from "../app/handed-file.ts";
import { heldFiles, type HeldFiles } from "../app/held-files.ts";
import type { Machine, Platform, RuntimeName } from "../app/platform.ts";
import { linkedDocument } from "../drawing/linked-document.ts";
import type { Typefaces } from "../drawing/typeface.ts";
import { LimpidError } from "../errors.ts";
import { createWebRuntime, type WebRuntimeOptions } from "../runtime/onnxruntime-web.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { version } from "../version.ts";
import { fetchBytes } from "./fetch-bytes.ts";
import type { TypefaceAddresses } from "./typefaces.ts";

/** A file of the page's: a `File` as people choose it, or anything else with a name given to it. */
export type WebFile = File | NamedFile<Blob>;

export interface WebPlatformOptions {
  /** Models with all their parts, pictures, lists of names: in any order. */
  readonly files?: Iterable<WebFile>;
  /** Without them no sheet can be drawn. */
  readonly typefaces?: TypefaceAddresses;
  /** How runtimes are set up. */
  readonly runtime?: Omit<WebRuntimeOptions, "provider">;
}

export interface WebPlatform extends Platform {
  /** Hands in further files. */
  add(files: Iterable<WebFile>): void;
  /** What jobs wrote, by path, for the page to show or to hand out. */
  readonly written: HeldFiles["written"];
}

/** A browser as the application's machine. Nothing is fetched but what the page names itself. */
export function webPlatform(options: WebPlatformOptions = {}): WebPlatform {
  const { add, ...held } = heldFiles(() => Date.now());
  const addAll = (files: Iterable<WebFile>) => {
    for (const file of files) add(pathOf(file), heldFile(file));
  };
  addAll(options.files ?? []);
  let typefaces: Promise<Typefaces> | undefined;
  return {
    ...held,
    add: addAll,
    // Files of pictures are read and written once somebody has some.
    readPicture: async (path, range) => {
      const { decodePicture } = await import("./pictures.ts");
      return decodePicture(await held.readBytes(path), path, range);
    },
    encodePicture: async (...asked) => (await import("./pictures.ts")).encodePicture(...asked),
    typefaces: () =>
      (typefaces ??= loadLetters(options.typefaces).catch((cause: unknown) => {
        // What did not come may come when it is asked for again.
        typefaces = undefined;
        throw cause;
      })),
    chartDocument: async () => ("document" in globalThis ? document : linkedDocument()),
    versions,
    machine,
    nowMs: () => performance.now(),
    processors: coreCount(),
    locate: async (asked) => {
      if (!(await held.find(asked))) await held.source(asked);
      return { path: asked, from: "disk" };
    },
    fetchBytes,
    mirror: () => undefined,
    shipped: async () => undefined,
    openRuntime: (name) => openRuntime(name, options.runtime),
  };
}

/** What reads fonts is only loaded where sheets are drawn. */
async function loadLetters(addresses: TypefaceAddresses | undefined): Promise<Typefaces> {
  const { loadTypefaces } = await import("./typefaces.ts");
  return loadTypefaces(addresses);
}

/** Of Limpid, ONNX Runtime and the browser. */
function versions(): Readonly<Record<string, string>> {
  return {
    limpid: version,
    onnxruntime: env.versions.common,
    browser: navigator.userAgent,
    machine: "web",
  };
}

function machine(): Machine {
  // Chromium alone tells the memory, in gigabytes and rounded.
  const { deviceMemory = 0 } = navigator as { readonly deviceMemory?: number };
  return {
    processor: "unknown processor",
    cores: coreCount(),
    memoryBytes: deviceMemory * 2 ** 30,
    system: navigator.userAgent,
  };
}

function coreCount(): number {
  return Math.max(navigator.hardwareConcurrency, 1);
}

async function openRuntime(
  name: RuntimeName,
  settings: WebPlatformOptions["runtime"] = {},
): Promise<Runtime> {
  if (name === "wasm" || name === "webgpu")
    return createWebRuntime({ ...settings, provider: name });
  throw new LimpidError(
    "bad-option",
    `runtime: a browser must be asked for wasm or webgpu, got "${name}".`,
  );
}
