/** @file The maps of part 4, and what each says about places. */
import { describeMap } from "../../attribution/diagnosis/describe-map.ts";
import { maximumOf, placesOf } from "../../attribution/diagnosis/place-map.ts";
import { positiveMassWithin, type Box } from "../../attribution/diagnosis/positive-mass.ts";
import type { Heatmap } from "../../attribution/heatmap.ts";
import type { AttributionMethod } from "../../attribution/method.ts";
import { throwIfAborted } from "../../errors.ts";
import { plane } from "../../image/picture.ts";
import { heatmapScale } from "../../drawing/heatmap-scale.ts";
import { heatOver } from "../../drawing/heatmap-sheet.ts";
import type { MadeCell, SectionTools } from "../../report/section.ts";
import { formatProse, formatProsePercent } from "../../wording/numbers.ts";
import type { StudyPhoto } from "../photos.ts";
import { seenCell, seenNotes, seenPhoto, type SeenPhoto } from "../seen-photo.ts";
import type { LookingNetwork, NamedMethods } from "./part.ts";
import { seenBox } from "./seen-box.ts";

/** A map and what it says about places. */
export interface FoundMap {
  readonly method: string;
  readonly photo: StudyPhoto;
  readonly map: Heatmap;
  /** In the part of the photo that the network sees. */
  readonly box: Box | undefined;
  /** Share of the positive mass in the box. */
  readonly inside: number;
  readonly hits: boolean;
  readonly text: string;
}

/** A photo as the network sees it. */
interface PreparedPhoto {
  readonly photo: StudyPhoto;
  readonly seen: SeenPhoto;
  readonly box: Box | undefined;
}

/** The maps of all photos by all methods, with cells for the photos and the maps. Throws `aborted` when the signal fires. */
export async function makeMaps(
  looking: LookingNetwork,
  photos: readonly StudyPhoto[],
  methods: NamedMethods,
  tools: SectionTools,
): Promise<{ readonly found: readonly FoundMap[]; readonly cells: readonly MadeCell[] }> {
  const found: FoundMap[] = [];
  const cells: MadeCell[] = [];
  const total = photos.length * Object.keys(methods).length;
  for (const photo of photos) {
    const prepared = prepare(looking, photo);
    cells.push(photoCell(prepared));
    for (const [name, method] of Object.entries(methods)) {
      throwIfAborted(tools.signal, "study");
      const map = await explain(looking, prepared, method, tools);
      const one = describeFound(name, prepared, map);
      found.push(one);
      cells.push(mapCell(one, prepared.seen, method, looking.network.labels));
      tools.report(found.length / total, name);
    }
  }
  return { found, cells };
}

function prepare({ network }: LookingNetwork, photo: StudyPhoto): PreparedPhoto {
  const box = photo.box && seenBox(photo.box, photo.picture, network.preprocessing);
  return { photo, seen: seenPhoto(network, photo.picture), box };
}

async function explain(
  { network, layer }: LookingNetwork,
  { photo, seen }: PreparedPhoto,
  { info, run }: AttributionMethod,
  { signal }: SectionTools,
): Promise<Heatmap> {
  const targets = photo.target === undefined ? ("top" as const) : [photo.target];
  const takesLayer = Object.hasOwn(info.options, "layer");
  const where = layer !== undefined && takesLayer ? { layer } : {};
  const [map] = await run(network.model, seen.input, { targets, signal, ...where });
  return map!;
}

function describeFound(method: string, { photo, box }: PreparedPhoto, map: Heatmap): FoundMap {
  const places = placesOf(map);
  const { x, y } = maximumOf(places);
  const hits =
    box !== undefined && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  const inside = box === undefined ? Number.NaN : positiveMassWithin(places, box);
  return { method, photo, map, box, inside, hits, text: describeMap(map).text };
}

function photoCell({ photo: { title }, seen }: PreparedPhoto): MadeCell {
  const notes = seenNotes(seen);
  return seenCell(seen, {
    alt: `${title}, as the network sees it`,
    title,
    ...(notes.length > 0 ? { notes } : {}),
    enlarge: "smooth",
  });
}

function mapCell(
  { map, photo, text, inside, box }: FoundMap,
  seen: SeenPhoto,
  { info }: AttributionMethod,
  labels: readonly string[],
): MadeCell {
  const { height, width, data, centres } = placesOf(map);
  const values = plane(width, height, data);
  const scale = heatmapScale(
    values,
    data.some((value) => value < 0),
  );
  const label =
    map.scoreName === "value" ? "the value" : (labels[map.target] ?? `class ${map.target}`);
  return seenCell(seen, {
    picture: heatOver(seen.photo, values, scale, centres),
    alt: `${info.title} of ${photo.title} for ${label}: ${text}`,
    title: info.title,
    notes: [
      map.probability === null
        ? `${map.scoreName} ${formatProse(map.score)}`
        : `${label}, ${formatProsePercent(map.probability)}`,
      ...(box === undefined ? [] : [`${formatProsePercent(inside)} of the mass in the box`]),
    ],
    enlarge: "smooth",
  });
}
