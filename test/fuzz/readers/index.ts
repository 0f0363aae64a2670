/** @file THE table of readers. */
import type { Reader } from "../reader.ts";
import { archiveReaders } from "./archives.ts";
import { folderReaders } from "./folders.ts";
import { hdf5Readers } from "./hdf5.ts";
import { jobReaders } from "./jobs.ts";
import { modelArchiveReaders } from "./model-archives.ts";
import { modelReaders } from "./models.ts";
import { pictureReaders } from "./pictures.ts";
import { tensorReaders } from "./tensors.ts";
import { tensorflowReaders } from "./tensorflow.ts";
import { textReaders } from "./texts.ts";
import { tfjsReaders } from "./tfjs.ts";
import { torchReaders } from "./torch.ts";

export const readers: readonly Reader[] = [
  ...modelReaders,
  ...tensorReaders,
  ...hdf5Readers,
  ...tfjsReaders,
  ...pictureReaders,
  ...archiveReaders,
  ...modelArchiveReaders,
  ...tensorflowReaders,
  ...torchReaders,
  ...textReaders,
  ...folderReaders,
  ...jobReaders,
];
