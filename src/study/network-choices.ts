/** @file Which networks the parts of a study use: the wanted one, else the next best that can be had. */
import { LimpidError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { StudyNetwork } from "./network.ts";
import type { CatalogName } from "../node/fetch/catalog.ts";
import { openStudyNetwork, type Finder, type Found } from "./sources.ts";

/** What opening a network needs. */
export interface NetworkRequest {
  readonly finder: Finder;
  readonly runtime: Runtime;
}

/** The first of some networks that can be had, and why those before it cannot. */
export async function firstNetwork(
  request: NetworkRequest,
  wanted: string,
  choices: readonly NetworkChoice[],
): Promise<{ readonly network: StudyNetwork; readonly choice: NetworkChoice }> {
  const missing: { readonly what: string; readonly why: string }[] = [];
  for (const choice of choices) {
    const found = await choice.find(request.finder);
    if (found.path === undefined) {
      missing.push({ what: choice.what, why: found.why });
      continue;
    }
    const network = await openStudyNetwork(found.path, {
      what: choice.what,
      origin: found.origin,
      runtime: request.runtime,
      ...(found.how === undefined ? {} : { how: found.how }),
      ...(missing.length === 0 ? {} : { standsFor: { what: wanted, why: reasons(missing) } }),
    });
    return { network, choice };
  }
  throw new LimpidError(
    "bad-file",
    `study: a network must be had for ${wanted}, got none (${reasons(missing)}). give a folder with --data, or your own network with --model.`,
  );
}

/** Why things are missing, each reason once. */
function reasons(missing: readonly { readonly what: string; readonly why: string }[]): string {
  const all = [...new Set(missing.map(({ why }) => why))];
  if (all.length === 1) return all[0]!;
  return all
    .map((why) => {
      const names = missing.filter((one) => one.why === why).map(({ what }) => what);
      return `${names.join(", ")}: ${why}`;
    })
    .join("; ");
}

export interface NetworkChoice {
  readonly name: string;
  readonly what: string;
  readonly find: (finder: Finder) => Promise<Found> | Found;
}

const from = (name: CatalogName, what: string): NetworkChoice => ({
  name,
  what,
  find: (finder) => finder.find(name),
});

const shipped = (name: string, what: string): NetworkChoice => ({
  name,
  what,
  find: (finder) => finder.findShipped(name),
});

/** THE table of networks that parts may use. */
export const choices = {
  vgg16: from("vgg16", "VGG16"),
  resnet50: from("resnet50", "ResNet50"),
  googlenet: from("googlenet", "GoogLeNet"),
  mobilenet: from("mobilenetv2", "MobileNetV2"),
  mnist: shipped("mnist", "the network for digits"),
  catsDogs: shipped("cats-dogs", "the network for photos of cats and dogs"),
  pets: shipped("pets", "the network for drawn cats and dogs"),
} as const;
