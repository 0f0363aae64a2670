/** @file What part 3 works on: VGG16, or the next best network. */
import type { PartPlan } from "../../report/section.ts";
import { depthLayers, namedLayers } from "../layers.ts";
import { choices, firstNetwork } from "../network-choices.ts";
import type { PlanRequest } from "../plan.ts";
import { filterSidePx, googlenetLayers } from "../subjects.ts";
import { filtersPart } from "./part.ts";

/** Finds the network and its layers. Throws `bad-file` where none can be had. */
export async function planFilters(request: PlanRequest): Promise<PartPlan> {
  const candidates = [choices.vgg16, choices.googlenet, choices.catsDogs];
  const { network, choice } = await firstNetwork(request, "VGG16", candidates);
  const { quick } = request;
  if (choice === choices.googlenet) {
    const layers = await namedLayers(network, googlenetLayers);
    return filtersPart({ network, layers, quick, sidePx: filterSidePx.googlenet });
  }
  const layers = await depthLayers(network);
  return filtersPart({ network, layers, quick, sidePx: filterSidePx.usual });
}
