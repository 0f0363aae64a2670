/** @file A layer: all its units on one sheet, and beside it the one that is pointed at. */
import { useCallback, useMemo, useState } from "preact/hooks";
import type { AtlasLayer } from "../../src/atlas/site/site-data.ts";
import { formatShare } from "../../src/wording/numbers.ts";
import { addressOf, orders, type LayerPlace, type Order, type View } from "./address.ts";
import { useAtlas, useLayerFile } from "./atlas-context.ts";
import { ContactSheet } from "./contact-sheet.tsx";
import { LazyView } from "./lazy-view.tsx";
import { Waiting } from "./nothing-here.tsx";
import { sorted } from "./sorting.ts";
import { counted, useTexts } from "./texts.ts";
import { Pager, Trail } from "./trail.tsx";
import { UnitGlance } from "./unit-glance.tsx";
import "./layer-page.css";

interface LayerPageProps {
  readonly layer: AtlasLayer;
  readonly place: LayerPlace;
  /** The unit that was looked at last. */
  readonly start: number | undefined;
  readonly takesFocus: boolean;
}

export function LayerPage({ layer, place, start, takesFocus }: LayerPageProps) {
  const { order, view } = place;
  const atlas = useAtlas();
  const { read: units, ...awaited } = useLayerFile(atlas.units, layer.folder);
  const [pointed, setPointed] = useState(start);
  const onPoint = useCallback((unit: number) => setPointed(unit), []);
  const numbers = useMemo(() => (units ? sorted(units.units, order) : []), [units, order]);
  // The sheet has thousands of cells and need not be drawn again for each that is pointed at.
  const sheet = useMemo(
    () =>
      units && (
        <ContactSheet
          layer={layer}
          units={units.units}
          numbers={numbers}
          start={start}
          takesFocus={takesFocus}
          onPoint={onPoint}
        />
      ),
    [layer, units, numbers, start, takesFocus, onPoint],
  );
  const link = (to: AtlasLayer | undefined) =>
    to && {
      address: addressOf({ ...place, order: "number", folder: to.folder }),
      name: to.name,
    };
  return (
    <>
      <Trail />
      <div class="head">
        <div>
          <h1 tabIndex={-1}>{layer.name}</h1>
          <LayerFacts layer={layer} />
        </div>
        <Pager
          kind="layer"
          before={link(atlas.beside(layer.folder, -1))}
          next={link(atlas.beside(layer.folder, 1))}
        />
      </div>
      <div class="views">
        <ViewChoice layer={layer} place={place} />
        {view === undefined && <OrderChoice layer={layer} order={order} />}
      </div>
      <div class="sheet-and-glance">
        {units && view && <LazyView shown={{ view, layer, units, unit: pointed, onPoint }} />}
        {units && view === undefined && sheet}
        {!units && <Waiting {...awaited} />}
        {units && (view === undefined || view === "map") && (
          <UnitGlance layer={layer} units={units} unit={pointed} />
        )}
      </div>
    </>
  );
}

function LayerFacts({ layer }: { readonly layer: AtlasLayer }) {
  const texts = useTexts();
  const { operator, channels, height, width, dead } = layer;
  const shares = (["zeroShare", "effectiveShare", "classShare"] as const).flatMap((key) => {
    const share = layer[key];
    return share === undefined ? [] : [`${texts[key]} ${formatShare(share)}`];
  });
  return (
    <p class="lead">
      {[
        operator,
        counted(texts, channels, "Unit"),
        ...(height * width > 1 ? [`${height} × ${width}`] : []),
        ...(dead > 0 ? [`${dead} ${texts.dead}`] : []),
        ...shares,
      ].join(" · ")}
    </p>
  );
}

/** The sheet of a layer's units, and what else there is of it. */
function ViewChoice({ layer, place }: Pick<LayerPageProps, "layer" | "place">) {
  const texts = useTexts();
  const { caricature } = useAtlas().index;
  const names = [
    [undefined, texts.sheet],
    ["map", texts.map],
    ...(layer.hasCells ? ([["cells", texts.cells]] as const) : []),
    ...(caricature ? ([["caricature", texts.caricature]] as const) : []),
  ] as const satisfies readonly (readonly [View | undefined, string])[];
  const { kind, folder } = place;
  return (
    <nav class="view-choice" aria-label={texts.view}>
      {names.map(([view, name]) => (
        <a
          key={name}
          href={addressOf({ kind, folder, order: "number", ...(view ? { view } : {}) })}
          {...(view === place.view ? { "aria-current": "page" as const } : {})}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}

interface OrderChoiceProps {
  readonly layer: AtlasLayer;
  readonly order: Order;
}

function OrderChoice({ layer: { folder, zeroShare }, order }: OrderChoiceProps) {
  const texts = useTexts();
  const names = {
    number: texts.byNumber,
    activation: texts.byActivation,
    zeros: texts.byZeros,
  } satisfies Record<Order, string>;
  return (
    <label class="order">
      {texts.order}{" "}
      <select
        value={order}
        onChange={(event) => {
          const chosen = orders.find((each) => each === event.currentTarget.value) ?? "number";
          location.replace(addressOf({ kind: "layer", folder, order: chosen }));
        }}
      >
        {orders
          .filter((each) => each !== "zeros" || zeroShare !== undefined)
          .map((each) => (
            <option key={each} value={each}>
              {names[each]}
            </option>
          ))}
      </select>
    </label>
  );
}
