/** @file The atlas's data: scripts of its own folder, each of which hands its object over when it is run. */
import type { AtlasIndex, AtlasLayer, AtlasUnits } from "../../src/atlas/site/site-data.ts";

/** What the scripts call. */
export interface AtlasDoor {
  index(index: AtlasIndex): void;
  units(folder: string, units: AtlasUnits): void;
}

export class AtlasData {
  readonly #index: AtlasIndex;
  readonly #byFolder: ReadonlyMap<string, AtlasLayer>;
  readonly #asked = new Map<string, Promise<AtlasUnits>>();
  readonly #given = new Map<string, AtlasUnits>();

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

  /** Called by the script of a layer. */
  give(folder: string, units: AtlasUnits): void {
    this.#given.set(folder, units);
  }

  /** A layer's units if they are there already. */
  given(folder: string): AtlasUnits | undefined {
    return this.#given.get(folder);
  }

  /** A layer's units, read once. Throws `Error` where its script is missing or gives nothing; asked again, it is read again. */
  async units(folder: string): Promise<AtlasUnits> {
    const asked = this.#asked.get(folder) ?? this.#read(folder);
    this.#asked.set(folder, asked);
    try {
      return await asked;
    } catch (error) {
      this.#asked.delete(folder);
      throw error;
    }
  }

  #read(folder: string): Promise<AtlasUnits> {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const end = () => {
        script.remove();
        const units = this.#given.get(folder);
        if (units) resolve(units);
        else reject(new Error(`${folder}/units.js`));
      };
      script.addEventListener("load", end);
      script.addEventListener("error", end);
      script.src = fileAddress(folder, "units.js");
      document.head.append(script);
    });
  }
}

/** Of a file of a layer's folder, relative to the page; none of its letters ends a quoted address of a style. */
export function fileAddress(folder: string, file: string): string {
  return `./${encodeURIComponent(folder)}/${encodeURIComponent(file)}`;
}
