/** @file What the study looks at: its photos and where the things are in them, its layers, its methods. Data alone. */
import { attributionMethods } from "../attribution/index.ts";
import type { AttributionMethod } from "../attribution/method.ts";

export const studyTitle = "How a network sees";

/** Where stand-in pictures are drawn from, whatever the seed of the study is. */
export const drawnSeed = 2018;

/** Drawn pets from this number on are not among those that networks were trained on. */
export const firstUnseenPet = 100_000;

/** The photo in the folder `photos` whose activations the study of 2018 showed. */
export const catPhoto = "cat.1512.jpg";

/** A photo in the folder `photos`, and where in it the thing is, in pixels. */
export interface SubjectPhoto {
  readonly file: string;
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
  /** Its class among ImageNet's. */
  readonly target: number;
}

const waterOuzel = 20;

/** The photos that part 4 explains. */
export const salientPhotos: readonly SubjectPhoto[] = [
  {
    file: "ouzel1.jpg",
    box: { left: 113, top: 70, right: 347, bottom: 234 },
    target: waterOuzel,
  },
  {
    file: "ouzel2.jpg",
    box: { left: 123, top: 59, right: 397, bottom: 345 },
    target: waterOuzel,
  },
];

/** What these are, and what is in their boxes. */
export const salientThing = {
  what: "two water ouzels (ImageNet's class 20)",
  instead: "photos of two water ouzels",
  thing: "the bird",
} as const;

/** The four methods of part 4. */
export const saliencyMethods: Readonly<Record<string, AttributionMethod>> = {
  "grad-cam": attributionMethods["grad-cam"],
  gradient: attributionMethods.gradient,
  guided: attributionMethods["guided-backprop"],
  rectified: attributionMethods.rectified,
};

/** Layers of GoogLeNet from early to late; those of other networks are found by their sizes. */
export const googlenetLayers = [
  "conv1/relu_7x7",
  "conv2/relu_3x3",
  "inception_3b/output",
  "inception_4c/output",
  "inception_5b/output",
] as const;

/** Side of the pictures of filters: 64 as in 2016, and what GoogLeNet's late layers need to show parts of things. */
export const filterSidePx = { usual: 64, googlenet: 96 } as const;
