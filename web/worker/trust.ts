/** @file How far to believe the map that is shown. */
import { trustOf } from "../../src/app/attribute/trust.ts";
import { tellProgress } from "../../src/app/context.ts";
import type { Faithfulness } from "../../src/attribution/check/faithfulness.ts";
import {
  gainVerdict,
  isBelowMiddle,
  likenessVerdict,
  tiesToTell,
} from "../../src/attribution/check/faithfulness-text.ts";
import { wordsOf } from "../../src/wording/face.ts";
import type { ExplainRequest } from "../protocol.ts";
import type { ShownTrust, TrustFound } from "../trust-protocol.ts";
import type { CallContext } from "./calls.ts";
import { pageWords, type Desk } from "./desk.ts";
import { shownResult } from "./explained.ts";
import { explanationOf, optionsFor } from "./explanation.ts";

/** Throws as `runAttribution`. */
export async function mapTrust(
  desk: Desk,
  asked: ExplainRequest,
  call: CallContext,
): Promise<ShownTrust> {
  const { answer, run, map } = shownResult(await explanationOf(desk, asked, call), asked.method);
  const { input } = desk.looked.source;
  const progress = tellProgress(desk.job(call).context, { what: "trust", total: 1 });
  const onProgress = (share: number) => progress.update(share, run.name);
  const request = { input, options: optionsFor(desk, asked), signal: call.signal, onProgress };
  try {
    const trust = await trustOf(answer, { run, map, row: 0 }, request);
    if ("refused" in trust) return { refused: wordsOf(trust.refused, pageWords) };
    return foundOf(trust);
  } finally {
    progress.end();
  }
}

function foundOf({ fills, drawn, tiedShare, ...found }: Faithfulness): TrustFound {
  const { scoreName, areSlopes, completenessGap } = found;
  return {
    scoreName,
    areSlopes,
    completenessGap,
    curves: fills.map(({ fill, srg, middleSrg, shares, mostFirst, leastFirst }) => {
      return { fill, srg, middleSrg, shares, mostFirst, leastFirst };
    }),
    verdict: gainVerdict(fills),
    isBelowMiddle: isBelowMiddle(fills),
    ties: tiesToTell(tiedShare),
    drawn:
      "reason" in drawn
        ? { reason: wordsOf(drawn.reason, pageWords) }
        : { verdict: likenessVerdict(drawn.likeness), likeness: drawn.likeness },
  };
}
