/** @file The maps of two networks, and what the second adds or takes away. */
import type { ComponentChild } from "preact";
import type { Pixels, SeenPicture, ShownMap } from "../../protocol.ts";
import { ColorBar } from "../frame/color-bar.tsx";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { usePageTexts, useSaid } from "../frame/settings.tsx";
import { filled } from "../texts/filled-text.ts";
import { namesOf, type BothProps } from "./both.ts";
import { SideBySide } from "./side-by-side.tsx";

type Named = readonly [name: string, cell: ComponentChild];

export function BothMaps({ state, second }: BothProps) {
  const texts = usePageTexts();
  const { painted, difference, lacking } = second;
  const isOfSame = second.map !== undefined && lacking.length === 0;
  return (
    <>
      <SideBySide title={texts.twoNetworks} cells={useCells({ state, second })} />
      {painted && <ColorBar scale={painted.scale} />}
      {isOfSame && !painted && <p class="hint">{texts.ownScales}</p>}
      {isOfSame && painted && !difference && <p class="hint">{texts.otherPlaces}</p>}
      <Lacking state={state} second={second} />
    </>
  );
}

/** Why the map of the second is of something else than the first's. */
function Lacking({ state, second }: Pick<BothProps, "state" | "second">) {
  const texts = usePageTexts();
  const say = useSaid();
  const { map: first } = state;
  const { map, lacking } = second;
  if (!first || !map || lacking.length === 0) return null;
  const [, other] = namesOf(state, second);
  const said = (shown: ShownMap) => say(shown.heading).children;
  const words = { second: other, asked: said(first), own: said(map) };
  const layer = { layer: first.asked.layer ?? "", found: map.layer ?? "" };
  const sentences = [
    ...(lacking.includes("target") ? [filled(texts.secondLacksTarget, words)] : []),
    ...(lacking.includes("layer") ? [filled(texts.secondLacksLayer, { ...words, ...layer })] : []),
    texts.noDifference,
  ];
  return (
    <p class="hint lacking" role="status">
      {sentences.join(" ")}
    </p>
  );
}

function useCells({ state, second }: Pick<BothProps, "state" | "second">): readonly Named[] {
  const texts = usePageTexts();
  const { picture, map } = state;
  const { painted, difference } = second;
  const [own, other] = namesOf(state, second);
  const hasBar = !painted;
  const cellOf = (title: string, seen: SeenPicture, shown: ShownMap, heat = shown.heat): Named => [
    title,
    <MapCell title={title} picture={seen} heat={heat} map={shown} hasBar={hasBar} />,
  ];
  if (!picture || !map) return [];
  const cells = [cellOf(own, picture, map, painted?.heats[0])];
  if (second.picture && second.map) {
    cells.push(cellOf(other, second.picture, second.map, painted?.heats[1]));
  }
  if (!difference) return cells;
  const figure = (
    <figure>
      <div class="stage">
        <PixelCanvas pixels={picture.seen} class="photo" />
        <PixelCanvas pixels={difference.heats[0]!} text={texts.mapDifference} class="heat" />
      </div>
      <ColorBar scale={difference.scale} />
      <figcaption>{texts.mapDifference}</figcaption>
    </figure>
  );
  return [...cells, [texts.difference, figure]];
}

interface MapCellProps {
  readonly title: string;
  readonly picture: SeenPicture;
  readonly heat: Pixels;
  readonly map: ShownMap;
  readonly hasBar: boolean;
}

function MapCell({ title, picture, heat, map, hasBar }: MapCellProps) {
  const say = useSaid();
  return (
    <figure>
      <div class="stage">
        <PixelCanvas pixels={picture.seen} class="photo" />
        <PixelCanvas pixels={heat} text={`${title}: ${say(map.text).children}`} class="heat" />
      </div>
      {hasBar && <ColorBar scale={map.scale} />}
      <figcaption>
        <strong>{title}</strong> <span {...say(map.heading)} />, <span {...say(map.score)} />
      </figcaption>
    </figure>
  );
}
