/** @file What part 1 works on: MNIST's test digits, or drawn ones. */
import { readMnist } from "../../app/train/mnist-files.ts";
import { digits } from "../../drawn/digits.ts";
import type { Source } from "../../report/record.ts";
import type { PartPlan } from "../../report/section.ts";
import { choices, firstNetwork } from "../network-choices.ts";
import type { PlanRequest } from "../plan.ts";
import { drawnSeed } from "../subjects.ts";
import { digitsPart } from "./part.ts";

/** Finds network and digits. Throws `bad-file` where the network cannot be had. */
export async function planDigits(request: PlanRequest): Promise<PartPlan> {
  const { finder, quick } = request;
  const { network } = await firstNetwork(request, "the digits network", [choices.mnist]);
  const found = await finder.find("mnist");
  if (found.path !== undefined) {
    const { heldOut } = await readMnist(finder.context.platform, found.path);
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
