/** @file Places that results go to: folders, figures and files of numbers, told apart by what lies there and by endings. */
import { LimpidError } from "../errors.ts";
import { extensionOf } from "../wording/paths.ts";
import type { PictureFormat, Platform } from "./platform.ts";

type Finder = Pick<Platform, "find">;

/** How figures are written, by the ending of their file's name. */
const figureFormats: ReadonlyMap<string, PictureFormat> = new Map([
  [".png", { kind: "png" }],
  [".jpg", { kind: "jpeg", quality: 90 }],
  [".jpeg", { kind: "jpeg", quality: 90 }],
]);

/** Endings of files, which nobody means by the name of a folder. */
const fileEndings =
  /^\.(png|jpe?g|webp|gif|bmp|tiff?|avif|svg|pdf|html?|json|txt|csv|md|npy|npz|onnx|safetensors|pt|pth|zip)$/i;

/** A folder, or a figure and how it is written. */
export type ResultPlace =
  { readonly kind: "folder" } | { readonly kind: "figure"; readonly format: PictureFormat };

/**
 * What results are written as: a folder where one is or where a path has no ending, else a figure of the format that its
 * ending names. Throws `bad-option` for no path and for other endings.
 */
export async function resultPlace(platform: Finder, path: string): Promise<ResultPlace> {
  requirePath(path);
  const info = await platform.find(path);
  if (info ? info.kind === "folder" : hasFolderName(path)) return { kind: "folder" };
  const format = figureFormats.get(extensionOf(path).toLowerCase());
  if (format) return { kind: "figure", format };
  if (info && isStream(path, info.identity)) return { kind: "figure", format: { kind: "png" } };
  throw new LimpidError(
    "bad-option",
    `out: a figure's name must end in ${[...figureFormats.keys()].join(", ")}, got "${path}". a folder's name has no ending, or "/" behind it.`,
  );
}

/** Throws `bad-option` unless a path can be that of a folder of results. */
export async function requireFolderPlace(platform: Finder, path: string): Promise<void> {
  requirePath(path);
  const info = await platform.find(path);
  if (info?.kind === "folder") return;
  if (!info && (hasFolderName(path) || !fileEndings.test(extensionOf(path)))) return;
  throw new LimpidError(
    "bad-option",
    `out: it must be a folder, got the ${info ? "file" : "name of a file"} "${path}". a folder's name has no ending, or "/" behind it.`,
  );
}

/** Throws `bad-option` unless a path can be that of a file of numbers. */
export async function requireNumbersPlace(platform: Finder, path: string): Promise<void> {
  requirePath(path);
  if (extensionOf(path).toLowerCase() === ".npy") return;
  const info = await platform.find(path);
  if (info?.kind === "file" && isStream(path, info.identity)) return;
  throw new LimpidError(
    "bad-option",
    `raw: the file's name must end in .npy, got "${path}". numbers are written in no other form.`,
  );
}

/** Throws `bad-option` for what is no path: callers without types may give anything. */
export function requirePath(path: unknown, where = "out"): void {
  if (typeof path === "string" && path.trim() !== "") return;
  const got = typeof path === "string" ? `"${path}"` : String(path);
  throw new LimpidError(
    "bad-option",
    `${where}: there must be the path of a file or a folder, got ${got}. name one.`,
  );
}

function hasFolderName(path: string): boolean {
  return /[\\/]$/.test(path) || extensionOf(path) === "";
}

/** Pipes and devices have names of the system's, without an ending. */
function isStream(path: string, identity: string | undefined): boolean {
  return identity === undefined && extensionOf(path) === "";
}
