/** @file What a score is compared with: a picture, the pictures of a folder, or an embedding, as the network is given them. */
import { decodeNpy } from "../../formats/npy.ts";
import { tensor, toNumbers, type Tensor } from "../../graph/tensor.ts";
import type { Picture } from "../../image/picture.ts";
import type { Model } from "../../network/model.ts";
import type { Reference } from "../../scores/target.ts";
import { say, type Message } from "../../wording/face.ts";
import { baseName } from "../../wording/paths.ts";
import type { OptionTable } from "../../wording/option.ts";
import { openPictureFolder, spread } from "../picture-folder.ts";
import { isPicture, listShown } from "../pictures.ts";
import { inputFile } from "../input-file.ts";
import type { Platform } from "../platform.ts";
import type { Preparation } from "../preparation.ts";
import { sourceOf, type ReadInput } from "../library/input.ts";

export const referenceOptions = {
  reference: {
    kind: "text",
    value: "file",
    description:
      "explain the difference from a picture, or from the mean over a folder of pictures; of embeddings the similarity to it, or to a .npy of an embedding's numbers",
    default: { depends: "0, or the method's own baseline" },
  },
} as const satisfies OptionTable;

/** A file by its path or in hand, pixels, or numbers: pictures [N, C, H, W] or an embedding. */
export type AskedReference = ReadInput;

/** A reference that is read. */
export interface ReadReference {
  readonly reference: Reference;
  /** Its pictures as the network sees them; none of tensors. */
  readonly seen: readonly Picture[];
  readonly note?: Message;
}

/** Every picture of a folder costs a map; as many are enough for a mean. */
const mostPictures = 16;

/**
 * Reads a reference, prepared as the input is. Of a folder with many pictures some are taken at even distances.
 * Throws as `sourceOf`, and `bad-file` for a folder without pictures.
 */
export async function readReference(
  platform: Platform,
  model: Model,
  asked: AskedReference,
  preparation: Preparation,
): Promise<ReadReference> {
  if (typeof asked !== "string" && !("readBytes" in asked)) {
    return ofData(platform, model, asked, preparation, "the reference");
  }
  if (typeof asked === "string" && (await platform.find(asked))?.kind === "folder") {
    return ofFolder(platform, model, asked, preparation);
  }
  const file = inputFile(platform, asked);
  const { name } = file;
  const isArray = name.toLowerCase().endsWith(".npy");
  const value = isArray ? decodeNpy(await file.readBytes(), name) : asked;
  return ofData(platform, model, value, preparation, baseName(name));
}

async function ofData(
  platform: Platform,
  model: Model,
  asked: AskedReference,
  preparation: Preparation,
  called: string,
): Promise<ReadReference> {
  if (typeof asked !== "string" && "dims" in asked && isEmbedding(asked, model)) {
    return { reference: { name: called, embedding: toNumbers(asked) }, seen: [] };
  }
  const { source } = await sourceOf(platform, model, asked, preparation);
  const { input, seen } = source;
  const [count, ...dims] = input.dims as [number, ...number[]];
  const size = input.data.length / count;
  const pictures = Array.from({ length: count }, (_, i) =>
    tensor("float32", [1, ...dims], (input.data as Float32Array).slice(i * size, (i + 1) * size)),
  );
  const name = count === 1 ? called : `the mean of ${count} pictures of ${called}`;
  return { reference: { name, pictures }, seen: seen ? [seen] : [] };
}

/** One row of numbers, where no input takes one; pictures have four axes. */
function isEmbedding({ dims }: Tensor, { parts }: Model): boolean {
  const isRow = dims.length === 1 || (dims.length === 2 && dims[0] === 1);
  const takesRows = parts.some(({ axes }) => axes.includes("K") || axes.join("") === "NT");
  return isRow && !takesRows;
}

async function ofFolder(
  platform: Platform,
  model: Model,
  folder: string,
  preparation: Preparation,
): Promise<ReadReference> {
  const listed = await listShown(platform, folder);
  const paths = listed.length > 0 ? listed : (await openPictureFolder(platform, folder)).paths;
  const noun = isPicture(paths[0]!) ? "pictures" : "files";
  const taken = spread(paths, mostPictures);
  const pictures: Tensor[] = [];
  const seen: Picture[] = [];
  for (const path of taken) {
    const { source } = await sourceOf(platform, model, path, preparation);
    pictures.push(source.input);
    if (source.seen) seen.push(source.seen);
  }
  const name =
    taken.length === 1
      ? baseName(taken[0]!)
      : `the mean of ${taken.length} ${noun} of ${baseName(folder)}`;
  const note = say`of the ${paths.length} ${noun} of "${folder}" ${taken.length} at even distances are the reference`;
  return {
    reference: { name, pictures },
    seen,
    ...(taken.length < paths.length ? { note } : {}),
  };
}
