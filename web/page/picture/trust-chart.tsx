/** @file The score while more and more of the picture is hidden, from both ends of a map's order. */
import { formatNumber } from "../../../src/wording/numbers.ts";
import type { TrustCurves } from "../../trust-protocol.ts";
import { filled } from "../texts/filled-text.ts";
import { usePageTexts } from "../frame/settings.tsx";

interface TrustChartProps {
  readonly curves: TrustCurves;
  readonly title: string;
  readonly scoreName: string;
  /** Of the scores of all charts, so that they compare. */
  readonly range: readonly [least: number, most: number];
}

const [width, height] = [240, 120];

export function TrustChart({ curves, title, scoreName, range: [least, most] }: TrustChartProps) {
  const texts = usePageTexts();
  const { shares, mostFirst, leastFirst, srg, middleSrg } = curves;
  const y = (score: number) => height * (1 - (score - least) / (most - least || 1));
  const places = (scores: readonly number[]) =>
    scores.map((score, i) => `${width * shares[i]!},${y(score)}`);
  const [first, last] = [places(mostFirst), places(leastFirst)];
  const said = filled(texts.trustCurves, {
    score: scoreName,
    shown: formatNumber(mostFirst[0]!),
    hidden: formatNumber(mostFirst.at(-1)!),
    gain: formatNumber(srg),
  });
  const numbers = filled(middleSrg === null ? texts.trustSrg : texts.trustSrgMiddle, {
    gain: formatNumber(srg),
    middle: formatNumber(middleSrg ?? 0),
  });
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div class="plot">
        <span class="ends" aria-hidden>
          <span>{formatNumber(most)}</span>
          <span class="name">{scoreName}</span>
          <span>{formatNumber(least)}</span>
        </span>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}. ${said}`}
        >
          <polygon points={[...first, ...last.toReversed()].join(" ")} />
          {least < 0 && most > 0 && <line class="zero" x1={0} x2={width} y1={y(0)} y2={y(0)} />}
          <polyline class="least" points={last.join(" ")} />
          <polyline class="most" points={first.join(" ")} />
        </svg>
        <span class="shares" aria-hidden>
          <span>0 %</span>
          <span>{texts.trustHidden}</span>
          <span>100 %</span>
        </span>
      </div>
      <p class="legend" aria-hidden>
        <span class="most">{texts.trustMost}</span>
        <span class="least">{texts.trustLeast}</span>
      </p>
      <p class="numbers">{numbers}</p>
    </figure>
  );
}
