/** @file The parts that apply to any network and any pictures. */
import { LimpidError } from "../errors.ts";
import type { PartName, Source } from "../report/record.ts";
import type { PartPlan } from "../report/section.ts";
import { option, say } from "../wording/face.ts";
import { catsPart } from "./cats/part.ts";
import { filtersPart } from "./filters/part.ts";
import { depthLayers, firstLayers } from "./layers.ts";
import { openStudyNetwork, type StudyNetwork } from "./network.ts";
import { readPhotos, type StudyPhoto } from "./photos.ts";
import type { PlanRequest } from "./plan.ts";
import { saliencyPart } from "./saliency/part.ts";
import { filterSidePx, saliencyMethods } from "./subjects.ts";

const origin = "your own";

/** Layers that a photo is followed through, and convolutions whose filters are shown. */
const most = { followed: 8, convolutions: 4 } as const;

/** The plans of those wanted parts that apply. Throws `bad-option` where none does. */
export async function planOwnNetwork(
  request: PlanRequest,
  asked: string,
): Promise<readonly PartPlan[]> {
  const { finder, runtime, parts } = request;
  const { context } = finder;
  const source = { what: asked, origin };
  const network = await openStudyNetwork({ asked, source, runtime }, context);
  const photos = request.photos && (await readPhotos(context.platform, request.photos));
  const planned: Partial<Record<PartName, () => Promise<PartPlan> | PartPlan>> = {
    vgg: () => planFiltersOf(network, request),
    ...(photos
      ? {
          cats: () => planLearning(network, photos[0], request),
          saliency: () => planMaps(network, photos),
        }
      : {}),
  };
  const plans: PartPlan[] = [];
  for (const name of parts) {
    const plan = await planned[name]?.();
    if (plan) plans.push(plan);
  }
  if (plans.length > 0) return plans;
  throw new LimpidError(
    "bad-option",
    say`study: of your own network the parts cats and saliency need ${option("photos")}, and mnist has none, got ${option("parts", parts.join(","))}. add ${option("photos", "DIR")}, or ${option("parts", "vgg")}.`,
  );
}

function sourcesOf(photos: readonly StudyPhoto[]): readonly Source[] {
  return photos.map(({ title }) => ({ kind: "picture", what: title, origin }));
}

async function planLearning(
  network: StudyNetwork,
  photo: StudyPhoto,
  { quick }: PlanRequest,
): Promise<PartPlan> {
  return catsPart({
    title: "Layer by layer",
    network,
    sources: sourcesOf([photo]),
    convolutions: (await depthLayers(network)).slice(0, most.convolutions),
    learning: { photo, layers: await firstLayers(network, most.followed) },
    quick,
  });
}

async function planFiltersOf(network: StudyNetwork, { quick }: PlanRequest): Promise<PartPlan> {
  const layers = await depthLayers(network);
  return filtersPart({ network, layers, quick, sidePx: filterSidePx.usual });
}

function planMaps(network: StudyNetwork, photos: readonly StudyPhoto[]): PartPlan {
  return saliencyPart({
    networks: [{ network, name: "your network" }],
    photos,
    sources: sourcesOf(photos),
    methods: saliencyMethods,
    thing: "the thing",
  });
}
