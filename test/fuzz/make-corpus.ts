/** @file `npm run fuzz:corpus`: makes the corpus anew, from the tests' own small networks and pictures drawn here. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeWhole } from "../../src/disk/files.ts";
import { hdf5Files } from "./made/hdf5.ts";
import { models } from "./made/models.ts";
import * as numbers from "./made/numbers.ts";
import { pictures, rawPictures } from "./made/pictures.ts";
import * as texts from "./made/texts.ts";
import { tfjsFiles } from "./made/tfjs.ts";

const root = fileURLToPath(new URL("corpus/", import.meta.url));

/** Files by their folders and names. */
const folders: Readonly<Record<string, Readonly<Record<string, Uint8Array | string>>>> = {
  onnx: models(),
  picture: await pictures(),
  "raw-picture": rawPictures(),
  npy: numbers.npyFiles(),
  bands: numbers.bandFiles(),
  volume: numbers.volumeFiles(),
  safetensors: numbers.safetensorsFiles(),
  idx: numbers.idxFiles(),
  gzip: numbers.gzipFiles(),
  zip: numbers.zipFiles(),
  labels: texts.labelTexts(),
  preprocessing: texts.preprocessingTexts(),
  told: texts.toldTexts(),
  recipe: texts.recipeTexts(),
  results: texts.resultTexts(),
  "training-recipe": texts.trainingRecipeTexts(),
  layers: texts.layerTexts(),
  hdf5: await hdf5Files(),
  tfjs: await tfjsFiles(),
};

rmSync(root, { recursive: true, force: true });
for (const [folder, files] of Object.entries(folders)) {
  for (const [name, content] of Object.entries(files)) {
    await writeWhole(join(root, folder, name), content);
  }
}
