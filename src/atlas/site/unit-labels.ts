/** @file What units are called by, so that they are found: the folder of most of their photos, and the class that they speak for most. */
import type { AtlasUnit, UnitLabel } from "./site-data.ts";

/** What labels are made from. */
interface LabelledLayer {
  /** Tops are numbers of the atlas's photos. */
  readonly units: readonly AtlasUnit[];
  /** Whether the layer's units are the network's classes. */
  readonly isOfClasses: boolean;
}

/** With fewer photos a unit has no folder that most of them are of. */
const leastPhotos = 3;

/** Labels of layers, whose names are each told once. */
export class UnitLabels {
  readonly #numbers = new Map<string, number>();
  readonly #classes: readonly string[];
  readonly #folderOf: (photo: number) => string | undefined;

  /** `folderOf` is the class of a photo, where folders are classes. */
  constructor(
    classes: readonly string[] | undefined,
    folderOf: (photo: number) => string | undefined,
  ) {
    this.#classes = classes ?? [];
    this.#folderOf = folderOf;
  }

  /** Names in the order of their numbers. */
  get names(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  /** Of each unit what is known of it, the surest first; nothing of most units where nothing is known. */
  of({ units, isOfClasses }: LabelledLayer): readonly UnitLabel[] {
    return units.flatMap((unit, number) => [
      ...this.#asClass(isOfClasses, number),
      ...this.#ofPhotos(unit, number),
      ...this.#spoken(unit, number),
    ]);
  }

  #asClass(isOfClasses: boolean, number: number): readonly UnitLabel[] {
    const name = isOfClasses ? this.#classes[number] : undefined;
    return name === undefined ? [] : [[number, this.#numberOf(name), "is"]];
  }

  /** The folder that more than half of a unit's photos are of. */
  #ofPhotos({ tops = [] }: AtlasUnit, number: number): readonly UnitLabel[] {
    const counts = new Map<string, number>();
    for (const { photo } of tops) {
      const folder = this.#folderOf(photo);
      if (folder !== undefined) counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    const found = [...counts].find(([, count]) => 2 * count > tops.length);
    if (!found || tops.length < leastPhotos) return [];
    const [folder, count] = found;
    return [[number, this.#numberOf(folder), "photos", count, tops.length]];
  }

  #spoken({ classes = [] }: AtlasUnit, number: number): readonly UnitLabel[] {
    const [first] = classes;
    const name = first && first[1] > 0 ? this.#classes[first[0]] : undefined;
    return name === undefined ? [] : [[number, this.#numberOf(name), "speaks"]];
  }

  #numberOf(name: string): number {
    const number = this.#numbers.get(name) ?? this.#numbers.size;
    this.#numbers.set(name, number);
    return number;
  }
}
