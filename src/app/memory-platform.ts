/** @file The seam in memory, for tests: files that are handed in, pictures without a codec, a clock that counts calls. */
import { linkedDocument } from "../drawing/linked-document.ts";
import type { Typeface, Typefaces } from "../drawing/typeface.ts";
import { LimpidError } from "../errors.ts";
import { pictureOfNumbers } from "../image/file-numbers.ts";
import { toRgb, type Picture } from "../image/picture.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { version } from "../version.ts";
import { heldBytes, heldFiles, type HeldFiles } from "./held-files.ts";
import type { Platform, RuntimeName } from "./platform.ts";
import { decodeRaw, encodeRaw } from "./raw-picture.ts";

export interface MemoryPlatformOptions {
  /** By path; pictures become files as `encodePicture` writes them. */
  readonly files?: Readonly<Record<string, Uint8Array | string | Picture>>;
  /** What the web has, by address. */
  readonly addresses?: Readonly<Record<string, Uint8Array>>;
  readonly runtimes?: Readonly<Partial<Record<RuntimeName, Runtime>>>;
  /** By default letters of half a square that leave no mark. */
  readonly typefaces?: Typefaces;
}

/** A platform, and what was written on it. */
export type MemoryPlatform = Platform & Pick<HeldFiles, "written">;

/** A machine of files alone. */
export function memoryPlatform(options: MemoryPlatformOptions = {}): MemoryPlatform {
  const { files = {}, runtimes = {}, typefaces = { regular: markless, bold: markless } } = options;
  let calls = 0;
  const nowMs = () => (calls += 1);
  const { add, ...held } = heldFiles(nowMs);
  for (const [path, content] of Object.entries(files)) {
    const isPicture = typeof content === "object" && "widthPx" in content;
    add(path, heldBytes(isPicture ? encodeRaw([content]) : content));
  }
  return {
    ...held,
    readPicture: async (path, range = [0, 255]) => {
      const decoded = toRgb(decodeRaw(await held.readBytes(path), path));
      const data = Float32Array.from(decoded.data);
      return pictureOfNumbers({ ...decoded, channels: 3, data, kind: "integers" }, range);
    },
    encodePicture: async (frames) => encodeRaw(frames),
    typefaces: async () => typefaces,
    chartDocument: linkedDocument,
    versions: () => ({ limpid: version, machine: "memory" }),
    machine: () => ({ processor: "memory", cores: 1, memoryBytes: 2 ** 30, system: "memory" }),
    nowMs,
    processors: 1,
    locate: async (asked) => ({ path: asked, from: "disk" }),
    fetchBytes: async (address) => options.addresses?.[address],
    mirror: () => undefined,
    shipped: async () => undefined,
    openRuntime: async (name) => {
      const runtime = runtimes[name];
      if (runtime) return runtime;
      throw new LimpidError("bad-option", `runtime: "${name}" must be handed in, got none.`);
    },
  };
}

const markless: Typeface = {
  width: (text, sizePx) => (Array.from(text).length * sizePx) / 2,
  glyphs: () => [],
};
