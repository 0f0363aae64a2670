/** @file Figures of a photo's way through a network. */
import { contactSheet } from "../../drawing/contact-sheet.ts";
import type { SheetCell } from "../../drawing/sheet.ts";
import { colorize, scaleFor } from "../../image/colormap.ts";
import type { CurvesDescription, MadeFigure } from "../../report/section.ts";
import { formatProse, formatProsePercent } from "../../wording/numbers.ts";
import { framedText, seenCell, seenNotes, type SeenPhoto } from "../seen-photo.ts";
import type { LayerFound } from "./learning.ts";

/** The name of the figure over all layers, among those that are named after a layer. */
export const depthName = "depth";

const depthText =
  "Zeros: numbers that ReLU has cut off. Dead channels: all zeros for this picture. Likeness: how well a channel's map correlates with the brightness of the picture, signs aside, median over the living channels.";

/** The photo, and charts of what changes from layer to layer. */
export function depthFigure(
  title: string,
  seen: SeenPhoto,
  found: readonly LayerFound[],
): MadeFigure {
  const { widthPx, heightPx } = seen.photo;
  const cell = seenCell(seen, {
    alt: `What the network sees of ${title}`,
    title,
    notes: [`${widthPx} × ${heightPx} pixels`, ...seenNotes(seen)],
    enlarge: "smooth",
  });
  return {
    ...bare(`learning-${depthName}`, "Sparser and more abstract"),
    cells: [cell],
    columns: 4,
    charts: [
      { ...chart("Zeros", found, ({ zeros }) => 100 * zeros), y: "% of the numbers", kind: "bars" },
      { ...chart("Dead channels", found, ({ dead }) => dead.length), y: "channels", kind: "bars" },
      {
        ...chart("Likeness to the picture", found, ({ correlation }) => correlation),
        y: "correlation",
        kind: "lines",
      },
    ],
    sees: framedText(depthText, [cell]),
    recipe: `One run of the network. Its parameters were not changed.`,
  };
}

function chart(
  title: string,
  found: readonly LayerFound[],
  of: (layer: LayerFound) => number,
): Pick<CurvesDescription, "title" | "alt" | "x" | "series"> {
  const points = found.map((layer) => ({ x: layer.name, y: of(layer) }));
  const said = points.map(({ x, y }) => `${x} ${formatProse(y)}`).join(", ");
  return { title, alt: `${title}: ${said}.`, x: "layer", series: [{ label: title, points }] };
}

function bare(id: string, title: string) {
  return { id, title, cells: [], columns: 1, charts: [], floats: [], seed: null, warnings: [] };
}

const columns = 16;
const cellSide = { cellWidthPx: 76, cellHeightPx: 76 } as const;

/** All channels of a layer. */
export function layerFigure(layer: LayerFound): MadeFigure {
  const { name, file, channels, dead, values } = layer;
  const isDead = new Set(dead);
  const cells = channels.map((map, c): SheetCell => {
    if (isDead.has(c)) return { title: String(c), empty: "dead" };
    const scale = scaleFor(map.data, { signed: map.data.some((value) => value < 0) });
    return {
      title: String(c),
      picture: colorize(map, scale),
      enlarge: "squares",
      captions: [formatProse(Math.max(...map.data))],
    };
  });
  return {
    ...bare(`learning-${file}`, `${name}, ${channels.length} channels`),
    cells: [
      {
        picture: contactSheet({ title: name, cells, columns, ...cellSide }),
        alt: `All ${channels.length} channels of ${name}. ${dead.length === 0 ? "None is dead." : `Dead: ${dead.join(", ")}.`}`,
        enlarge: "smooth",
      },
    ],
    floats: [{ name: `learning-${file}`, value: values }],
    sees: `Each map with its own scale, from 0 in black to its largest number, below it, in yellow. ${dead.length === 0 ? "No channel is dead." : `Dead: ${dead.join(", ")}.`}`,
    recipe: `${formatProsePercent(layer.zeros)} of the numbers are zero.`,
  };
}
