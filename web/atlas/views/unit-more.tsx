/** @file What else is known of a unit: pictures beside the one that excites it most, its classes, a photo as its layer sees it. */
import type {
  AtlasLayer,
  AtlasOthers,
  AtlasReadOut,
  AtlasUnit,
  AtlasUnits,
} from "../../../src/atlas/site/site-data.ts";
import { formatCount, formatNumber } from "../../../src/wording/numbers.ts";
import { addressOf } from "../address.ts";
import { useAtlas } from "../atlas-context.ts";
import { fileAddress } from "../atlas-data.ts";
import { OtherPicture } from "../sheet-cell.tsx";
import { useTexts } from "../texts.ts";
import { useViewTexts } from "./view-texts.ts";
import "./unit-more.css";

export interface UnitMoreProps {
  readonly layer: AtlasLayer;
  readonly units: AtlasUnits;
  readonly unit: number;
}

export function UnitMore(props: UnitMoreProps) {
  const { layer, units, unit } = props;
  const { readOut } = useAtlas().index;
  const own = useViewTexts();
  const { classes } = units.units[unit]!;
  return (
    <div class="unit-more">
      {units.others && <Others {...props} others={units.others} />}
      {readOut === "no-logits" && <p class="hint">{own.noLogits}</p>}
      {classes && readOut && readOut !== "no-logits" && (
        <Classes classes={classes} readOut={readOut} />
      )}
      {units.caricature && <SeenPhoto layer={layer} units={units} />}
    </div>
  );
}

function Others({ layer, units, unit, others }: UnitMoreProps & { readonly others: AtlasOthers }) {
  const texts = useTexts();
  const own = useViewTexts();
  const { opposite, diverse } = units.units[unit]!;
  const picture = (column: number, text: string) => (
    <OtherPicture layer={layer} others={others} unit={unit} column={column} text={text} />
  );
  const first = others.columns.indexOf("diverse");
  return (
    <>
      {opposite && (
        <section class="opposite">
          <h2>{own.opposite}</h2>
          {picture(others.columns.indexOf("opposite"), own.opposite)}
          <p class="hint">
            {opposite.isBeforeRectifier ? own.beforeRectifier : texts.activation}{" "}
            <strong>{formatNumber(opposite.activation)}</strong>, {texts.from}{" "}
            {formatNumber(opposite.start)} {texts.atStart}
          </p>
          {opposite.isSilent && <p class="missing">{own.oppositeSilent}</p>}
        </section>
      )}
      {diverse && (
        <section class="diverse">
          <h2>
            {own.diverse} <small>{own.diverseText}</small>
          </h2>
          <ol>
            {diverse.activations.map((activation, number) => (
              <li key={number}>
                {picture(first + number, `${own.diverse} ${number + 1}`)}
                <span class="hint">
                  {texts.activation} <strong>{formatNumber(activation)}</strong>
                </span>
              </li>
            ))}
          </ol>
          <p class="hint">
            {own.alike} <strong>{formatNumber(diverse.alike, 2)}</strong> {own.alikeText}
          </p>
        </section>
      )}
    </>
  );
}

interface ClassesProps {
  readonly classes: NonNullable<AtlasUnit["classes"]>;
  readonly readOut: AtlasReadOut;
}

/** Bars as long as means against the largest. */
function Classes({ classes, readOut: { photos, classes: looked, of } }: ClassesProps) {
  const texts = useTexts();
  const own = useViewTexts();
  const largest = classes.reduce((most, [, mean]) => Math.max(most, Math.abs(mean)), 0);
  const sides = [
    [texts.speaksFor, classes.filter(([, mean]) => mean > 0)],
    [own.speaksAgainst, classes.filter(([, mean]) => mean < 0).toReversed()],
  ] as const;
  return (
    <section class="spoken">
      <h2>{own.itsClasses}</h2>
      {sides.map(
        ([title, list]) =>
          list.length > 0 && (
            <div key={title}>
              <h3>{title}</h3>
              <ul>
                {list.map((each) => (
                  <Spoken key={each[0]} spoken={each} largest={largest} />
                ))}
              </ul>
            </div>
          ),
      )}
      {classes.length === 0 && <p class="hint">{own.noneTold}</p>}
      <p class="hint">
        {own.classesText} {own.meanOver} {formatCount(photos)} {texts.manyPhotos}.{" "}
        {looked < of &&
          `${own.ofAll} ${formatCount(of)} ${own.lookedAt} ${formatCount(looked)} ${own.topAnswers}`}
      </p>
    </section>
  );
}

interface SpokenProps {
  readonly spoken: ClassesProps["classes"][number];
  readonly largest: number;
}

function Spoken({ spoken: [number, mean, error], largest }: SpokenProps) {
  const texts = useTexts();
  const name = useAtlas().index.classes?.[number];
  const label = name ?? `${texts.class} ${number}`;
  const width = `${(100 * Math.abs(mean)) / largest}%`;
  return (
    <li>
      <span class={mean < 0 ? "share against" : "share"} style={{ width }} />
      {name === undefined ? (
        <span>{label}</span>
      ) : (
        <a href={addressOf({ kind: "class", number })}>{label}</a>
      )}
      <span class="number">
        {mean > 0 ? "+" : ""}
        {formatNumber(mean, 2)} ± {formatNumber(error, 1)}
      </span>
    </li>
  );
}

function SeenPhoto({ layer, units }: Pick<UnitMoreProps, "layer" | "units">) {
  const own = useViewTexts();
  const { caricature: asked } = useAtlas().index;
  const { folder } = layer;
  const address = addressOf({ kind: "layer", folder, order: "number", view: "caricature" });
  return (
    <section class="seen-photo">
      <h2>{own.caricature}</h2>
      <a href={address}>
        <img
          src={fileAddress(folder, units.caricature!.file)}
          alt={`${own.caricature}: ${asked?.photo ?? ""}`}
          loading="lazy"
        />
      </a>
    </section>
  );
}
