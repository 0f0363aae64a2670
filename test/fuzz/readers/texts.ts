/** @file Readers of texts beside models and pictures: names, preparations, configurations of other tools, recipes, layers. */
import { parseTrainingRecipe } from "../../../src/app/train/recipe.ts";
import { GraphBuilder } from "../../../src/graph/builder.ts";
import type { Graph } from "../../../src/graph/graph.ts";
import { picture } from "../../../src/image/picture.ts";
import { preprocess } from "../../../src/image/preprocess.ts";
import { labelsOf, namedCounts, parseLabels } from "../../../src/network/labels.ts";
import { parsePreprocessing } from "../../../src/network/preprocessing.ts";
import { toldPreprocessing } from "../../../src/network/told/told-preprocessing.ts";
import { formatRecipe, parseRecipe } from "../../../src/optvis/recipe.ts";
import { parseNetwork } from "../../../src/train/description-file.ts";
import { readJson } from "../../../src/wording/read-json.ts";
import { bytesOf, corpusOf, textOf } from "../corpus.ts";
import type { Mutation } from "../mutations/draw.ts";
import { changedJson, mutateJson } from "../mutations/json.ts";
import { changedText, mutateText } from "../mutations/text.ts";
import type { Reader } from "../reader.ts";

const photo = picture(9, 7, 3, new Uint8Array(189).fill(77));

function asked(): Graph {
  const b = new GraphBuilder();
  b.output(b.op("Relu", [b.input("x", [1, 3, 8, 8])]));
  return b.build();
}
const graph = asked();

/** Of an object of texts: a key, or a text as JSON or as text. */
const mutateMetadata: Mutation = (bytes, draw) => {
  const read = readJson(textOf(bytes));
  if ("fault" in read) return mutateText(bytes, draw);
  const told = read.value as Record<string, unknown>;
  const keys = Object.keys(told ?? {});
  if (keys.length === 0 || draw.chance(0.05)) return mutateJson(bytes, draw);
  const key = draw.of(keys);
  const text = wordsOf(told[key]);
  const changed = draw.chance(0.6) ? changedJson(text, draw) : changedText(text, draw);
  const name = draw.chance(0.05) ? changedText(key, draw) : key;
  const rest = Object.entries(told).filter(([other]) => other !== key || draw.chance(0.1));
  return bytesOf(JSON.stringify(Object.fromEntries([...rest, [name, changed]])));
};

function wordsOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** An object of texts; what is none says nothing. */
function metadataOf(bytes: Uint8Array): ReadonlyMap<string, string> {
  const read = readJson(textOf(bytes));
  if ("fault" in read) return new Map([["text", textOf(bytes)]]);
  const entries = Object.entries((read.value ?? {}) as Record<string, unknown>);
  return new Map(entries.map(([key, value]) => [key, wordsOf(value)]));
}

export const textReaders: readonly Reader[] = [
  {
    name: "told",
    share: 14,
    seeds: () => corpusOf("told"),
    mutate: mutateMetadata,
    read: async (bytes) => {
      const metadata = metadataOf(bytes);
      const { told, refused } = toldPreprocessing({ ...graph, metadata });
      const { names } = await labelsOf(undefined, 3, metadata);
      namedCounts(metadata);
      if (told) preprocess(photo, told.how, { channels: 3, heightPx: 8, widthPx: 8 });
      return told !== undefined || names !== undefined || refused.length > 0;
    },
  },
  {
    name: "labels",
    share: 6,
    seeds: () => corpusOf("labels"),
    mutate: (bytes, draw) => (draw.chance(0.5) ? mutateJson : mutateText)(bytes, draw),
    read: async (bytes) => {
      const text = textOf(bytes);
      const names = parseLabels(text, "labels.txt");
      await labelsOf({ text, from: "labels.txt" }, names.length, new Map());
      return true;
    },
  },
  {
    name: "preprocessing",
    share: 6,
    seeds: () => corpusOf("preprocessing"),
    mutate: mutateJson,
    read: (bytes) => {
      const how = parsePreprocessing(textOf(bytes), "prepare.json");
      preprocess(photo, how, {
        channels: how.channels === "grey" ? 1 : 3,
        heightPx: 8,
        widthPx: 8,
      });
      return true;
    },
  },
  {
    name: "recipe",
    share: 6,
    seeds: () => corpusOf("recipe"),
    mutate: mutateJson,
    read: (bytes) => formatRecipe(parseRecipe(textOf(bytes), "recipe.json")).length > 0,
  },
  {
    name: "training-recipe",
    share: 3,
    seeds: () => corpusOf("training-recipe"),
    mutate: mutateJson,
    read: (bytes) => parseTrainingRecipe(textOf(bytes), "recipe.json").epochs >= 0,
  },
  {
    name: "layers",
    share: 5,
    seeds: () => corpusOf("layers"),
    mutate: mutateJson,
    read: (bytes) =>
      parseNetwork(
        textOf(bytes),
        "layers.json",
        { dims: [1, 8, 8], answers: "class", classes: 3 },
        0,
      ).classes > 0,
  },
];
