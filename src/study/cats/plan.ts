/** @file What part 2 works on: photos of cats and dogs, or drawn ones. */
import { openDataFolder } from "../../app/train/data-folder.ts";
import { pets } from "../../drawn/pets.ts";
import type { Source } from "../../report/record.ts";
import type { PartPlan } from "../../report/section.ts";
import { joinPath } from "../../wording/paths.ts";
import { drawnPetPhoto } from "../drawn-pet-photo.ts";
import { convolutionsOf, firstLayers } from "../layers.ts";
import { choices, findNetwork, firstNetwork } from "../network-choices.ts";
import { sizeOf } from "../network.ts";
import { readPhotos, type StudyPhoto } from "../photos.ts";
import type { PlanRequest } from "../plan.ts";
import { catPhoto, drawnSeed } from "../subjects.ts";
import { catsPart, type CatsPart } from "./part.ts";

const title = "Cats and dogs";

/** Layers that the photo is followed through. */
const followed = 8;

/** Finds network, photos and the cat, or stand-ins. Throws `bad-file` where not even those can be had. */
export async function planCats(request: PlanRequest): Promise<PartPlan> {
  const { finder } = request;
  const photos = await finder.find("cats-dogs");
  const network = await findNetwork(finder, choices.catsDogs);
  const photo = await firstPhoto(request);
  if (photos.path === undefined || network.path === undefined || photo === undefined) {
    const why = [photos, network].flatMap((found) => (found.path === undefined ? [found.why] : []));
    return planPets(request, why.join("; ") || "the cat's photo is not there");
  }
  return planPhotos(request, photos, photo);
}

type OriginPhoto = StudyPhoto & { readonly origin: string };

/** The photo whose activations the study of 2018 showed, or the user's first one. */
async function firstPhoto({ finder, photos }: PlanRequest): Promise<OriginPhoto | undefined> {
  const { platform } = finder.context;
  if (photos !== undefined) {
    const [first] = await readPhotos(platform, photos);
    return { ...first, origin: `from ${photos}` };
  }
  const found = await finder.findBeside("photos");
  if (found.path === undefined) return undefined;
  const picture = await platform.readPicture(joinPath(found.path, catPhoto));
  return { title: catPhoto, picture, origin: found.origin };
}

async function planPhotos(
  request: PlanRequest,
  folder: { readonly path: string; readonly origin: string },
  photo: OriginPhoto,
): Promise<PartPlan> {
  const { network } = await firstNetwork(request, "cats and dogs", [choices.catsDogs]);
  const { heightPx, widthPx } = sizeOf(network);
  const { heldOut } = await openDataFolder(request.finder.context.platform, folder.path, {
    dims: [3, heightPx, widthPx],
    fit: network.preprocessing.resize === "stretch" ? "stretch" : "crop",
  });
  const what = `${heldOut.length} held-out photos of cats and dogs`;
  const sources: readonly Source[] = [
    { kind: "data", what, origin: folder.origin },
    { kind: "picture", what: photo.title, origin: photo.origin },
  ];
  return planOf(request, { network, dataset: heldOut, sources }, photo);
}

async function planPets(request: PlanRequest, why: string): Promise<PartPlan> {
  const { network } = await firstNetwork(request, "cats and dogs", [choices.pets]);
  const size = sizeOf(network);
  const sources: readonly Source[] = [
    {
      kind: "data",
      what: "1,000 drawn cats and dogs, and a network trained on others",
      origin: `drawn by Limpid from seed ${drawnSeed}`,
      standsFor: { what: "photos of cats and dogs", why },
    },
  ];
  const { platform } = request.finder.context;
  const photo =
    request.photos === undefined
      ? drawnPetPhoto(0, size)
      : (await readPhotos(platform, request.photos))[0];
  const dims = [size.channels, size.heightPx, size.widthPx] as const;
  const dataset = pets(drawnSeed, { training: 4000, heldOut: 1000 }, dims).heldOut;
  return planOf(request, { network, dataset, sources }, photo);
}

async function planOf(
  { quick }: PlanRequest,
  on: Pick<CatsPart, "network" | "sources"> & Required<Pick<CatsPart, "dataset">>,
  photo: StudyPhoto,
): Promise<PartPlan> {
  const layers = await firstLayers(on.network, followed);
  const convolutions = await convolutionsOf(on.network);
  return catsPart({ ...on, title, convolutions, learning: { photo, layers }, quick });
}
