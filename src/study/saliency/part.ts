/** @file Part 4: where networks look, by several methods, held against where the things are. */
import { commandWords, wordsOf } from "../../wording/face.ts";
import { isRectifier } from "../../graph/rectifiers.ts";
import {
  describeMap,
  maximumOf,
  placesOf,
  positiveMassWithin,
  type Box,
} from "../../attribution/diagnosis/describe-map.ts";
import type { Heatmap } from "../../attribution/heatmap.ts";
import type { AttributionMethod } from "../../attribution/method.ts";
import { throwIfAborted } from "../../errors.ts";
import { tensor } from "../../graph/tensor.ts";
import { heatmapScale, heatOver } from "../../drawing/heatmap-sheet.ts";
import { plane, type Picture } from "../../image/picture.ts";
import { inputSizeOf, preprocess, type Preprocessing } from "../../image/preprocess.ts";
import { median } from "../../statistics.ts";
import { fileName } from "../filters/part.ts";
import type { StudyNetwork } from "../network.ts";
import { count, share } from "../../report/measures.ts";
import type { Claim, Source } from "../../report/record.ts";
import type {
  MadeCell,
  MadeSection,
  PartPlan,
  SectionPlan,
  SectionTools,
} from "../../report/section.ts";
import { formatProsePercent } from "../../wording/numbers.ts";

/** A photo, and where in it the thing is that should be found, in shares of its sides. */
export interface SalientPhoto {
  readonly title: string;
  readonly picture: Picture;
  readonly box?: Box;
  /** The class that is explained; the network's own first choice by default. */
  readonly target?: number;
}

/** A network and what it is called. */
export interface LookingNetwork {
  readonly network: StudyNetwork;
  readonly name: string;
  /** Where class activation maps lie; the last layer with places by default. */
  readonly layer?: string;
}

export interface SaliencyPart {
  readonly networks: readonly LookingNetwork[];
  readonly photos: readonly SalientPhoto[];
  readonly sources: readonly Source[];
  /** By the names of the table. */
  readonly methods: Readonly<Record<string, AttributionMethod>>;
  /** What is in the boxes: "the bird". */
  readonly thing: string;
}

/** The plan of part 4. */
export function saliencyPart(part: SaliencyPart): PartPlan {
  return {
    name: "saliency",
    title: "Where it looks",
    lead: `Which pixels decide? The softmax is taken off, one class is chosen, and four methods say where its number comes from. A map that pleases the eye proves little, so each is measured: how much of it lies on ${part.thing}, and where its maximum is.`,
    sources: [...part.networks.map(({ network }) => network.source), ...part.sources],
    sections: part.networks.map((looking) => networkSection(part, looking)),
  };
}

/** A map and what it says about places. */
interface MapFound {
  readonly method: string;
  readonly photo: SalientPhoto;
  readonly map: Heatmap;
  /** In the part of the photo that the network sees. */
  readonly box: Box | undefined;
  /** Share of the positive mass in the box. */
  readonly inside: number;
  readonly hits: boolean;
  readonly text: string;
}

function networkSection(part: SaliencyPart, looking: LookingNetwork): SectionPlan {
  const { network, name, layer } = looking;
  const { photos, methods } = part;
  const asked = photos.map(({ title, box, target }) => ({ title, box, target }));
  return {
    name: fileName(name),
    title: `Where ${name} looks`,
    recipe: { network: network.source.sha256, asked, layer, methods: Object.keys(methods) },
    effort: 4 * photos.length,
    make: (tools) => makeMaps(part, looking, tools),
  };
}

/** Methods that bend ReLU, and cannot be had of a network without one. */
const bending: readonly string[] = ["guided", "rectified"];

const withoutRelu =
  "It has no ReLU, which is what guided and rectified gradients bend, so they are left out.";

async function makeMaps(
  { photos, methods: all, thing }: SaliencyPart,
  { network, name, layer }: LookingNetwork,
  tools: SectionTools,
): Promise<MadeSection> {
  const { model, how, labels } = network;
  const bends = model.graph.nodes.some((node) => isRectifier(node, model.graph.initializers));
  const methods = bends
    ? all
    : Object.fromEntries(Object.entries(all).filter(([method]) => !bending.includes(method)));
  const size = inputSizeOf(how, model.input.dims ?? ["N", "C", "H", "W"]);
  const found: MapFound[] = [];
  const cells: MadeCell[] = [];
  for (const photo of photos) {
    const prepared = preprocess(photo.picture, how, size);
    const input = tensor("float32", prepared.dims, prepared.data);
    const box = photo.box && seenBox(photo.box, photo.picture, how);
    cells.push({
      picture: prepared.seen,
      alt: `${photo.title}, as the network sees it`,
      title: photo.title,
      enlarge: "smooth",
    });
    for (const [method, { info, run }] of Object.entries(methods)) {
      throwIfAborted(tools.signal, "study");
      const targets = photo.target === undefined ? ("top" as const) : [photo.target];
      const takesLayer = info.options.some((option) => option.name === "layer");
      const where = layer !== undefined && takesLayer ? { layer } : {};
      const [map] = await run(model, input, { targets, signal: tools.signal, ...where });
      const one = describeFound(method, photo, map!, box);
      found.push(one);
      cells.push(mapCell(one, prepared.seen, methods[method]!, labels));
      tools.report(found.length / (photos.length * Object.keys(methods).length), method);
    }
  }
  return {
    paragraphs: bends ? [] : [withoutRelu],
    claims: claimsOf(found, methods, thing),
    figures: [
      {
        id: `saliency-${fileName(name)}`,
        title: `What decides for ${name}`,
        cells,
        columns: Object.keys(methods).length + 1,
        charts: [],
        floats: found.map(({ photo, method, map }) => ({
          name: `saliency-${fileName(name)}-${fileName(photo.title)}-${method}`,
          value: tensor("float32", map.dims, map.data),
        })),
        sees: "Colour over the picture, fading towards 0. Grad-CAM asks a layer late in the network which places speak for the class, so it is coarse; the others follow the gradient down to the pixels, where edges are.",
        recipe: Object.values(methods)
          .map(({ info }) => `${info.title}: ${info.paper}.`)
          .join(" "),
        seed: null,
        warnings: found.flatMap(({ map, method, photo }) =>
          map.warnings.map(
            ({ message }) => `${method} of ${photo.title}: ${wordsOf(message, commandWords)}`,
          ),
        ),
      },
    ],
    tables: [tableOf(found, methods, `Each map of ${name} in numbers`, thing)],
    series: {
      inside: found.map(({ inside }) => inside),
      logit: found.map(({ map }) => map.logit),
      probability: found.map(({ map }) => map.probability),
    },
  };
}

function describeFound(
  method: string,
  photo: SalientPhoto,
  map: Heatmap,
  box: Box | undefined,
): MapFound {
  const places = placesOf(map);
  const { x, y } = maximumOf(places);
  const hits =
    box !== undefined && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  const inside = box === undefined ? Number.NaN : positiveMassWithin(places, box);
  return { method, photo, map, box, inside, hits, text: describeMap(map).text };
}

function mapCell(
  { map, photo, text, inside, box }: MapFound,
  seen: Picture,
  { info }: AttributionMethod,
  labels: readonly string[],
): MadeCell {
  const { height, width, data } = placesOf(map);
  const values = plane(width, height, data);
  const scale = heatmapScale(
    values,
    data.some((value) => value < 0),
  );
  const label = labels[map.target] ?? `class ${map.target}`;
  return {
    picture: heatOver(seen, values, scale),
    alt: `${info.title} of ${photo.title} for ${label}: ${text}`,
    title: info.title,
    notes: [
      `${label}, ${formatProsePercent(map.probability)}`,
      ...(box === undefined ? [] : [`${formatProsePercent(inside)} of the mass in the box`]),
    ],
    enlarge: "smooth",
  };
}

/** A box in shares of what the network sees of a picture; what is cut off is left out. */
export function seenBox(box: Box, { widthPx, heightPx }: Picture, how: Preprocessing): Box {
  const [across, down] = seenShares(widthPx, heightPx, how);
  const along = (at: number, extent: number) =>
    Math.min(Math.max((at - (1 - extent) / 2) / extent, 0), 1);
  return {
    left: along(box.left, across),
    right: along(box.right, across),
    top: along(box.top, down),
    bottom: along(box.bottom, down),
  };
}

/** Shares of width and height that are seen, around the centre; above 1 where borders are added. */
function seenShares(
  widthPx: number,
  heightPx: number,
  how: Preprocessing,
): readonly [number, number] {
  if (how.resize === "stretch") return [1, 1];
  const side =
    how.resize === "crop"
      ? how.cropShare * Math.min(widthPx, heightPx)
      : Math.max(widthPx, heightPx);
  return [side / widthPx, side / heightPx];
}

function claimsOf(
  found: readonly MapFound[],
  methods: SaliencyPart["methods"],
  thing: string,
): readonly Claim[] {
  const boxed = found.filter(({ box }) => box !== undefined);
  if (boxed.length === 0) return plainClaims(found, methods);
  const area = median(boxed.map(({ box }) => areaOf(box!)));
  return Object.entries(methods).map(([method, { info }]): Claim => {
    const own = boxed.filter((one) => one.method === method);
    const shares = own.map(({ inside }) => inside);
    const hits = own.filter((one) => one.hits).length;
    return {
      text: `of the positive mass of ${info.title} lies in the box around ${thing}, which takes ${formatProsePercent(area)} of the picture. Its maximum is in the box in ${hits} of ${own.length} pictures.`,
      measures: [
        share("median share in the box", median(shares)),
        count("maxima in the box", hits, own.length),
        share("the box's own share", area),
      ],
    };
  });
}

/** Without boxes: how much of the picture a method needs. */
function plainClaims(
  found: readonly MapFound[],
  methods: SaliencyPart["methods"],
): readonly Claim[] {
  return Object.entries(methods).map(([method, { info }]): Claim => {
    const shares = found
      .filter((one) => one.method === method)
      .map(({ map }) => describeMap(map).halfMassShare);
    return {
      text: `of the picture holds half of the positive mass of ${info.title}.`,
      measures: [share("median share of the picture", median(shares))],
    };
  });
}

function areaOf({ left, right, top, bottom }: Box): number {
  return (right - left) * (bottom - top);
}

function tableOf(
  found: readonly MapFound[],
  methods: SaliencyPart["methods"],
  title: string,
  thing: string,
) {
  return {
    title,
    head: [
      "Picture and method",
      "Class",
      "Probability",
      `On ${thing}`,
      "Maximum at",
      "Half of the mass in",
    ],
    rows: found.map(({ photo, method, map, inside }) => {
      const { maximum, halfMassShare } = describeMap(map);
      return [
        `${photo.title}, ${methods[method]!.info.title}`,
        String(map.target),
        formatProsePercent(map.probability),
        formatProsePercent(inside),
        maximum.value > 0
          ? `${Math.round(100 * maximum.x)} % across, ${Math.round(100 * maximum.y)} % down`
          : "none",
        formatProsePercent(halfMassShare),
      ];
    }),
  };
}
