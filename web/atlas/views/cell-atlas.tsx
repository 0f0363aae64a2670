/** @file The activation atlas of a layer: averages of what photos make of single places, where alike ones lie near each other. */
import { useRef, useState } from "preact/hooks";
import type { AtlasCells, AtlasLayer } from "../../../src/atlas/site/site-data.ts";
import { formatCount } from "../../../src/wording/numbers.ts";
import { useAtlas, useLayerFile } from "../atlas-context.ts";
import { Waiting } from "../nothing-here.tsx";
import { CellCanvas } from "./cell-canvas.tsx";
import { CellGlance } from "./cell-glance.tsx";
import { cellName, classesText, foldersText } from "./cell-words.ts";
import { useViewTexts } from "./view-texts.ts";
import "./cell-atlas.css";

export function CellAtlas({ layer }: { readonly layer: AtlasLayer }) {
  const texts = useViewTexts();
  const { folder, hasCells } = layer;
  const { read: cells, ...awaited } = useLayerFile(useAtlas().cells, hasCells ? folder : undefined);
  if (!hasCells) return <p class="hint no-map">{texts.cellsNotAsked}</p>;
  if (!cells) return <Waiting {...awaited} />;
  if (cells.cells.length === 0) return <TooFew cells={cells} />;
  return <Atlas layer={layer} cells={cells} />;
}

function TooFew({ cells: { places, leastPlaces } }: { readonly cells: AtlasCells }) {
  const texts = useViewTexts();
  return (
    <p class="hint no-map">
      {texts.cellsLack} {formatCount(leastPlaces)} {texts.cellsLackPlaces} {formatCount(places)}.
    </p>
  );
}

interface AtlasProps {
  readonly layer: AtlasLayer;
  readonly cells: AtlasCells;
}

function Atlas({ layer, cells }: AtlasProps) {
  const texts = useViewTexts();
  const [chosen, setChosen] = useState<number>();
  const glance = useRef<HTMLElement>(null);
  const { places, photoCount, each, leastMembers, placesOfCell } = cells;
  return (
    <section class="cell-atlas">
      <p class="hint">
        {texts.cellsText} {formatCount(places)} {texts.cellsPlaces} {formatCount(photoCount)}{" "}
        {photoCount === 1 ? texts.cellsOfPhoto : texts.cellsOfPhotos}, {each} {texts.cellsEach};{" "}
        {texts.cellsLeast} {leastMembers}.
        {placesOfCell !== undefined &&
          ` ${texts.cellClassesText} ${placesOfCell} ${texts.cellClassesPlaces}`}
      </p>
      <div class="canvas-and-glance">
        <CellCanvas
          layer={layer}
          cells={cells}
          chosen={chosen}
          onPoint={setChosen}
          onOpen={() => glance.current?.focus()}
        />
        <CellGlance layer={layer} cells={cells} chosen={chosen} place={glance} />
      </div>
      <p class="hint" id="map-keys">
        {texts.cellKeys}
      </p>
      <AsList cells={cells} onChoose={setChosen} />
    </section>
  );
}

interface AsListProps {
  readonly cells: AtlasCells;
  onChoose(cell: number): void;
}

/** What is drawn, by its numbers: each cell with what is known of it. */
function AsList({ cells, onChoose }: AsListProps) {
  const texts = useViewTexts();
  const { classes } = useAtlas().index;
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="as-list" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.mapList}</summary>
      {isOpen && (
        <ul>
          {cells.cells.map((cell, number) => (
            <li key={number}>
              <button type="button" onClick={() => onChoose(number)}>
                {cellName(texts, cell)}
              </button>{" "}
              <small>
                {cell.count} {texts.cellPlaces}
                {cell.folders && ` · ${foldersText(cells, cell)}`}
                {cell.classes && cell.classes.length > 0 && ` · ${classesText(classes, cell)}`}
              </small>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
