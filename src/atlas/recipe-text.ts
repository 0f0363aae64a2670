/** @file The command line that makes an atlas again, without the folders of who made it: sites are shown to others. */
import { baseName } from "../wording/paths.ts";
import type { AtlasRequest } from "./request.ts";

export function recipeText(request: AtlasRequest): string {
  const { model, photos, layers = [], preset, seed, preprocess, labels, also = [] } = request;
  const { caricature, activationAtlas = [], dense } = request;
  const options: readonly (readonly [string, string | undefined])[] = [
    ["photos", photos === undefined ? undefined : baseName(photos)],
    ["preset", preset === "icons" ? undefined : preset],
    ...also.map((name) => ["also", name] as const),
    ["caricature", caricature === undefined ? undefined : baseName(caricature)],
    ["seed", seed === 0 ? undefined : String(seed)],
    ["preprocess", preprocess],
    ["labels", labels],
    ...layers.map((layer) => ["layer", layer] as const),
    ["dense", dense],
    ...activationAtlas.map((layer) => ["activation-atlas", layer] as const),
  ];
  const given = options.flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoted(value)}`],
  );
  return ["limpid atlas", quoted(baseName(model)), ...given].join(" ");
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./:@,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
