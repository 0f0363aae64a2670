/** @file From what a machine has to the parts of a study: real networks and data where they can be had, else stand-ins. */
import type { PartName } from "../report/record.ts";
import type { PartPlan } from "../report/section.ts";
import { planCats } from "./cats/plan.ts";
import { planDigits } from "./digits/plan.ts";
import { planFilters } from "./filters/plan.ts";
import type { NetworkRequest } from "./network-choices.ts";
import { planOwnNetwork } from "./own-network.ts";
import { planSaliency } from "./saliency/plan.ts";

export interface PlanRequest extends NetworkRequest {
  readonly parts: readonly PartName[];
  readonly quick: boolean;
  /** The user's own network, in the place of all others. */
  readonly model?: string;
  /** The user's own pictures: a folder, or one file. */
  readonly photos?: string;
}

const planners: Readonly<Record<PartName, (request: PlanRequest) => Promise<PartPlan>>> = {
  mnist: planDigits,
  cats: planCats,
  vgg: planFilters,
  saliency: planSaliency,
};

/** The plans of the wanted parts. Throws `LimpidError` where not even a stand-in can be had. */
export async function planStudy(request: PlanRequest): Promise<readonly PartPlan[]> {
  if (request.model !== undefined) return planOwnNetwork(request, request.model);
  const plans: PartPlan[] = [];
  for (const name of request.parts) plans.push(await planners[name](request));
  return plans;
}
