/** @file Readers of pictures. */
import { decodeRaw } from "../../../src/app/raw-picture.ts";
import { decodeNifti } from "../../../src/formats/arrays/nifti.ts";
import { fileKindOf } from "../../../src/formats/file-kind.ts";
import { decodeBands } from "../../../src/formats/tiff/bands.ts";
import { isGzip } from "../../../src/formats/gzip.ts";
import { bmpSize, decodeBmp } from "../../../src/image/bmp.ts";
import { preprocess, preprocessings } from "../../../src/image/preprocess.ts";
import { describeBytes } from "../../../src/image/signature.ts";
import { requirePixels } from "../../../src/image/refusals.ts";
import { decodePicture } from "../../../src/node/codecs.ts";
import { corpusOf } from "../corpus.ts";
import { mutateBytes } from "../mutations/bytes.ts";
import { mutateGzip, mutateLine } from "../mutations/headers.ts";
import { mutatePicture } from "../mutations/pictures.ts";
import type { Reader } from "../reader.ts";

const sized = { channels: 3, heightPx: 8, widthPx: 8 } as const;

export const pictureReaders: readonly Reader[] = [
  {
    name: "picture",
    share: 14,
    seeds: () => corpusOf("picture"),
    mutate: mutatePicture,
    read: async (bytes, { number }) => {
      const range = number % 5 === 0 ? ([0, 255] as const) : undefined;
      preprocess(await decodePicture(bytes, "photo", range), preprocessings.unit, sized);
      return true;
    },
  },
  {
    name: "bmp",
    share: 8,
    seeds: () => corpusOf("picture", ".bmp"),
    mutate: mutatePicture,
    read: (bytes) => {
      requirePixels("photo.bmp", bmpSize(bytes), bytes.length);
      decodeBmp(bytes);
      return true;
    },
  },
  {
    name: "bands",
    share: 10,
    seeds: () => corpusOf("bands"),
    mutate: mutatePicture,
    read: (bytes) => decodeBands(bytes, "bands.tif").data.length > 0,
  },
  {
    name: "volume",
    share: 8,
    seeds: () => corpusOf("volume"),
    mutate: (bytes, draw) => (isGzip(bytes) ? mutateGzip(mutateBytes) : mutateBytes)(bytes, draw),
    read: (bytes) => decodeNifti(bytes, "volume.nii").data.length > 0,
  },
  {
    name: "raw-picture",
    share: 2,
    seeds: () => corpusOf("raw-picture"),
    mutate: mutateLine,
    read: (bytes) => decodeRaw(bytes, "photo").data.length >= 0,
  },
  {
    name: "file-kind",
    share: 2,
    seeds: () => [...corpusOf("picture"), ...corpusOf("npy"), ...corpusOf("told")],
    mutate: mutateBytes,
    read: (bytes) => describeBytes(bytes) !== "" && fileKindOf(bytes)?.name !== "",
  },
];
