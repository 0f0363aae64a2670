/** @file What becomes of a photo with depth, in sentences with their numbers. */
import { count, measured, share } from "../../report/measures.ts";
import type { Claim } from "../../report/record.ts";
import { rankCorrelation } from "../../statistics.ts";
import type { LayerFound } from "./learning.ts";

/** About the convolutions alone: pools are what stands between them. */
export function learningClaims(found: readonly LayerFound[]): readonly Claim[] {
  const convolutions = found.filter(({ kind }) => kind === "convolution");
  return [zerosClaim(convolutions), correlationClaim(convolutions), deadClaim(convolutions)];
}

function withDepth(values: readonly number[]): number {
  return rankCorrelation([...values.keys()], values);
}

function zerosClaim(convolutions: readonly LayerFound[]): Claim {
  const zeros = convolutions.map((layer) => layer.zeros);
  const rho = withDepth(zeros);
  const said = trend(rho, {
    rising: "Later layers answer with more zeros",
    falling: "Later layers answer with fewer zeros",
    none: "Zeros do not simply grow with depth",
  });
  return {
    text: `is the rank correlation of depth with the share of zeros, over the ${convolutions.length} convolutions. ${said}.`,
    measures: [
      measured("rank correlation", rho),
      share("zeros, first", zeros[0]!),
      share("last", zeros.at(-1)!),
    ],
  };
}

function correlationClaim(convolutions: readonly LayerFound[]): Claim {
  const correlations = convolutions.map((layer) => layer.correlation);
  const rho = withDepth(correlations);
  const said = trend(rho, {
    rising: "Later maps look more like the picture",
    falling: "Later maps look less like the picture",
    none: "Likeness shows no clear trend",
  });
  return {
    text: `is the rank correlation of depth with the likeness to the picture. ${said}.`,
    measures: [
      measured("rank correlation", rho),
      measured("likeness, first", correlations[0]!),
      measured("last", correlations.at(-1)!),
    ],
  };
}

function deadClaim(convolutions: readonly LayerFound[]): Claim {
  const dead = convolutions.flatMap(({ name, dead: channels }) =>
    channels.length > 0 ? [`${name} ${channels.length}`] : [],
  );
  const deadCount = convolutions.reduce((sum, layer) => sum + layer.dead.length, 0);
  const all = convolutions.reduce((sum, { channels }) => sum + channels.length, 0);
  return {
    text: `channels of the convolutions are dead for this picture${dead.length > 0 ? ` (${dead.join(", ")}); each is named under its layer` : ""}. A pool whose windows tile the map can neither wake nor kill one.`,
    measures: [count("dead channels", deadCount, all)],
  };
}

/** Ranks that agree less than this are called no trend: layers are few. */
const leastTrend = 0.5;

/** What is said of a correlation of ranks. */
function trend(
  rho: number,
  said: { readonly rising: string; readonly falling: string; readonly none: string },
): string {
  if (!(Math.abs(rho) >= leastTrend)) return said.none;
  return rho > 0 ? said.rising : said.falling;
}
