/** @file The network: its figures by depth, and its layers, each with its first icons. */
import { useRef } from "preact/hooks";
import type { AtlasLayer } from "../../src/atlas/site/site-data.ts";
import { formatCount, formatShare } from "../../src/wording/numbers.ts";
import { layerAddress } from "./address.ts";
import { useAtlas } from "./atlas-context.ts";
import { fileAddress } from "./atlas-data.ts";
import { DepthChart } from "./depth-chart.tsx";
import { figuresOf } from "./depth-figures.ts";
import { useSeen } from "./measured.ts";
import { counted, useTexts } from "./texts.ts";
import "./network-page.css";

export function NetworkPage() {
  const texts = useTexts();
  const { index } = useAtlas();
  const { network, layers, input, photoCount } = index;
  const units = layers.reduce((sum, { channels }) => sum + channels, 0);
  const dead = layers.reduce((sum, layer) => sum + layer.dead, 0);
  const rows = layers.map((layer, i) => [layer, i + 1] as const);
  const numbered = [
    [texts.classes, rows.filter(([{ isOfClasses }]) => isOfClasses)],
    [texts.layers, rows.filter(([{ isOfClasses }]) => !isOfClasses)],
  ] as const;
  return (
    <>
      <div class="head">
        <div>
          <h1 tabIndex={-1}>{network}</h1>
          <p class="lead">
            {counted(texts, layers.length, "Layer")} · {counted(texts, units, "Unit")}
            {dead > 0 && ` · ${formatCount(dead)} ${texts.dead}`}
            {photoCount !== undefined && ` · ${counted(texts, photoCount, "Photo")}`} ·{" "}
            {texts.input} {input.join(" × ")}
          </p>
        </div>
      </div>
      {photoCount === undefined && <p class="hint">{texts.withoutPhotos}</p>}
      {figuresOf(layers).length > 0 && <DepthChart />}
      {numbered.map(
        ([title, rows]) =>
          rows.length > 0 && (
            <section key={title}>
              <h2>{title}</h2>
              <ol class="layers" onKeyDown={moveAmongRows}>
                {rows.map(([layer, number]) => (
                  <LayerRow key={layer.folder} layer={layer} number={number} />
                ))}
              </ol>
            </section>
          ),
      )}
      <About />
    </>
  );
}

/** Up and down among the rows, as among the cells of a grid. */
function moveAmongRows(event: KeyboardEvent): void {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const rows = [...document.querySelectorAll<HTMLElement>(".layers .row")];
  const at = rows.findIndex((row) => row === document.activeElement);
  event.preventDefault();
  rows[event.key === "ArrowUp" ? at - 1 : at + 1]?.focus();
}

interface LayerRowProps {
  readonly layer: AtlasLayer;
  readonly number: number;
}

function LayerRow({ layer, number }: LayerRowProps) {
  const texts = useTexts();
  const { name, folder, operator, channels, height, width, dead, zeroShare } = layer;
  const size = height * width > 1 ? `${channels} × ${height} × ${width}` : String(channels);
  return (
    <li>
      <a class="row" href={layerAddress(folder)} data-layer={folder}>
        <span class="place">{number}</span>
        <span class="words">
          <span class="name">{name}</span>
          <span class="facts">
            {operator} · {size}
            {zeroShare !== undefined && ` · ${texts.zeroShare} ${formatShare(zeroShare)}`}
            {dead > 0 && (
              <>
                {" "}
                · <span class="dead">{`${dead} ${texts.dead}`}</span>
              </>
            )}
          </span>
        </span>
        <Strip layer={layer} />
      </a>
    </li>
  );
}

function Strip({ layer: { folder, strip, channels } }: { readonly layer: AtlasLayer }) {
  const { columns, sidePx } = useAtlas().index.strips;
  const place = useRef<HTMLSpanElement>(null);
  const isSeen = useSeen(place);
  return (
    <span class="strip" ref={place} aria-hidden="true">
      {isSeen && (
        <img
          src={fileAddress(folder, strip)}
          width={Math.min(columns, channels) * sidePx}
          height={sidePx}
          alt=""
        />
      )}
    </span>
  );
}

/** What was assumed, and what makes the atlas again. */
function About() {
  const texts = useTexts();
  const { notes, recipe, digest } = useAtlas().index;
  return (
    <section class="about">
      {notes.length > 0 && (
        <>
          <h2>{texts.notes}</h2>
          <ul>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      )}
      <h2>{texts.recipe}</h2>
      <pre tabIndex={0} role="region" aria-label={texts.recipe}>
        {recipe}
      </pre>
      <p class="digest">SHA-256 {digest}</p>
    </section>
  );
}
