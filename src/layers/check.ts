/** @file Checks the layers of a description, which may come from a file, before they are built. */
import { closestNames } from "../wording/closest-names.ts";
import { LimpidError } from "../errors.ts";
import { initializations } from "./initialize.ts";
import { activationNames } from "./activations.ts";
import { layerKinds } from "./index.ts";
import type { FieldKind, LayerDescription, LayerKind } from "./layer.ts";

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1;

/** What a field must hold, in words, and whether it does. */
const fieldChecks: Readonly<
  Record<FieldKind, { readonly must: string; readonly holds: (value: unknown) => boolean }>
> = {
  count: { must: "a positive whole number", holds: isCount },
  size: {
    must: "a positive whole number or [height, width]",
    holds: (value) =>
      isCount(value) || (Array.isArray(value) && value.length === 2 && value.every(isCount)),
  },
  padding: {
    must: "valid, same or a number of pixels",
    holds: (value) => value === "valid" || value === "same" || value === 0 || isCount(value),
  },
  share: {
    must: "a number from 0 to below 1",
    holds: (value) => typeof value === "number" && value >= 0 && value < 1,
  },
  number: {
    must: "a number",
    holds: (value) => typeof value === "number" && Number.isFinite(value),
  },
  flag: { must: "true or false", holds: (value) => typeof value === "boolean" },
  activation: {
    must: `one of ${activationNames.join(", ")}`,
    holds: (value) => (activationNames as readonly unknown[]).includes(value),
  },
  initialization: {
    must: `one of ${initializations.join(", ")}`,
    holds: (value) => (initializations as readonly unknown[]).includes(value),
  },
  layers: { must: "a list of layers", holds: (value) => Array.isArray(value) },
  branches: {
    must: "a list of lists of layers",
    holds: (value) => Array.isArray(value) && value.length > 0 && value.every(Array.isArray),
  },
};

/** The kind of a layer. Throws `bad-option` for an unknown one. */
export function kindOf(layer: LayerDescription): LayerKind {
  if (Object.hasOwn(layerKinds, layer.type)) {
    return layerKinds[layer.type as keyof typeof layerKinds];
  }
  const names = closestNames(layer.type, Object.keys(layerKinds));
  throw bad(
    `the type of a layer must be known, got "${layer.type}". did you mean ${names.join(", ")}?`,
  );
}

/** Throws `bad-option` unless all layers, also those within others, are such as their kinds want them. */
export function checkLayers(layers: readonly unknown[]): asserts layers is LayerDescription[] {
  for (const layer of layers) checkLayer(layer);
}

function checkLayer(layer: unknown): void {
  if (typeof layer !== "object" || layer === null || !("type" in layer)) {
    throw bad(`a layer must be an object with a type, got ${JSON.stringify(layer)}.`);
  }
  if (typeof layer.type !== "string" || ("name" in layer && typeof layer.name !== "string")) {
    throw bad(`the type and name of a layer must be texts, got ${JSON.stringify(layer)}.`);
  }
  const description = layer as LayerDescription;
  const { fields } = kindOf(description);
  const called = description.name ?? description.type;
  for (const field of Object.keys(layer)) {
    if (field === "type" || field === "name" || Object.hasOwn(fields, field)) continue;
    const known = Object.keys(fields).join(", ") || "none";
    throw bad(`fields of "${called}" must be among its own (${known}), got "${field}".`);
  }
  for (const [field, { kind, isNeeded }] of Object.entries(fields)) {
    const value = description[field];
    if (value === undefined && isNeeded !== true) continue;
    if (fieldChecks[kind].holds(value)) continue;
    throw bad(
      `${field} of "${called}" must be ${fieldChecks[kind].must}, got ${JSON.stringify(value)}.`,
    );
  }
  const inner = [description["layers"], description["shortcut"]].filter(Array.isArray);
  const branches = Array.isArray(description["branches"]) ? description["branches"] : [];
  for (const layers of [...inner, ...(branches as unknown[][])]) checkLayers(layers as unknown[]);
}

function bad(what: string): LimpidError {
  return new LimpidError("bad-option", `network: ${what}`);
}
