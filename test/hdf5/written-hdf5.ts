/** @file HDF5 files as the C library writes and reads them (h5wasm), for tests of our own reader. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as h5wasm from "h5wasm/node";

/** A file that is being written. */
export type WrittenFile = h5wasm.File;
export type WrittenGroup = h5wasm.Group;

/** Options of a file: which versions of structures may be written, and whether groups keep their order. */
export type WritingOptions = h5wasm.FileOptions;

async function inFolder<T>(work: (path: string) => T): Promise<T> {
  await h5wasm.ready;
  const folder = mkdtempSync(join(tmpdir(), "limpid-hdf5-"));
  try {
    return work(join(folder, "file.h5"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The bytes of a file that `build` fills. */
export function writtenHdf5(
  build: (file: WrittenFile) => void,
  options: WritingOptions = {},
): Promise<Uint8Array> {
  return inFolder((path) => {
    const file = new h5wasm.File(path, "w", options);
    build(file);
    file.close();
    return new Uint8Array(readFileSync(path));
  });
}

/** An array with its dimensions; none for a single value. */
export interface Listed {
  readonly dims: readonly number[];
  readonly values: readonly unknown[];
}

/** All of an object, for comparing readers. */
export interface Described {
  /** Of what lies in a group, sorted; undefined for datasets. */
  readonly names?: readonly string[];
  readonly attributes: Readonly<Record<string, Listed>>;
  readonly data?: Listed;
}

/** Everything in a file by its path, as the C library reads it. */
export function describedByLibrary(bytes: Uint8Array): Promise<Record<string, Described>> {
  return inFolder((path) => {
    writeFileSync(path, bytes);
    const file = new h5wasm.File(path, "r");
    const found: Record<string, Described> = {};
    describe(file, "/", found);
    file.close();
    return found;
  });
}

function describe(object: unknown, path: string, found: Record<string, Described>): void {
  if (object instanceof h5wasm.Dataset) {
    found[path] = { attributes: attributesOf(object), data: listed(object.shape, object.value) };
  } else if (object instanceof h5wasm.Group) {
    const names = object.keys();
    found[path] = { names: names.toSorted(), attributes: attributesOf(object) };
    for (const name of names) {
      describe(object.get(name), path === "/" ? `/${name}` : `${path}/${name}`, found);
    }
  }
}

function attributesOf(object: h5wasm.Group | h5wasm.Dataset): Record<string, Listed> {
  return Object.fromEntries(
    Object.entries(object.attrs).map(([name, { shape, value }]) => [name, listed(shape, value)]),
  );
}

function listed(shape: readonly number[] | null, value: unknown): Listed {
  if (shape === null) return { dims: [0], values: [] };
  const values = shape.length === 0 ? [value] : Array.from(value as Iterable<unknown>);
  return { dims: shape, values };
}
