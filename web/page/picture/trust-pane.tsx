/** @file How far to believe the map: what the score does while places are hidden in its order, and what the numbers do not mean. */
import { useEffect, useRef } from "preact/hooks";
import { formatNumber, formatShare } from "../../../src/wording/numbers.ts";
import type { ShownTrust, TrustCurves, TrustFound } from "../../trust-protocol.ts";
import { usePageTexts, useSaid } from "../frame/settings.tsx";
import { TrustChart } from "./trust-chart.tsx";
import { filled } from "../texts/filled-text.ts";
import "./trust-pane.css";

export function TrustPane({ trust }: { readonly trust: ShownTrust }) {
  const texts = usePageTexts();
  const say = useSaid();
  const pane = useRef<HTMLElement>(null);
  useEffect(() => pane.current?.scrollIntoView({ block: "nearest" }), [trust]);
  return (
    <section class="trust" ref={pane} aria-label={texts.trustIt}>
      <h2>{texts.trustIt}</h2>
      {"refused" in trust ? <p role="status" {...say(trust.refused)} /> : <Found found={trust} />}
    </section>
  );
}

function Found({ found }: { readonly found: TrustFound }) {
  const texts = usePageTexts();
  const { curves, scoreName, drawn, completenessGap, ties, areSlopes } = found;
  const all = curves.flatMap(({ mostFirst, leastFirst }) => [...mostFirst, ...leastFirst]);
  const range = all.reduce<readonly [number, number]>(
    ([least, most], score) => [Math.min(least, score), Math.max(most, score)],
    [Infinity, -Infinity],
  );
  return (
    <>
      <p class="gain" role="status">
        {useGainText(found)}
      </p>
      <div class="charts">
        {curves.map((each) => (
          <TrustChart
            key={each.fill}
            curves={each}
            title={each.fill === "mean" ? texts.trustMean : texts.trustBlur}
            scoreName={useSaid()(scoreName).children}
            range={range}
          />
        ))}
      </div>
      <ul class="facts">
        {found.isBelowMiddle && <li>{texts.trustBelow}</li>}
        <li>{useDrawnText(drawn)}</li>
        {completenessGap !== undefined && (
          <li>{filled(texts.trustSum, { gap: formatShare(completenessGap) })}</li>
        )}
        {areSlopes && <li>{texts.trustSlopes}</li>}
        {ties !== undefined && <li>{filled(texts.trustTies, { share: formatShare(ties) })}</li>}
      </ul>
      <p class="hint">{texts.trustMeaning}</p>
    </>
  );
}

/** What hiding costs more from the front of the map's order than from its end. */
function useGainText({ verdict, curves, scoreName }: TrustFound): string {
  const texts = usePageTexts();
  const score = useSaid()(scoreName).children;
  if (verdict === "split") return filled(texts.trustSplit, { score });
  const text = verdict === "more" ? texts.trustMore : texts.trustLess;
  return filled(text, { score, gain: gainsOf(curves, texts.upTo) });
}

/** One number, or from the smaller to the larger. */
function gainsOf(curves: readonly TrustCurves[], upTo: string): string {
  const sizes = curves.map(({ srg }) => Math.abs(srg)).toSorted((a, b) => a - b);
  const said = [...new Set([sizes[0]!, sizes.at(-1)!].map((size) => formatNumber(size)))];
  return said.join(` ${upTo} `);
}

function useDrawnText(drawn: TrustFound["drawn"]): string {
  const texts = usePageTexts();
  const say = useSaid();
  if ("reason" in drawn) {
    return filled(texts.trustNotDrawn, { reason: say(drawn.reason).children });
  }
  const text = {
    alike: texts.trustAlike,
    reversed: texts.trustReversed,
    other: texts.trustOther,
    same: texts.trustSame,
  }[drawn.verdict];
  return filled(text, { likeness: formatNumber(drawn.likeness ?? 0) });
}
