/** @file The machine as a job has it: what a job reads, it never writes over. */
import { isFailure, LimpidError } from "../errors.ts";
import type { ByteSource } from "../formats/source.ts";
import { joinPath } from "../wording/paths.ts";
import type { HeldFolder, PathInfo, Platform } from "./platform.ts";

/** A platform that knows a job's inputs. Writing over one of them, by whatever path, throws `bad-option`. */
export interface JobPlatform extends Platform {
  /** Files that will be read; each that was read is an input by itself. They are looked at when something is written over. */
  protect(paths: Iterable<string>): void;
  /**
   * The bytes that an earlier run left at a path, which this one may replace; undefined where there is nothing. The only
   * way of reading that makes no input. With `length` no more than so many, from `first` or the start on.
   */
  readOwn(path: string, length?: number, first?: number): Promise<Uint8Array | undefined>;
  /** As `find`, of what an earlier run left; undefined also for what leads out of the folder of the results. */
  findOwn(path: string): Promise<PathInfo | undefined>;
  /**
   * Does work whose results go to a folder, to which no other run writes meanwhile. Nothing of it is read as a run's own,
   * written or removed by links that lead out of the folder: that throws `bad-file`.
   */
  within<T>(folder: string, work: () => Promise<T>): Promise<T>;
  /** Identities of the inputs. */
  readonly inputs: ReadonlySet<string>;
}

/** The machine for one job; `known` are inputs of jobs that it builds on. */
export function jobPlatform(platform: Platform, known: Iterable<string> = []): JobPlatform {
  const inputs = new Inputs(platform, known);
  const results = new ResultFolders(platform);
  const requirePlace = async (path: string) => {
    await results.requireInside(path);
    await inputs.requireNone(path);
  };
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
    readOwn: async (path, length, first = 0) => {
      await results.requireInside(path);
      if (!(await platform.find(path))) return undefined;
      if (length === undefined) return platform.readBytes(path);
      return (await platform.source(path)).read(first, length);
    },
    findOwn: async (path) => {
      if (!(await results.isInside(path))) return undefined;
      return platform.find(path);
    },
    within: (folder, work) => results.within(folder, work),
    readBytes: reading(platform.readBytes),
    readText: reading(platform.readText),
    readPicture: reading(platform.readPicture),
    source: async (path) => inputs.addSource(await platform.source(path)),
    requireWritable: async (path) => {
      await requirePlace(path);
      await platform.requireWritable(path);
    },
    writeWhole: async (path, data) => {
      await requirePlace(path);
      await platform.writeWhole(path, data);
    },
    remove: async (path) => {
      await requirePlace(path);
      await platform.remove(path);
    },
  };
}

/** The folders that a job writes its results to. */
class ResultFolders {
  readonly #platform: Pick<Platform, "holdFolder">;
  readonly #held = new Map<string, HeldFolder>();

  constructor(platform: Pick<Platform, "holdFolder">) {
    this.#platform = platform;
  }

  async within<T>(folder: string, work: () => Promise<T>): Promise<T> {
    const held = await this.#platform.holdFolder(folder);
    const path = joinPath(folder);
    this.#held.set(path, held);
    try {
      return await work();
    } finally {
      this.#held.delete(path);
      await held.release();
    }
  }

  /** Throws `bad-file` for a path below one of them that leads out of it. */
  async requireInside(path: string): Promise<void> {
    const whole = joinPath(path);
    for (const [folder, held] of this.#held) {
      if (folder === "." ? !/^(\/|\.\.)/.test(whole) : whole.startsWith(`${folder}/`))
        await held.requireInside(path);
    }
  }

  async isInside(path: string): Promise<boolean> {
    try {
      await this.requireInside(path);
      return true;
    } catch (cause) {
      if (isFailure(cause)) return false;
      throw cause;
    }
  }
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
