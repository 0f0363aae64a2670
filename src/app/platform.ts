/** @file The seam: all that the application wants of the machine that it runs on. Node, a browser and tests each have one. */
import type { StopSignal } from "../errors.ts";
import type { ChartDocument } from "../drawing/chart-document.ts";
import type { Typefaces } from "../drawing/typeface.ts";
import type { ByteSource } from "../formats/source.ts";
import type { PixelRange } from "../image/file-numbers.ts";
import type { DecodedPicture, Picture } from "../image/picture.ts";
import type { Machine } from "../report/record.ts";
import type { Runtime } from "../runtime/runtime.ts";

export type { Machine };

/** What lies at a path. */
export interface PathInfo {
  readonly kind: "file" | "folder";
  /** Bytes of a file; 0 for folders. */
  readonly size: number;
  /** Milliseconds since 1970 of the last change; 0 where it is not known. */
  readonly modifiedMs: number;
  /** What a plain file has by each of its paths, and no other file has; undefined for folders, pipes and devices. */
  readonly identity?: string;
}

/** A folder of results, taken by a run. */
export interface HeldFolder {
  /** Throws `bad-file` where a path that lies in the folder leads out of it by links. */
  requireInside(path: string): Promise<void>;
  /** Says that this run goes on, which is said every few seconds anyway; false where another run has taken its place. */
  renew(): Promise<boolean>;
  /** Lets others have it. If it was made for the run and nothing was written, it is gone. */
  release(): Promise<void>;
}

/** How a picture is written. */
export type PictureFormat =
  | { readonly kind: "png" }
  /** `quality` is 1..100. */
  | { readonly kind: "jpeg"; readonly quality: number }
  /** Several pictures are an animation in which each stays for `frameMs`. */
  | { readonly kind: "webp"; readonly frameMs: number };

/** What computes. */
export const runtimeNames = ["cpu", "wasm", "webgpu", "cuda", "coreml", "dml"] as const;
export type RuntimeName = (typeof runtimeNames)[number];

/** How things that a name stands for are had. */
export interface LocateRequest {
  /** Never touch the network. */
  readonly offline: boolean;
  readonly signal: StopSignal;
  /** A folder of the user's own, laid out as a mirror, in which things of the catalog are looked for first. */
  readonly own?: string;
  /** What is asked for is a name of the catalog, even where a file is called so. */
  readonly asName?: boolean;
  /** Refuse, before anything is fetched, a name of the catalog that stands for something else. */
  readonly only?: "network";
  /** Bytes of a file that have come, and its bytes in all where they are known. */
  onDownload(done: number, total: number | undefined, file: string): void;
  /** Told what was found damaged, waited for, or refused by a mirror, a sentence. */
  onNote?(note: string): void;
}

/** How an address is fetched. */
export type FetchRequest = Pick<LocateRequest, "signal" | "onDownload">;

/** A thing that a path or a name of the catalog stands for. */
export interface LocatedPath {
  readonly path: string;
  readonly from: "own" | "cache" | "mirror" | "disk" | "program";
  /** What the catalog knows of a network, by the keys of a model's metadata. */
  readonly metadata?: ReadonlyMap<string, string>;
}

/**
 * What the application wants of its machine. Paths are text that a platform gives and takes; those of the web and of
 * tests are names of files that were handed in. Everything that fails throws `bad-file` that says why.
 */
export interface Platform {
  /** The bytes of a file, in a buffer of their own that nothing else refers to. */
  readBytes(path: string): Promise<Uint8Array>;
  /** A file that is read piece by piece, and the parts of a model beside it. */
  source(path: string): Promise<ByteSource>;
  /** The text of a UTF-8 file. */
  readText(path: string): Promise<string>;
  /** Writes a file whole or not at all, of pieces of text one after the other; folders on the way are made. */
  writeWhole(path: string, data: Uint8Array | string | Iterable<string>): Promise<void>;
  /** Throws, before long work, as `writeWhole` would later. */
  requireWritable(path: string): Promise<void>;
  /** Removes a file; nothing happens where there is none. */
  remove(path: string): Promise<void>;
  /** Takes a folder of results, which is made if need be. Throws where another run has it, or nothing can be written. */
  holdFolder(path: string): Promise<HeldFolder>;
  /** As `holdFolder`, but undefined where another run has it. */
  claimFolder(path: string): Promise<HeldFolder | undefined>;
  /** What lies at a path, behind links; undefined where nothing does. */
  find(path: string): Promise<PathInfo | undefined>;
  /** Names of what lies in a folder, in no order; with `recursive` paths from the folder on. */
  list(path: string, recursive?: boolean): Promise<readonly string[]>;
  /**
   * The picture of a file, 8-bit RGB, upright, transparency laid on white. `range` says which of the file's numbers are
   * black and white; throws `bad-option` where the machine cannot do that.
   */
  readPicture(path: string, range?: PixelRange): Promise<DecodedPicture>;
  /** A picture file of one picture, or of the frames of an animation. */
  encodePicture(frames: readonly Picture[], format: PictureFormat): Promise<Uint8Array>;
  /** The letters of figures. */
  typefaces(): Promise<Typefaces>;
  /** What charts are drawn into. */
  chartDocument(): Promise<ChartDocument>;
  /** Of the program, of what computes and of what it runs on; for recipes. */
  versions(): Readonly<Record<string, string>>;
  /** What the machine is made of; for reports. */
  machine(): Machine;
  /** Milliseconds of a clock that only goes forward. */
  nowMs(): number;
  /** Pictures that can be compressed at the same time. */
  readonly processors: number;
  /** The place of a path or of a name of the catalog, which is fetched if need be. */
  locate(asked: string, request: LocateRequest): Promise<LocatedPath>;
  /**
   * The bytes at an address of the web, wherever it leads; undefined where the server says that nothing is there.
   * Throws `aborted`, and `bad-file` for a server that cannot be reached, is silent, refuses, or sends too much.
   */
  fetchBytes(address: string, request: FetchRequest): Promise<Uint8Array | undefined>;
  /** The folder or address that things of the catalog come from before their authors' own; undefined if none is named. */
  mirror(): string | undefined;
  /** The path of a file that comes with the program, "networks/NAME" or "fonts/NAME"; undefined if none of that name does. */
  shipped(name: string): Promise<string | undefined>;
  /** Throws `bad-option` if the machine lacks the runtime. */
  openRuntime(name: RuntimeName): Promise<Runtime>;
}
