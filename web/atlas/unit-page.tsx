/** @file A unit: its picture, the photos that excite it, its figures, and the units that belong to it. */
import type {
  AtlasIndex,
  AtlasLayer,
  AtlasUnit,
  AtlasUnits,
} from "../../src/atlas/site/site-data.ts";
import { isUnmoved } from "../../src/atlas/site/unmoved.ts";
import { formatNumber, formatShare } from "../../src/wording/numbers.ts";
import { Histogram } from "../parts/histogram.tsx";
import { unitAddress } from "./address.ts";
import { useAtlas, useLayerFile } from "./atlas-context.ts";
import { unitWords } from "./class-names.ts";
import { LazyView } from "./lazy-view.tsx";
import { Waiting } from "./nothing-here.tsx";
import { Icon, OtherPicture, Patch } from "./sheet-cell.tsx";
import { counted, useTexts } from "./texts.ts";
import { Pager, Trail } from "./trail.tsx";
import { Links, Nearest } from "./unit-links.tsx";
import "./unit-page.css";

interface UnitPageProps {
  readonly layer: AtlasLayer;
  readonly unit: number;
  /** The address of its layer, in the order that it was left in. */
  readonly above: string;
}

export function UnitPage({ layer, unit, above }: UnitPageProps) {
  const texts = useTexts();
  const atlas = useAtlas();
  const { read: units, ...awaited } = useLayerFile(atlas.units, layer.folder);
  const link = (to: number) =>
    to >= 0 && to < layer.channels
      ? { address: unitAddress(layer.folder, to), name: String(to) }
      : undefined;
  return (
    <>
      <Trail layer={{ address: above, name: layer.name }} />
      <div class="head">
        <h1 tabIndex={-1}>
          {texts.unit} {unitWords(atlas.index, layer, unit)}
        </h1>
        <Pager kind="unit" before={link(unit - 1)} next={link(unit + 1)} />
      </div>
      {units ? <Facts layer={layer} units={units} unit={unit} /> : <Waiting {...awaited} />}
    </>
  );
}

interface UnitPart {
  readonly layer: AtlasLayer;
  readonly units: AtlasUnits;
  readonly unit: number;
}

function Facts(part: UnitPart) {
  const texts = useTexts();
  const { index } = useAtlas();
  const { layer, units, unit } = part;
  const facts = units.units[unit]!;
  return (
    <div class="unit-page">
      <div class="seen">
        <div class="made">
          <Made {...part} />
          {facts.histogram && <Spread facts={facts} />}
        </div>
        {facts.tops && <Tops {...part} />}
      </div>
      <div class="told">
        {facts.near && <Nearest layer={layer} units={units} near={facts.near} />}
      </div>
      {hasMore(part, index) && <LazyView shown={{ view: "unit", layer, units, unit }} />}
      <Links title={texts.reads} links={facts.before} />
      <Links title={texts.readBy} links={facts.after} />
    </div>
  );
}

/** Whether there is something that a script of its own shows. */
function hasMore({ units, unit }: UnitPart, { readOut }: AtlasIndex): boolean {
  const { classes, opposite, diverse } = units.units[unit]!;
  const all = [classes, opposite, diverse, units.caricature];
  return readOut === "no-logits" || all.some((each) => each !== undefined);
}

function Made({ layer, units, unit }: UnitPart) {
  const texts = useTexts();
  const { state, start, activation, below, tops } = units.units[unit]!;
  const hasPhotos = tops !== undefined;
  const { others } = units;
  const shown = { layer, unit, state, text: `${texts.excites}: ${texts.unit} ${unit}` };
  const warnings = {
    live: isUnmoved(start, activation) ? texts.unmovedText : undefined,
    dead: texts.deadText,
    unseen: texts.unseenText,
    silent: hasPhotos ? texts.silentText : texts.silentAlone,
  } satisfies Record<AtlasUnit["state"], string | undefined>;
  return (
    <section>
      <h2>{texts.excites}</h2>
      {others?.columns[0] === "excites" ? (
        <OtherPicture {...shown} others={others} column={0} />
      ) : (
        <Icon {...shown} />
      )}
      <p class="hint">
        {texts.activation} <strong>{formatNumber(activation)}</strong>, {texts.from}{" "}
        {formatNumber(start)} {texts.atStart}
      </p>
      {warnings[state] !== undefined && <p class="missing">{warnings[state]}</p>}
      {below !== undefined && state !== "silent" && state !== "dead" && (
        <p class="missing">
          {texts.belowText} {formatNumber(below)}
        </p>
      )}
    </section>
  );
}

function Tops({ layer, units, unit }: UnitPart) {
  const texts = useTexts();
  const { photoCount } = useAtlas().index;
  const { tops = [] } = units.units[unit]!;
  return (
    <section class="tops">
      <h2>
        {texts.patches}{" "}
        {photoCount !== undefined && <small>{counted(texts, photoCount, "Photo")}</small>}
      </h2>
      {tops.length === 0 && <p class="hint">{texts.noPatches}</p>}
      <ol>
        {tops.map(({ photo, value }, number) => {
          const name = units.photos?.[photo] ?? `${photo}`;
          return (
            <li key={number}>
              <Patch layer={layer} units={units} unit={unit} number={number} text={name} />
              <strong>{formatNumber(value)}</strong>
              <span class="photo" title={name}>
                {name}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Spread({ facts: { histogram, zeroShare } }: { readonly facts: AtlasUnit }) {
  const texts = useTexts();
  return (
    <section>
      <h2>{texts.spread}</h2>
      <Histogram histogram={histogram!} text={texts.spread} />
      <p class="hint">
        {zeroShare !== undefined && `${formatShare(zeroShare)} ${texts.zerosOfPlaces}. `}
        {texts.spreadText}
      </p>
    </section>
  );
}
