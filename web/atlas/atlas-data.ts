/** @file The atlas's data: scripts of its own folder, each of which hands its object over when it is run. */
import type {
  AtlasCells,
  AtlasIndex,
  AtlasLabels,
  AtlasLayer,
  AtlasUnits,
} from "../../src/atlas/site/site-data.ts";
import type { Settings } from "../parts/kept-settings.ts";
import type { View } from "./address.ts";
import type { FoundUnit } from "./search.ts";

/** What the scripts call. */
export interface AtlasDoor {
  index(index: AtlasIndex): void;
  units(folder: string, units: AtlasUnits): void;
  cells(folder: string, cells: AtlasCells): void;
  views(views: AtlasViews): void;
  labels(labels: AtlasLabels): void;
}

/** What is drawn by the script of views: a view of a layer, what else is known of a unit, the units of a class, or the keys. */
export type ShownView =
  | {
      readonly view: View;
      readonly layer: AtlasLayer;
      readonly units: AtlasUnits;
      /** The one that is pointed at. */
      readonly unit: number | undefined;
      onPoint(unit: number): void;
    }
  | {
      readonly view: "unit";
      readonly layer: AtlasLayer;
      readonly units: AtlasUnits;
      readonly unit: number;
    }
  | { readonly view: "class"; readonly number: number }
  | { readonly view: "help"; onClose(): void };

export interface DrawnView {
  readonly atlas: AtlasData;
  readonly settings: Settings;
  readonly shown: ShownView;
}

/** Views that few readers open first, which a script of its own holds. */
export interface AtlasViews {
  /** Draws into an element, and again when what it is drawn from changes. */
  draw(element: HTMLElement, view: DrawnView): void;
  end(element: HTMLElement): void;
  /** The units whose labels a query finds. */
  labelled(found: LabelSearch): readonly FoundUnit[];
}

export interface LabelSearch {
  readonly labels: AtlasLabels;
  readonly index: AtlasIndex;
  readonly query: string;
  readonly settings: Settings;
}

/** The script that holds them, and its style, beside the page. */
const [viewsFile, viewsStyle] = ["atlas-views.js", "atlas-views.css"];

export class AtlasData {
  readonly #index: AtlasIndex;
  readonly #byFolder: ReadonlyMap<string, AtlasLayer>;
  /** What scripts of layers have given, by folder. */
  readonly units = new LayerFiles<AtlasUnits>("units.js");
  readonly cells = new LayerFiles<AtlasCells>("cells.js");
  #views: AtlasViews | undefined;
  #labels: AtlasLabels | undefined;
  #viewsAsked: Promise<AtlasViews> | undefined;
  #labelsAsked: Promise<void> | undefined;

  constructor(index: AtlasIndex) {
    this.#index = index;
    this.#byFolder = new Map(index.layers.map((layer) => [layer.folder, layer]));
  }

  get index(): AtlasIndex {
    return this.#index;
  }

  layer(folder: string): AtlasLayer | undefined {
    return this.#byFolder.get(folder);
  }

  /** The layer that is so many behind another. */
  beside(folder: string, by: number): AtlasLayer | undefined {
    const { layers } = this.#index;
    const at = layers.findIndex((layer) => layer.folder === folder);
    return at < 0 ? undefined : layers[at + by];
  }

  /** Called by the script of the views. */
  giveViews(views: AtlasViews): void {
    this.#views = views;
  }

  /** Called by the script of labels. */
  giveLabels(labels: AtlasLabels): void {
    this.#labels = labels;
  }

  /** What finds units by their labels, read once; undefined where it is missing: the search does without. */
  async labelled(): Promise<
    ((query: string, settings: Settings) => readonly FoundUnit[]) | undefined
  > {
    this.#labelsAsked ??= runScript("./atlas-search.js");
    const [views] = await Promise.all([
      this.views().catch((): undefined => undefined),
      this.#labelsAsked,
    ]);
    const labels = this.#labels;
    if (!views || !labels) return undefined;
    return (query, settings) => views.labelled({ labels, index: this.#index, query, settings });
  }

  /** What draws views, read once. Throws `Error` where the script is missing; asked again, it is read again. */
  views(): Promise<AtlasViews> {
    return (this.#viewsAsked ??= this.#readViews());
  }

  async #readViews(): Promise<AtlasViews> {
    await Promise.all([loadStyle(`./${viewsStyle}`), runScript(`./${viewsFile}`)]);
    if (this.#views) return this.#views;
    this.#viewsAsked = undefined;
    throw new Error(viewsFile);
  }
}

/** A file of each layer's folder: a script that gives what it holds. */
export class LayerFiles<T> {
  readonly #file: string;
  readonly #asked = new Map<string, Promise<T>>();
  readonly #given = new Map<string, T>();

  constructor(file: string) {
    this.#file = file;
  }

  /** Called by the script of a layer. */
  give(folder: string, given: T): void {
    this.#given.set(folder, given);
  }

  /** What is there already. */
  given(folder: string): T | undefined {
    return this.#given.get(folder);
  }

  /** What a layer's script gives, read once. Throws `Error` where it is missing or gives nothing; asked again, it is read again. */
  async of(folder: string): Promise<T> {
    const asked = this.#asked.get(folder) ?? this.#read(folder);
    this.#asked.set(folder, asked);
    try {
      return await asked;
    } catch (error) {
      this.#asked.delete(folder);
      throw error;
    }
  }

  async #read(folder: string): Promise<T> {
    await runScript(fileAddress(folder, this.#file));
    const given = this.#given.get(folder);
    if (given) return given;
    throw new Error(`${folder}/${this.#file}`);
  }
}

/** Waits until a script has run, or could not be read. */
function runScript(address: string): Promise<void> {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    const end = () => {
      script.remove();
      resolve();
    };
    script.addEventListener("load", end);
    script.addEventListener("error", end);
    script.src = address;
    document.head.append(script);
  });
}

/** Waits until a style is there, or could not be read: then what it dresses is plain. */
function loadStyle(address: string): Promise<void> {
  if (document.querySelector(`link[href="${address}"]`)) return Promise.resolve();
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => resolve());
    link.rel = "stylesheet";
    link.href = address;
    document.head.append(link);
  });
}

/** Of a file of a layer's folder, relative to the page; none of its letters ends a quoted address of a style. */
export function fileAddress(folder: string, file: string): string {
  return `./${encodeURIComponent(folder)}/${encodeURIComponent(file)}`;
}
