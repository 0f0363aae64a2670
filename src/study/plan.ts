/** @file From what a machine has to the parts of a study: real networks and data where they can be had, else stand-ins. */
import { join } from "node:path";
import type { Box } from "../attribution/diagnosis/describe-map.ts";
import { attributionMethods } from "../attribution/index.ts";
import type { AttributionMethod } from "../attribution/method.ts";
import { LimpidError } from "../errors.ts";
import { pictureOfFloats } from "../image/float-picture.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { catsPart } from "./cats/part.ts";
import { digitsPart } from "./digits/part.ts";
import { filtersPart } from "./filters/part.ts";
import { convolutionsOf, depthLayers, firstLayers, namedLayers } from "./layers.ts";
import type { PartName, Source } from "../report/record.ts";
import { saliencyPart, type SalientPhoto } from "./saliency/part.ts";
import type { PartPlan } from "../report/section.ts";
import { digits } from "../drawn/digits.ts";
import { petKinds, petScene, pets } from "../drawn/pets.ts";
import { readPicture } from "../node/codecs.ts";
import { nodePlatform } from "../node/platform.ts";
import { openDataFolder } from "../app/train/data-folder.ts";
import { readMnist } from "../app/train/mnist-files.ts";
import { choices, firstNetwork } from "./network-choices.ts";
import { openStudyNetwork, readPhotos, type Finder } from "./sources.ts";

export interface StudyRequest {
  readonly finder: Finder;
  readonly parts: readonly PartName[];
  readonly quick: boolean;
  readonly runtime: Runtime;
  /** The user's own network, in the place of all others. */
  readonly model?: string;
  /** The user's own pictures: a folder, or one file. */
  readonly photos?: string;
}

/** Where stand-in pictures are drawn from, whatever the seed of the study is. */
const drawnSeed = 2018;

/** The plans of the wanted parts. Throws `LimpidError` where not even a stand-in can be had. */
export async function planStudy(request: StudyRequest): Promise<readonly PartPlan[]> {
  if (request.model !== undefined) return planOwn(request, request.model);
  const plans: PartPlan[] = [];
  for (const name of request.parts) plans.push(await planners[name](request));
  return plans;
}

const planners: Readonly<Record<PartName, (request: StudyRequest) => Promise<PartPlan>>> = {
  mnist: planDigits,
  cats: planCats,
  vgg: planFilters,
  saliency: planSaliency,
};

async function planDigits(request: StudyRequest): Promise<PartPlan> {
  const { network } = await firstNetwork(request, "the digits network", [choices.mnist]);
  const found = await request.finder.find("mnist");
  const { quick } = request;
  if (found.path !== undefined) {
    const { heldOut } = await readMnist(nodePlatform, found.path);
    const data: Source = { kind: "data", what: "MNIST's test digits", origin: found.origin };
    return digitsPart({ network, dataset: heldOut, data, quick });
  }
  const data: Source = {
    kind: "data",
    what: "2,000 drawn digits",
    origin: `drawn by Limpid from seed ${drawnSeed}`,
    standsFor: { what: "MNIST's test digits", why: found.why },
  };
  return digitsPart({ network, dataset: digits(drawnSeed).heldOut, data, quick });
}

const catsTitle = "Cats and dogs";

async function planCats(request: StudyRequest): Promise<PartPlan> {
  const photos = await request.finder.find("cats-dogs");
  const network = request.finder.findShipped("cats-dogs");
  const photo = await catPhoto(request);
  if (photos.path === undefined || network.path === undefined || photo === undefined) {
    const why = [photos, network].flatMap((found) => (found.path === undefined ? [found.why] : []));
    return planPets(request, why.join("; ") || "the cat's photo is not there");
  }
  const { network: opened } = await firstNetwork(request, "cats and dogs", [choices.catsDogs]);
  const [, , heightPx, widthPx] = opened.model.inputDims();
  const { resize } = opened.how;
  const { heldOut } = await openDataFolder(nodePlatform, photos.path, {
    dims: [3, heightPx, widthPx],
    fit: resize === "stretch" ? "stretch" : "crop",
  });
  const sources: readonly Source[] = [
    {
      kind: "data",
      what: `${heldOut.length} held-out photos of cats and dogs`,
      origin: photos.origin,
    },
    { kind: "picture", what: photo.title, origin: photo.origin },
  ];
  return catsPart({
    title: catsTitle,
    network: opened,
    dataset: heldOut,
    sources,
    convolutions: await convolutionsOf(opened),
    learning: { photo, layers: await firstLayers(opened, 8) },
    quick: request.quick,
  });
}

/** The photo whose activations the study of 2018 showed, or the user's first one. */
async function catPhoto(
  request: StudyRequest,
): Promise<(SalientPhoto & { readonly origin: string }) | undefined> {
  if (request.photos !== undefined) {
    const [first] = await readPhotos(request.photos);
    return { ...first!, origin: `from ${request.photos}` };
  }
  const found = request.finder.findBeside("photos");
  if (found.path === undefined) return undefined;
  const title = "cat.1512.jpg";
  return { title, picture: await readPicture(join(found.path, title)), origin: found.origin };
}

async function planPets(request: StudyRequest, why: string): Promise<PartPlan> {
  const { network } = await firstNetwork(request, "cats and dogs", [choices.pets]);
  const [, channels, heightPx, widthPx] = network.model.inputDims();
  const dims = [channels, heightPx, widthPx] as const;
  const sources: readonly Source[] = [
    {
      kind: "data",
      what: "1,000 drawn cats and dogs, and a network trained on others",
      origin: `drawn by Limpid from seed ${drawnSeed}`,
      standsFor: { what: "photos of cats and dogs", why },
    },
  ];
  const photo =
    request.photos === undefined ? drawnPet(0, dims) : (await readPhotos(request.photos))[0]!;
  return catsPart({
    title: catsTitle,
    network,
    dataset: pets(drawnSeed, { training: 4000, heldOut: 1000 }, dims).heldOut,
    sources,
    convolutions: await convolutionsOf(network),
    learning: { photo, layers: await firstLayers(network, 8) },
    quick: request.quick,
  });
}

type Dims = readonly [number, number, number];

/** Drawn pets from this number on are not among those that networks were trained on. */
const firstUnseen = 100_000;

/** A drawn pet with the box of all that tells a cat from a dog. */
function drawnPet(index: number, dims: Dims): SalientPhoto & { readonly target: number } {
  const [channels, heightPx, widthPx] = dims;
  const { picture, label, parts } = petScene(drawnSeed, firstUnseen + index, dims);
  const size = { channels: channels === 1 ? (1 as const) : (3 as const), heightPx, widthPx };
  const edges = {
    left: Math.min(...parts.map(({ box }) => box.x)),
    right: Math.max(...parts.map(({ box }) => box.x + box.width)),
    top: Math.min(...parts.map(({ box }) => box.y)),
    bottom: Math.max(...parts.map(({ box }) => box.y + box.height)),
  };
  const box: Box = {
    left: Math.max(edges.left / widthPx, 0),
    right: Math.min(edges.right / widthPx, 1),
    top: Math.max(edges.top / heightPx, 0),
    bottom: Math.min(edges.bottom / heightPx, 1),
  };
  return {
    title: `drawn ${petKinds[label]} ${firstUnseen + index}`,
    picture: pictureOfFloats(picture, size, "range"),
    box,
    target: label,
  };
}

/** Layers of GoogLeNet from early to late; those of other networks are found by their sizes. */
const googlenetLayers = [
  "conv1/relu_7x7",
  "conv2/relu_3x3",
  "inception_3b/output",
  "inception_4c/output",
  "inception_5b/output",
] as const;

/** Side of the pictures: 64 as in 2016, and what GoogLeNet's late layers need to show parts of things. */
const usualSidePx = 64;
const googlenetSidePx = 96;

async function planFilters(request: StudyRequest): Promise<PartPlan> {
  const { network, choice } = await firstNetwork(request, "VGG16", [
    choices.vgg16,
    choices.googlenet,
    choices.catsDogs,
  ]);
  const layers =
    choice.name === "googlenet"
      ? await namedLayers(network, googlenetLayers)
      : await depthLayers(network);
  const sidePx = choice.name === "googlenet" ? googlenetSidePx : usualSidePx;
  return filtersPart({ network, layers, quick: request.quick, sidePx });
}

/** Where the birds are, in pixels of the photos. */
const ouzels = [
  { file: "ouzel1.jpg", box: { left: 113, top: 70, right: 347, bottom: 234 } },
  { file: "ouzel2.jpg", box: { left: 123, top: 59, right: 397, bottom: 345 } },
] as const;
const waterOuzel = 20;

/** The study's four. */
const saliencyMethods: Readonly<Record<string, AttributionMethod>> = {
  "grad-cam": attributionMethods["grad-cam"],
  gradient: attributionMethods.gradient,
  guided: attributionMethods["guided-backprop"],
  rectified: attributionMethods.rectified,
};

async function planSaliency(request: StudyRequest): Promise<PartPlan> {
  const photos = await salientPhotos(request);
  if (photos === undefined) return planPetSaliency(request);
  const resnet = await request.finder.find("resnet50");
  const networks = [];
  for (const choice of resnet.path ? [choices.resnet50] : [choices.googlenet, choices.mobilenet]) {
    if ((await choice.find(request.finder)).path === undefined) continue;
    const { network } = await firstNetwork(request, "ResNet50", [choices.resnet50, choice]);
    networks.push({ network, name: choice.what });
  }
  if (networks.length === 0) return planPetSaliency(request);
  return saliencyPart({
    networks,
    photos: photos.list,
    sources: [{ kind: "picture", what: photos.what, origin: photos.origin }],
    methods: saliencyMethods,
    thing: "the bird",
  });
}

interface ChosenPhotos {
  readonly list: readonly SalientPhoto[];
  readonly what: string;
  readonly origin: string;
}

async function salientPhotos(request: StudyRequest): Promise<ChosenPhotos | undefined> {
  if (request.photos !== undefined) {
    const list = await readPhotos(request.photos);
    return { list, what: list.map(({ title }) => title).join(", "), origin: "your own" };
  }
  const found = request.finder.findBeside("photos");
  if (found.path === undefined) return undefined;
  const folder = found.path;
  const list = await Promise.all(
    ouzels.map(async ({ file, box }) => {
      const picture = await readPicture(join(folder, file));
      const { widthPx, heightPx } = picture;
      const shares: Box = {
        left: box.left / widthPx,
        right: box.right / widthPx,
        top: box.top / heightPx,
        bottom: box.bottom / heightPx,
      };
      return { title: file, picture, box: shares, target: waterOuzel };
    }),
  );
  return { list, what: "two water ouzels (ImageNet's class 20)", origin: found.origin };
}

async function planPetSaliency(request: StudyRequest): Promise<PartPlan> {
  const { network } = await firstNetwork(request, "a network for drawn pets", [choices.pets]);
  const [, channels, heightPx, widthPx] = network.model.inputDims();
  const dims = [channels, heightPx, widthPx] as const;
  const own = request.photos === undefined ? undefined : await readPhotos(request.photos);
  // Behind its last pool this network has four places, too few for a map.
  const layer = (await convolutionsOf(network)).at(-1)?.name;
  const source: Source = {
    kind: "picture",
    what: "a drawn cat and a drawn dog, with the box of all that tells them apart",
    origin: `drawn by Limpid from seed ${drawnSeed}`,
    standsFor: { what: "photos of two water ouzels", why: "there is no mirror that has them" },
  };
  return saliencyPart({
    networks: [{ network, name: "the network for drawn pets", ...(layer ? { layer } : {}) }],
    photos: own ?? [drawnPet(0, dims), drawnPet(1, dims)],
    sources: own === undefined ? [source] : [],
    methods: saliencyMethods,
    thing: "the face",
  });
}

/** The parts that apply to any network and any pictures. */
async function planOwn(request: StudyRequest, model: string): Promise<readonly PartPlan[]> {
  const { parts, quick, runtime } = request;
  const network = await openStudyNetwork(model, { what: model, origin: "your own", runtime });
  const photos = request.photos === undefined ? undefined : await readPhotos(request.photos);
  const sources = (photos ?? []).map(({ title }): Source => ({
    kind: "picture",
    what: title,
    origin: "your own",
  }));
  const wants = (name: PartName) => parts.includes(name);
  const plans: PartPlan[] = [];
  if (wants("cats") && photos) {
    plans.push(
      catsPart({
        title: "Layer by layer",
        network,
        sources: sources.slice(0, 1),
        convolutions: (await depthLayers(network)).slice(0, 4),
        learning: { photo: photos[0]!, layers: await firstLayers(network, 8) },
        quick,
      }),
    );
  }
  if (wants("vgg")) {
    const layers = await depthLayers(network);
    plans.push(filtersPart({ network, layers, quick, sidePx: usualSidePx }));
  }
  if (wants("saliency") && photos) {
    const methods = saliencyMethods;
    const networks = [{ network, name: "your network" }];
    plans.push(saliencyPart({ networks, photos, sources, methods, thing: "the thing" }));
  }
  if (plans.length > 0) return plans;
  throw new LimpidError(
    "bad-option",
    `study: of your own network the parts cats and saliency need --photos, and mnist has none, got --parts ${parts.join(",")}. add --photos DIR, or --parts vgg.`,
  );
}
