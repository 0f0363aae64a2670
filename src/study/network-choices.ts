/** @file Which networks the parts of a study use: the wanted one, else the next best that can be had. */
import { LimpidError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { option, say } from "../wording/face.ts";
import { openStudyNetwork, type StudyNetwork } from "./network.ts";
import type { Found, SourceFinder } from "./sources.ts";

/** What opening a network needs. */
export interface NetworkRequest {
  readonly finder: SourceFinder;
  readonly runtime: Runtime;
}

/** A network that a part may use. */
export interface NetworkChoice {
  readonly name: string;
  /** As the report calls it. */
  readonly what: string;
  /** Whether it comes with the program; else it is the catalog's. */
  readonly ships: boolean;
}

/** THE table of networks that parts may use. */
export const choices = {
  vgg16: { name: "vgg16", what: "VGG16", ships: false },
  resnet50: { name: "resnet50", what: "ResNet50", ships: false },
  googlenet: { name: "googlenet", what: "GoogLeNet", ships: false },
  mobilenet: { name: "mobilenetv2", what: "MobileNetV2", ships: false },
  mnist: { name: "mnist", what: "the network for digits", ships: true },
  catsDogs: { name: "cats-dogs", what: "the network for photos of cats and dogs", ships: true },
  pets: { name: "pets", what: "the network for drawn cats and dogs", ships: true },
} as const satisfies Readonly<Record<string, NetworkChoice>>;

/** Where a network is, or why there is none. */
export function findNetwork(finder: SourceFinder, { name, ships }: NetworkChoice): Promise<Found> {
  return ships ? finder.findShipped(name) : finder.find(name);
}

/** The first of some networks that can be had, and why those before it cannot. Throws `bad-file` if there is none. */
export async function firstNetwork(
  { finder, runtime }: NetworkRequest,
  wanted: string,
  candidates: readonly NetworkChoice[],
): Promise<{ readonly network: StudyNetwork; readonly choice: NetworkChoice }> {
  const missing: Missing[] = [];
  for (const choice of candidates) {
    const found = await findNetwork(finder, choice);
    if (found.path === undefined) {
      missing.push({ what: choice.what, why: found.why });
      continue;
    }
    const standsFor =
      missing.length === 0 ? {} : { standsFor: { what: wanted, why: reasons(missing) } };
    const source = { what: choice.what, origin: found.origin, ...standsFor };
    const asked = found.name ?? found.path;
    const lookUp = found.name === undefined ? {} : finder.lookUp;
    const { context } = finder;
    return { network: await openStudyNetwork({ asked, lookUp, source, runtime }, context), choice };
  }
  throw new LimpidError(
    "bad-file",
    say`study: a network must be had for ${wanted}, got none (${reasons(missing)}). give a folder with ${option("data")}, or your own network with ${option("model")}.`,
  );
}

interface Missing {
  readonly what: string;
  readonly why: string;
}

/** Why things are missing, each reason once. */
function reasons(missing: readonly Missing[]): string {
  const all = [...new Set(missing.map(({ why }) => why))];
  if (all.length === 1) return all[0]!;
  return all
    .map((why) => {
      const names = missing.filter((one) => one.why === why).map(({ what }) => what);
      return `${names.join(", ")}: ${why}`;
    })
    .join("; ");
}
