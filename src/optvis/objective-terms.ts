/** @file Objectives by name: a weighted sum of entries of the table, as text and as data that a recipe stores. */
import { LimpidError } from "../errors.ts";
import { optionValues, readOptions } from "../wording/read-option.ts";
import { scaled, sum, type Objective, type ObjectiveParameter } from "./objectives.ts";
import { objectiveEntry, type ObjectiveEntry, type ObjectiveRequest } from "./objective-table.ts";

/** A weighted entry of the table of objectives. */
export interface ObjectiveTerm {
  readonly name: string;
  readonly weight: number;
  /** Values of the entry's options; those left out have their defaults. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Activations [C, ...] of a photo, given by its path, at a layer. */
export type PhotoActivations = (path: string, layer: string) => ObjectiveParameter;

const between = /\s+([+-])\s+(?![^()]*\))/;
const oneTerm = /^(?:(-?\d[\d.e+-]*)\s*\*\s*)?([a-z][\w-]*)(?:\((.*)\))?$/;

/**
 * The terms of a text such as `log-odds`, `interpolation(to=5,share=0.3)` or `activation + 0.1 * alignment`. Throws
 * `bad-option` for unknown names and options.
 */
export function parseObjective(text: string): readonly ObjectiveTerm[] {
  const parts = text.trim().split(between);
  const terms: ObjectiveTerm[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const term = parseTerm(parts[i]!, text);
    terms.push(parts[i - 1] === "-" ? { ...term, weight: -term.weight } : term);
  }
  return terms;
}

function parseTerm(part: string, text: string): ObjectiveTerm {
  const [, weight = "1", name, options = ""] = oneTerm.exec(part.trim()) ?? [];
  if (name === undefined || !Number.isFinite(Number(weight))) {
    throw new LimpidError(
      "bad-option",
      `objective: it must be a name, or a sum such as "activation + 0.1 * alignment", got "${text}".`,
    );
  }
  const given = options.split(",").flatMap((option) => {
    const [key, ...value] = option.split("=");
    return option.trim() === "" ? [] : [[key!.trim(), value.join("=").trim()] as const];
  });
  const entry = objectiveEntry(name);
  return {
    name,
    weight: Number(weight),
    options: { ...readOptions(entry.options, Object.fromEntries(given)) },
  };
}

/** The terms as `parseObjective` reads them. */
export function formatObjective(terms: readonly ObjectiveTerm[]): string {
  return terms
    .map(({ name, weight, options }) => {
      const values = Object.entries(options).map(([key, value]) => `${key}=${String(value)}`);
      const factor = weight === 1 ? "" : `${weight} * `;
      return `${factor}${name}${values.length === 0 ? "" : `(${values.join(",")})`}`;
    })
    .join(" + ");
}

/** Whether the terms are of whole layers alone, so that no unit needs to be named. */
export function isOfLayers(terms: readonly ObjectiveTerm[]): boolean {
  return terms.every(({ name }) => objectiveEntry(name).of === "layer");
}

/** The paths of the photos that terms compare with, each once. */
export function photosOf(terms: readonly ObjectiveTerm[]): readonly string[] {
  const paths = terms.flatMap(({ name, options }) => {
    const { photo } = objectiveEntry(name);
    const path = photo === undefined ? undefined : options[photo];
    return typeof path === "string" ? [path] : [];
  });
  return [...new Set(paths)];
}

/** What is known of the unit, and where photos are had. */
export type TermsRequest = Omit<ObjectiveRequest, "options" | "photo"> & {
  readonly photos?: PhotoActivations;
};

/** The sum of terms for a unit; a single one of weight 1 is itself. Throws `bad-option` if one of them is none for it. */
export function sumOfTerms(
  terms: readonly ObjectiveTerm[],
  request: TermsRequest,
  stage: "build" | "warmUp",
): Objective {
  const parts = terms.map((term) => ({
    objective: objectiveOfTerm(term, request, stage),
    weight: term.weight,
  }));
  const [first, ...others] = parts;
  if (others.length > 0) return sum(parts);
  return first!.weight === 1 ? first!.objective : scaled(first!.objective, first!.weight);
}

function objectiveOfTerm(
  { name, options }: ObjectiveTerm,
  { photos, ...request }: TermsRequest,
  stage: "build" | "warmUp",
): Objective {
  const entry: ObjectiveEntry = objectiveEntry(name);
  const values = optionValues(entry.options, options);
  const path = entry.photo === undefined ? undefined : values[entry.photo];
  if (entry.photo !== undefined && typeof path !== "string") {
    throw new LimpidError(
      "bad-option",
      `objective: "${name}" must be given ${entry.photo}, the path of a photo, got none. write ${name}(${entry.photo}=cat.jpg).`,
    );
  }
  const photo = () => {
    if (photos && typeof path === "string") return photos(path, request.unit.layer);
    throw new LimpidError(
      "bad-option",
      `objective: the photo of "${name}" must be given with its activations, got none. give the goal its photos.`,
    );
  };
  const made = { ...request, options: values, photo };
  return stage === "warmUp" && entry.warmUp ? entry.warmUp(made) : entry.build(made);
}
