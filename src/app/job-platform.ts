/** @file The machine as a job has it: what a job reads, it never writes over. */
import { LimpidError } from "../errors.ts";
import type { ByteSource } from "../formats/source.ts";
import type { Platform } from "./platform.ts";

/** A platform that knows a job's inputs. Writing over one of them, by whatever path, throws `bad-option`. */
export interface JobPlatform extends Platform {
  /** Files that will be read; each that was read is an input by itself. */
  protect(paths: Iterable<string>): Promise<void>;
  /**
   * The bytes that an earlier run left at a path, which this one may replace; undefined where there is nothing. The only
   * way of reading that makes no input.
   */
  readOwn(path: string): Promise<Uint8Array | undefined>;
  /** Identities of the inputs. */
  readonly inputs: ReadonlySet<string>;
}

/** The machine for one job; `known` are inputs of jobs that it builds on. */
export function jobPlatform(platform: Platform, known: Iterable<string> = []): JobPlatform {
  const inputs = new Set(known);
  const mark = async (path: string) => {
    const identity = (await platform.find(path))?.identity;
    if (identity !== undefined) inputs.add(identity);
  };
  const marked = async (source: ByteSource): Promise<ByteSource> => {
    await mark(source.name);
    const beside = async (location: string) => {
      const found = await source.beside(location);
      return found && marked(found);
    };
    return { ...source, beside };
  };
  const reading =
    <T>(read: (path: string) => Promise<T>) =>
    async (path: string) => {
      await mark(path);
      return read(path);
    };
  const requireNoInput = async (path: string) => {
    const identity = (await platform.find(path))?.identity;
    if (identity === undefined || !inputs.has(identity)) return;
    throw new LimpidError(
      "bad-option",
      `write: "${path}" must be no file that is read, got one of the inputs. choose another place.`,
    );
  };
  return {
    ...platform,
    inputs,
    protect: async (paths) => void (await Promise.all(Array.from(paths, mark))),
    readOwn: async (path) => ((await platform.find(path)) ? platform.readBytes(path) : undefined),
    readBytes: reading(platform.readBytes),
    readText: reading(platform.readText),
    readPicture: reading(platform.readPicture),
    source: async (path) => marked(await platform.source(path)),
    requireWritable: async (path) => {
      await requireNoInput(path);
      await platform.requireWritable(path);
    },
    writeWhole: async (path, data) => {
      await requireNoInput(path);
      await platform.writeWhole(path, data);
    },
    remove: async (path) => {
      await requireNoInput(path);
      await platform.remove(path);
    },
  };
}
