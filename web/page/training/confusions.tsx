/** @file Which digits are taken for which: a table of colours, and the worst of them in words. */
import { scaleFor } from "../../../src/image/colormap.ts";
import type { EpochFacts } from "../../training-protocol.ts";
import { MapCanvas } from "../picture/map-canvas.tsx";
import { usePageTexts } from "../frame/settings.tsx";

export function Confusions({ facts }: { readonly facts: EpochFacts }) {
  const texts = usePageTexts();
  const { confusion } = facts;
  const size = confusion.length;
  // What is right would leave nothing else to see.
  const wrong = Float32Array.from(
    confusion.flatMap((row, i) => row.map((n, k) => (i === k ? 0 : n))),
  );
  const worst = wrong.reduce((best, count, i) => (count > wrong[best]! ? i : best), 0);
  const [is, found] = [Math.floor(worst / size), worst % size];
  const told =
    wrong[worst] === 0
      ? texts.trainNoMistakes
      : `${is} → ${found}: ${wrong[worst]} ${texts.trainTimes}`;
  return (
    <figure class="confusions">
      <figcaption>
        {texts.trainMistakes} <strong>{told}</strong>
      </figcaption>
      <MapCanvas
        values={wrong}
        height={size}
        width={size}
        scale={scaleFor(wrong, { signed: false })}
        text={`${texts.trainMistakes}: ${told}`}
      />
    </figure>
  );
}
