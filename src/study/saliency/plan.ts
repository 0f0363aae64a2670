/** @file What part 4 works on: two photos of water ouzels, the user's photos, or drawn pets. */
import type { Source } from "../../report/record.ts";
import type { PartPlan } from "../../report/section.ts";
import { drawnPetPhoto } from "../drawn-pet-photo.ts";
import { convolutionsOf } from "../layers.ts";
import { choices, findNetwork, firstNetwork } from "../network-choices.ts";
import { sizeOf } from "../network.ts";
import { readPhotos, readSubject, type StudyPhoto } from "../photos.ts";
import type { PlanRequest } from "../plan.ts";
import { drawnSeed, saliencyMethods, salientPhotos, salientThing } from "../subjects.ts";
import { saliencyPart, type LookingNetwork } from "./part.ts";

/** Finds networks and photos, or stand-ins. Throws `bad-file` where not even those can be had. */
export async function planSaliency(request: PlanRequest): Promise<PartPlan> {
  const photos = await findPhotos(request);
  if (photos === undefined) return planPetSaliency(request);
  const networks = await findNetworks(request);
  if (networks.length === 0) return planPetSaliency(request);
  return saliencyPart({
    networks,
    photos: photos.list,
    sources: [{ kind: "picture", what: photos.what, origin: photos.origin }],
    methods: saliencyMethods,
    thing: salientThing.thing,
  });
}

/** ResNet50, else those of its stand-ins that can be had. */
async function findNetworks(request: PlanRequest): Promise<readonly LookingNetwork[]> {
  const resnet = await findNetwork(request.finder, choices.resnet50);
  const candidates =
    resnet.path === undefined ? [choices.googlenet, choices.mobilenet] : [choices.resnet50];
  const networks: LookingNetwork[] = [];
  for (const choice of candidates) {
    if ((await findNetwork(request.finder, choice)).path === undefined) continue;
    const { network } = await firstNetwork(request, "ResNet50", [choices.resnet50, choice]);
    networks.push({ network, name: choice.what });
  }
  return networks;
}

interface ChosenPhotos {
  readonly list: readonly StudyPhoto[];
  readonly what: string;
  readonly origin: string;
}

async function findPhotos({ finder, photos }: PlanRequest): Promise<ChosenPhotos | undefined> {
  const { platform } = finder.context;
  if (photos !== undefined) {
    const list = await readPhotos(platform, photos);
    return { list, what: list.map(({ title }) => title).join(", "), origin: "your own" };
  }
  const found = await finder.findBeside("photos");
  if (found.path === undefined) return undefined;
  const { path, origin } = found;
  const list = await Promise.all(salientPhotos.map((photo) => readSubject(platform, path, photo)));
  return { list, what: salientThing.what, origin };
}

async function planPetSaliency(request: PlanRequest): Promise<PartPlan> {
  const { network } = await firstNetwork(request, "a network for drawn pets", [choices.pets]);
  const { photos, finder } = request;
  const own = photos === undefined ? undefined : await readPhotos(finder.context.platform, photos);
  const size = sizeOf(network);
  // Behind its last pool this network has four places, too few for a map.
  const layer = (await convolutionsOf(network)).at(-1)?.name;
  const source: Source = {
    kind: "picture",
    what: "a drawn cat and a drawn dog, with the box of all that tells them apart",
    origin: `drawn by Limpid from seed ${drawnSeed}`,
    standsFor: { what: salientThing.instead, why: "there is no mirror that has them" },
  };
  return saliencyPart({
    networks: [{ network, name: "the network for drawn pets", ...(layer ? { layer } : {}) }],
    photos: own ?? [drawnPetPhoto(0, size), drawnPetPhoto(1, size)],
    sources: own === undefined ? [source] : [],
    methods: saliencyMethods,
    thing: "the face",
  });
}
