/** @file What makes the same result elsewhere: a command line, and four lines of the library. */
import type { State } from "./store.ts";

export interface Recipes {
  readonly command: string;
  readonly code: string;
}

/** Of the map that is shown. Names of files are as they came; where they lie only their owner knows. */
export function recipesOf({ view, model, picture, map }: State): Recipes {
  const network = model?.name ?? view.model;
  const photo = picture?.name ?? view.picture;
  const layer = view.layer;
  const takesLayer = model?.methods.find(({ name }) => name === view.method)?.takesLayer === true;
  const layerPart = takesLayer && layer !== undefined ? ` --layer ${quoted(layer)}` : "";
  const command = `limpid attribute ${quoted(network)} ${quoted(photo)} --method ${view.method} --target ${quoted(view.target)}${layerPart}${map?.box === undefined ? "" : ` --box ${map.box}`}`;
  const options = [
    `method: ${JSON.stringify(view.method)}`,
    `target: ${JSON.stringify(view.target)}`,
    ...(map?.box === undefined ? [] : [`region: { box: ${JSON.stringify(map.box)} }`]),
    ...(layerPart === "" ? [] : [`layer: ${JSON.stringify(layer)}`]),
  ];
  const code = [
    `import { open } from "limpid/node";`,
    `const net = await open(${JSON.stringify(network)});`,
    `const map = await net.explain(${JSON.stringify(photo)}, { ${options.join(", ")} });`,
    `await map.save("heatmap.png");`,
  ].join("\n");
  return { command, code };
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
