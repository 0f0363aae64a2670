/** @file A unit: its picture, the photos that excite it, its figures, and the units that belong to it. */
import type { AtlasLayer, AtlasUnit, AtlasUnits } from "../../src/atlas/site/site-data.ts";
import { formatNumber, formatShare } from "../../src/wording/numbers.ts";
import { shownText } from "../../src/wording/shown-text.ts";
import { Histogram } from "../parts/histogram.tsx";
import { addressOf, unitAddress } from "./address.ts";
import { useAtlas, useUnits } from "./atlas-context.ts";
import { Waiting } from "./nothing-here.tsx";
import { Icon, Patch } from "./sheet-cell.tsx";
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
  const asked = useUnits(layer.folder);
  const link = (to: number) =>
    to >= 0 && to < layer.channels
      ? { address: unitAddress(layer.folder, to), name: String(to) }
      : undefined;
  return (
    <>
      <Trail layer={{ address: above, name: layer.name }} />
      <div class="head">
        <h1 tabIndex={-1}>
          {texts.unit} {unit}
        </h1>
        <Pager kind="unit" before={link(unit - 1)} next={link(unit + 1)} />
      </div>
      {asked.units ? (
        <Facts layer={layer} units={asked.units} unit={unit} />
      ) : (
        <Waiting asked={asked} />
      )}
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
        {facts.classes && <Classes classes={facts.classes} />}
        {facts.near && <Nearest layer={layer} units={units} near={facts.near} />}
      </div>
      <Links title={texts.reads} links={facts.before} />
      <Links title={texts.readBy} links={facts.after} />
    </div>
  );
}

function Made({ layer, units, unit }: UnitPart) {
  const texts = useTexts();
  const { state, start, activation, tops } = units.units[unit]!;
  const hasPhotos = tops !== undefined;
  const warnings = {
    live: undefined,
    dead: texts.deadText,
    unseen: texts.unseenText,
    silent: hasPhotos ? texts.silentText : texts.silentAlone,
  } satisfies Record<AtlasUnit["state"], string | undefined>;
  return (
    <section>
      <h2>{texts.excites}</h2>
      <Icon
        layer={layer}
        unit={unit}
        state={state}
        text={`${texts.excites}: ${texts.unit} ${unit}`}
      />
      <p class="hint">
        {texts.activation} <strong>{formatNumber(activation)}</strong>, {texts.from}{" "}
        {formatNumber(start)} {texts.atStart}
      </p>
      {warnings[state] !== undefined && <p class="missing">{warnings[state]}</p>}
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
          const name = shownText(units.photos?.[photo] ?? `${photo}`);
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

/** Bars as long as shares against the largest. */
function Classes({ classes }: { readonly classes: NonNullable<AtlasUnit["classes"]> }) {
  const texts = useTexts();
  const names = useAtlas().index.classes ?? [];
  if (classes.length === 0) return null;
  const largest = classes.reduce((most, [, share]) => Math.max(most, Math.abs(share)), 0);
  return (
    <section class="spoken">
      <h2>
        {texts.speaksFor} <small>{texts.speaksForText}</small>
      </h2>
      <ul>
        {classes.map(([number, share]) => {
          const width = largest > 0 ? (100 * Math.abs(share)) / largest : 0;
          const name = names[number];
          const label = shownText(name ?? `${texts.class} ${number}`);
          return (
            <li key={number}>
              <span class={share < 0 ? "share against" : "share"} style={{ width: `${width}%` }} />
              {name === undefined ? (
                <span>{label}</span>
              ) : (
                <a href={addressOf({ kind: "class", number })}>{label}</a>
              )}
              <span class="number">{formatNumber(share)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
