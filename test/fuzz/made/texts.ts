/** @file Texts of the corpus: names of classes, preparations, what other tools tell, recipes, layers, results. */
import { preprocessings } from "../../../src/image/preprocess.ts";
import { besideKey, metadataKeys } from "../../../src/graph/metadata.ts";
import { presets } from "../../../src/optvis/presets.ts";
import { formatRecipe, type Recipe } from "../../../src/optvis/recipe.ts";
import { formatTrainingRecipe } from "../../../src/app/train/recipe.ts";

type Texts = Readonly<Record<string, string>>;

const json = (value: unknown) => JSON.stringify(value);

export function labelTexts(): Texts {
  return {
    "lines.txt": "n02123045 tabby\nn02124075 Egyptian cat\nfox\n",
    "list.json": json(["cat", "dog", "owl"]),
    "numbered.json": json({ 0: "cat", 1: "dog", 2: "owl" }),
    "keras.json": json({ 0: ["n02123045", "tabby"], 1: ["n02124075", "Egyptian_cat"] }),
    "counted.json": json({ cat: 0, dog: 1, owl: 2 }),
    "config.json": json({
      model: "x",
      id2label: { 0: "cat", 1: "dog" },
      label2id: { cat: 0, dog: 1 },
    }),
    "categories.json": json({
      categories: [
        { id: 0, name: "cat" },
        { id: 1, name: "dog" },
      ],
    }),
    "python.txt": "{0: 'cat', 1: \"dog's\", 2: 'owl'}",
  };
}

export function preprocessingTexts(): Texts {
  const named = Object.entries(preprocessings).map(([name, how]) => [`${name}.json`, json(how)]);
  const own = {
    size: 8,
    mean: [0.5],
    std: [0.25],
    resize: "crop",
    filter: "bicubic",
    layout: "nhwc",
  };
  return { ...Object.fromEntries(named), "own.json": json(own) } as Texts;
}

/** Objects of metadata by key. */
export function toldTexts(): Texts {
  const transformers = {
    do_resize: true,
    size: { shortest_edge: 256 },
    resample: 3,
    do_center_crop: true,
    crop_size: { height: 224, width: 224 },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: [0.485, 0.456, 0.406],
    image_std: [0.229, 0.224, 0.225],
  };
  const timm = {
    architecture: "resnet18",
    num_classes: 3,
    label_names: ["cat", "dog", "owl"],
    pretrained_cfg: {
      input_size: [3, 224, 224],
      interpolation: "bicubic",
      crop_pct: 0.95,
      crop_mode: "center",
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
  };
  const ultralytics = {
    description: "Ultralytics YOLOv8n-cls model",
    author: "Ultralytics",
    task: "classify",
    stride: "1",
    imgsz: "[224, 224]",
    names: "{0: 'cat', 1: 'dog', 2: 'owl'}",
  };
  return {
    "transformers.json": json({
      [besideKey("preprocessor_config.json")]: json(transformers),
      [besideKey("config.json")]: json({ id2label: { 0: "cat", 1: "dog", 2: "owl" } }),
    }),
    "processor.json": json({
      [besideKey("processor_config.json")]: json({ image_processor: transformers }),
    }),
    "timm.json": json({ [besideKey("config.json")]: json(timm) }),
    "ultralytics.json": json(ultralytics),
    "windows.json": json({
      "Image.BitmapPixelFormat": "Bgr8",
      "Image.NominalPixelRange": "NominalRange_0_255",
      "Image.ColorSpaceGamma": "SRGB",
    }),
    "statistics.json": json({
      mean: "[0.485, 0.456, 0.406]",
      std: "0.229 0.224 0.225",
      classes: "cat, dog, owl",
    }),
    "own.json": json({
      [metadataKeys.preprocessing]: json(preprocessings.unit),
      [metadataKeys.classes]: json(["cat", "dog", "owl"]),
    }),
  };
}

const recipe: Recipe = {
  recipe: "limpid maximize",
  versions: { limpid: "0.1.0" },
  runtime: "cpu",
  model: { file: "model.onnx", sha256: "00ff" },
  preprocessing: preprocessings.unit,
  preset: "natural",
  settings: presets.natural,
  size: { channels: 3, heightPx: 8, widthPx: 8 },
  seed: 0,
  negative: false,
  objective: [{ name: "caricature", weight: -0.5, options: { photo: "cat.jpg" } }],
  photos: { "cat.jpg": "ab" },
  apart: null,
  animate: false,
  batches: { conv: 2 },
  units: [
    { layer: "conv", channel: 3 },
    { layer: "conv", channel: 3, place: [1, 2] },
    { layer: "logits", plus: [1], minus: [0, 2] },
    { layer: "conv", vector: [0.5, -1] },
  ],
};

export function recipeTexts(): Texts {
  return { "recipe.json": formatRecipe(recipe) };
}

/** What a folder of the recipe holds of its first unit. */
export function resultTexts(): Texts {
  const made = {
    start: 0.5,
    activation: 2.5,
    picture: "conv/channel-0003.png",
    tensor: "conv/channel-0003.npy",
  };
  return { "results.json": json({ units: [{ layer: "conv", channel: 3, ...made }] }) };
}

export function trainingRecipeTexts(): Texts {
  return {
    "recipe.json": formatTrainingRecipe({
      data: "digits",
      arch: "layers.json",
      epochs: 2,
      batch: 8,
      optimizer: "adam",
      lr: 0.001,
      schedule: "constant",
      weightDecay: 0,
      labelSmoothing: 0,
      augment: "none",
      fit: "crop",
      dims: [1, 8, 8],
      seed: 0,
      versions: { limpid: "0.1.0" },
    }),
  };
}

export function layerTexts(): Texts {
  return {
    "list.json": json([
      { type: "conv2d", filters: 2, kernel: 3, padding: "same", activation: "relu" },
      { type: "batchNorm" },
      { type: "maxPool" },
      { type: "dropout", share: 0.25 },
      { type: "flatten" },
      { type: "dense", units: 3 },
    ]),
    "object.json": json({
      input: [1, 8, 8],
      layers: [
        {
          type: "residual",
          layers: [{ type: "conv2d", filters: 1, kernel: [3, 3], padding: "same" }],
        },
        { type: "globalAvgPool" },
        { type: "dense", name: "logits", units: 2 },
        { type: "softmax" },
      ],
    }),
  };
}
