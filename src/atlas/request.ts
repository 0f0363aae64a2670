/** @file What is asked of an atlas: which units of which network, with which photos, and where it goes. */
import type { AskedHead } from "../app/head-options.ts";
import type { RuntimeName } from "../app/platform.ts";
import type { Preparation } from "../app/preparation.ts";
import { LimpidError } from "../errors.ts";
import { presets, type Preset } from "../optvis/presets.ts";
import type { OtherPicture } from "./jobs/job.ts";

/** How much is made of each unit. */
export interface AtlasPreset {
  readonly title: string;
  /** Side of a unit's picture, in pixels; left out: what the network takes. */
  readonly sidePx?: number;
  readonly making: Preset;
  /** Pictures beside the one that excites a unit most. */
  readonly also: readonly OtherPicture[];
  /** Whether layers have activation atlases where nothing is said. */
  readonly hasActivationAtlas: boolean;
}

/**
 * Icons take fewer and longer steps than `natural`: three quarters of the time for 0.97 to 1.02 of the activation on moved
 * pictures (median over channels of GoogLeNet).
 */
const iconMaking: Preset = {
  ...presets.natural,
  steps: 48,
  optimizer: { ...presets.natural.optimizer, rate: 0.1 },
};

/** THE table of presets. */
export const atlasPresets = {
  icons: {
    title: "a picture of 96 pixels a unit, for a look at thousands",
    sidePx: 96,
    making: iconMaking,
    also: [],
    hasActivationAtlas: false,
  },
  full: {
    title:
      "pictures of the network's own size: five a unit, with its opposite and three that differ; and an activation atlas of each layer",
    making: presets.natural,
    also: ["opposite", "diverse"],
    hasActivationAtlas: true,
  },
} as const satisfies Readonly<Record<string, AtlasPreset>>;

type AtlasPresetName = keyof typeof atlasPresets;

/** Throws `bad-option` for a name that there is not. */
export function atlasPresetOf(name: string): AtlasPreset {
  if (Object.hasOwn(atlasPresets, name)) return atlasPresets[name as AtlasPresetName];
  throw new LimpidError(
    "bad-option",
    `preset: the name must be one of ${Object.keys(atlasPresets).join(", ")}, got "${name}".`,
  );
}

/** THE table of pictures that are made beside the one that excites a unit most. */
export const otherPictures = {
  opposite: "the picture that excites the unit least, 1 more a unit",
  diverse: "three pictures that excite it and differ, 3 more a unit",
} as const satisfies Readonly<Record<OtherPicture, string>>;

/** What is made beside it, in the table's order. Throws `bad-option` for a name that there is not. */
export function otherPicturesOf({
  preset,
  also = [],
}: Pick<AtlasRequest, "preset" | "also">): readonly OtherPicture[] {
  const names = Object.keys(otherPictures) as OtherPicture[];
  const unknown = also.find((name) => !Object.hasOwn(otherPictures, name));
  if (unknown !== undefined) {
    throw new LimpidError(
      "bad-option",
      `also: the names must be among ${names.join(", ")}, got "${unknown}".`,
    );
  }
  const usual: readonly string[] = atlasPresetOf(preset).also;
  return names.filter((name) => usual.includes(name) || also.includes(name));
}

/** THE table of which dense layers there are where no layers are asked for. */
export const denseChoices = {
  fitting: "the classes, and others that together take at most half as long as all the rest",
  all: "every one",
  none: "not even the classes",
} as const;

export type DenseChoice = keyof typeof denseChoices;

/** Throws `bad-option` for a name that there is not. */
export function denseChoiceOf(name = "fitting"): DenseChoice {
  if (Object.hasOwn(denseChoices, name)) return name as DenseChoice;
  throw new LimpidError(
    "bad-option",
    `dense: it must be one of ${Object.keys(denseChoices).join(", ")}, got "${name}".`,
  );
}

/** One of several machines' part of the work. */
export interface Shard {
  /** From 1 on. */
  readonly number: number;
  readonly of: number;
}

/** "2/16" as a shard. Throws `bad-option` for another text. */
export function parseShard(text: string): Shard {
  const [, number, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (number !== undefined && of !== undefined && number >= 1 && number <= of) {
    return { number, of };
  }
  throw new LimpidError(
    "bad-option",
    `shard: it must be one of so many, such as 2/16, got "${text}".`,
  );
}

export interface AtlasRequest extends Pick<AskedHead, "output" | "kind">, Preparation {
  /** Path or name of the network. */
  readonly model: string;
  /** A folder of photos, or of classes of them. */
  readonly photos?: string;
  /** Names of layers or parts of them; none is every layer that `activations` looks at, and dense ones. */
  readonly layers?: readonly string[];
  /** Which dense layers there are where no layers are asked for; left out: `fitting`. */
  readonly dense?: string;
  /** Layers for which what photos make of single places is laid out: names or parts of them, `all` or `none`; left out: as the preset has it. */
  readonly activationAtlas?: readonly string[];
  readonly preset: string;
  /** Pictures that are made of each unit beside those of the preset, by their names. */
  readonly also?: readonly string[];
  /** A photo of which each layer's caricature is made. */
  readonly caricature?: string;
  readonly seed: number;
  readonly runtime: RuntimeName;
  /** Class names: a file, or `imagenet`; without it what the model says. */
  readonly labels?: string;
  /** Does a part of the jobs, and draws no site unless everything is there. */
  readonly shard?: Shard;
  /** Other runs work into the same folder: each does jobs that no other does, and waits for the rest. */
  readonly together?: boolean;
  /** As `together`, for a run of this machine that draws the site: this one draws none. */
  readonly helps?: boolean;
  /** The folder of the atlas. */
  readonly out: string;
}
