/** @file The machine as a job has it: what a job reads, it never writes over. */
import { LimpidError } from "../errors.ts";
import type { ByteSource } from "../formats/source.ts";
import type { Platform } from "./platform.ts";

/** A platform that knows a job's inputs. Writing over one of them, by whatever path, throws `bad-option`. */
export interface JobPlatform extends Platform {
  /** Files that will be read; each that was read is an input by itself. They are looked at when something is written over. */
  protect(paths: Iterable<string>): void;
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
  const inputs = new Inputs(platform, known);
  const reading =
    <More extends readonly unknown[], T>(read: (path: string, ...more: More) => Promise<T>) =>
    async (path: string, ...more: More) => {
      await inputs.add(path);
      return read(path, ...more);
    };
  return {
    ...platform,
    inputs: inputs.identities,
    protect: (paths) => inputs.await(paths),
    readOwn: async (path) => ((await platform.find(path)) ? platform.readBytes(path) : undefined),
    readBytes: reading(platform.readBytes),
    readText: reading(platform.readText),
    readPicture: reading(platform.readPicture),
    source: async (path) => inputs.addSource(await platform.source(path)),
    requireWritable: async (path) => {
      await inputs.requireNone(path);
      await platform.requireWritable(path);
    },
    writeWhole: async (path, data) => {
      await inputs.requireNone(path);
      await platform.writeWhole(path, data);
    },
    remove: async (path) => {
      await inputs.requireNone(path);
      await platform.remove(path);
    },
  };
}

/** The files that a job reads. */
class Inputs {
  readonly identities: Set<string>;
  readonly #platform: Pick<Platform, "find">;
  /** Paths of which nobody has asked yet what lies there. */
  readonly #awaited = new Set<string>();

  constructor(platform: Pick<Platform, "find">, known: Iterable<string>) {
    this.#platform = platform;
    this.identities = new Set(known);
  }

  async add(path: string): Promise<void> {
    const identity = await this.#identityOf(path);
    if (identity !== undefined) this.identities.add(identity);
  }

  /** Adds the file of a source, and files beside it as they are found. */
  async addSource(source: ByteSource): Promise<ByteSource> {
    await this.add(source.name);
    const beside = async (location: string) => {
      const found = await source.beside(location);
      return found && this.addSource(found);
    };
    return { ...source, beside };
  }

  await(paths: Iterable<string>): void {
    for (const path of paths) this.#awaited.add(path);
  }

  /** Throws `bad-option` for the path of an input. */
  async requireNone(path: string): Promise<void> {
    const identity = await this.#identityOf(path);
    if (identity === undefined) {
      // What a job makes itself is no input, whatever was asked for.
      this.#awaited.delete(path);
      return;
    }
    await Promise.all(Array.from(this.#awaited, (awaited) => this.add(awaited)));
    this.#awaited.clear();
    if (!this.identities.has(identity)) return;
    throw new LimpidError(
      "bad-option",
      `write: "${path}" must be no file that is read, got one of the inputs. choose another place.`,
    );
  }

  async #identityOf(path: string): Promise<string | undefined> {
    return (await this.#platform.find(path))?.identity;
  }
}
