/** @file What makes the same result elsewhere: a command line, and lines of the library. */
import { jsonText, spelledBy } from "../../../src/wording/shown-text.ts";
import type { OpenedModel, SeenPicture, ShownMap, ShownUnit } from "../../protocol.ts";
import { regionIn } from "../../shown-region.ts";

export interface Recipe {
  readonly command: string;
  readonly code: string;
  /** What the page made itself, and must be saved as a file first. */
  readonly saves: readonly ("network" | "picture" | "mask")[];
}

interface NamedPicture extends Pick<SeenPicture, "name" | "digest"> {
  readonly seen: { readonly data: Iterable<number> };
}

/** The file of a picture: its own, or that which the page saves of one that it made, which no other that it makes has. */
export function pictureFile({ name, digest, seen }: NamedPicture): string {
  if (digest !== undefined) return name;
  const stem = name.replaceAll(/[^\w-]+/g, "-").replace(/^-+|-+$/g, "");
  return `${stem}-${markOf(seen)}.png`;
}

const marks = new WeakMap<NamedPicture["seen"], string>();

/** Eight characters that differ where pixels do (FNV-1a). */
function markOf(pixels: NamedPicture["seen"]): string {
  const known = marks.get(pixels);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (const byte of pixels.data) hash = Math.imul(hash ^ byte, 0x01000193);
  const mark = (hash >>> 0).toString(16).padStart(8, "0");
  marks.set(pixels, mark);
  return mark;
}

/** The file of the part of a picture that is painted. */
export function maskFile(picture: NamedPicture): string {
  return `${pictureFile(picture).replace(/\.[^.]*$/, "")}-mask.png`;
}

/** The part that a map is of, where it is painted, which the command reads of a file. */
export function paintedRegionOf({ asked }: Partial<Pick<ShownMap, "asked">>): string | undefined {
  return regionIn(asked?.region)?.kind === "painted" ? asked?.region : undefined;
}

/** Of a map. Names of files are as they came; where they lie only their owner knows. */
export function mapRecipe(
  { recipe }: Pick<OpenedModel, "recipe">,
  picture: NamedPicture & Pick<SeenPicture, "preprocess">,
  map: Pick<ShownMap, "made"> & Partial<Pick<ShownMap, "asked" | "box">>,
): Recipe {
  const { made, box } = map;
  const { method, target, layer, settings = {} } = made;
  const file = pictureFile(picture);
  const given = { ...opened(recipe), preprocess: picture.preprocess };
  const asked = { method, target, layer, ...settings };
  const mask = paintedRegionOf(map) === undefined ? undefined : maskFile(picture);
  const place = box === undefined ? undefined : box.split(",").map(Number);
  return {
    command: commandLine("attribute", [recipe.network, file], { ...asked, box, mask, ...given }),
    code: [
      ...opening(recipe.network, given),
      `const map = await net.explain(${literal(file)}, ${literals({ ...asked, box: place, mask })});`,
      `await map.save("heatmap.png");`,
    ].join("\n"),
    saves: [
      ...(recipe.isOfPage ? (["network"] as const) : []),
      ...(picture.digest === undefined ? (["picture"] as const) : []),
      ...(mask !== undefined ? (["mask"] as const) : []),
    ],
  };
}

/** Of the picture that excites a channel; `preprocess` as `SeenPicture` has it. */
export function unitRecipe(
  { recipe }: Pick<OpenedModel, "recipe">,
  { made: { layer, channel, side, steps, seed } }: Pick<ShownUnit, "made">,
  preprocess?: string,
): Recipe {
  const given = { ...opened(recipe), preprocess };
  const asked = { layer, channel, size: side, steps, seed };
  const { size, ...others } = asked;
  return {
    command: commandLine("maximize", [recipe.network], { ...asked, ...given }),
    code: [
      ...opening(recipe.network, given),
      `const unit = await net.maximize(${literals({ ...others, sizePx: size })});`,
      `await unit.save("unit.png");`,
    ].join("\n"),
    saves: recipe.isOfPage ? ["network"] : [],
  };
}

type Value = string | number | boolean | readonly number[];
type Given = Readonly<Record<string, Value | undefined>>;

function opened({ labels, weights }: OpenedModel["recipe"]): Given {
  return { labels, weights };
}

function opening(network: string, given: Given): readonly string[] {
  const options = literals(given);
  return [
    `import { open } from "limpid/node";`,
    `const net = await open(${literal(network)}${options === "{}" ? "" : `, ${options}`});`,
  ];
}

function commandLine(name: string, places: readonly string[], options: Given): string {
  const words = Object.entries(options).flatMap(([option, value]) => {
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${option}`];
    const text = quoted(String(value));
    // A value that begins as an option does would be taken for one.
    return [text.startsWith("-") ? `--${option}=${text}` : `--${option} ${text}`];
  });
  const paths = places.map((place) => quoted(place.startsWith("-") ? `./${place}` : place));
  return ["limpid", name, ...paths, ...words].join(" ");
}

/** As a shell takes it for one word, also where the line is copied as it is shown. */
function quoted(text: string): string {
  if (/^[\w./:@,-]+$/.test(text)) return text;
  const plain = `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return spelledBy(plain, (letter) => `'"$(printf '${octal(letter)}')"'`);
}

function octal(letter: string): string {
  const bytes = new TextEncoder().encode(letter);
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

function literal(value: Value): string {
  return jsonText(value);
}

function literals(values: Given): string {
  const entries = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${literal(value)}`],
  );
  return entries.length > 0 ? `{ ${entries.join(", ")} }` : "{}";
}
