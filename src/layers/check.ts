/** @file Checks the layers of a description, which may come from a file, before they are built. */
import * as v from "valibot";
import { closestNames } from "../wording/closest-names.ts";
import { LimpidError } from "../errors.ts";
import { shownJson } from "../wording/read-json.ts";
import { initializations } from "./initialize.ts";
import { activationNames } from "./activations.ts";
import { layerKinds } from "./index.ts";
import type { FieldKind, LayerDescription, LayerKind } from "./layer.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** What a field must hold, in words and as a schema. */
const fieldChecks: Readonly<
  Record<FieldKind, { readonly must: string; readonly schema: v.GenericSchema }>
> = {
  count: { must: "a positive whole number", schema: count },
  size: {
    must: "a positive whole number or [height, width]",
    schema: v.union([count, v.strictTuple([count, count])]),
  },
  padding: {
    must: "valid, same or a number of pixels",
    schema: v.union([v.picklist(["valid", "same"]), v.literal(0), count]),
  },
  share: {
    must: "a number from 0 to below 1",
    schema: v.pipe(v.number(), v.minValue(0), v.ltValue(1)),
  },
  number: { must: "a number", schema: v.pipe(v.number(), v.finite()) },
  flag: { must: "true or false", schema: v.boolean() },
  activation: { must: `one of ${activationNames.join(", ")}`, schema: v.picklist(activationNames) },
  initialization: {
    must: `one of ${initializations.join(", ")}`,
    schema: v.picklist(initializations),
  },
  layers: { must: "a list of layers", schema: v.array(v.unknown()) },
  branches: {
    must: "a list of lists of layers",
    schema: v.pipe(v.array(v.array(v.unknown())), v.minLength(1)),
  },
};

const layerSchema = v.looseObject({ type: v.string(), name: v.exactOptional(v.string()) });
/** Fields that hold layers, so that they are checked too. */
const innerSchema = v.object({
  layers: v.optional(v.array(v.unknown()), []),
  shortcut: v.optional(v.array(v.unknown()), []),
  branches: v.optional(v.array(v.array(v.unknown())), []),
});

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
  if (!v.is(v.looseObject({ type: v.unknown() }), layer)) {
    throw bad(`a layer must be an object with a type, got ${shownJson(layer)}.`);
  }
  if (!v.is(layerSchema, layer)) {
    throw bad(`the type and name of a layer must be texts, got ${shownJson(layer)}.`);
  }
  const { fields } = kindOf(layer);
  const called = layer.name ?? layer.type;
  for (const field of Object.keys(layer)) {
    if (field === "type" || field === "name" || Object.hasOwn(fields, field)) continue;
    const known = Object.keys(fields).join(", ") || "none";
    throw bad(`fields of "${called}" must be among its own (${known}), got "${field}".`);
  }
  for (const [field, { kind, isNeeded }] of Object.entries(fields)) {
    const value = layer[field];
    if (value === undefined && isNeeded !== true) continue;
    if (v.is(fieldChecks[kind].schema, value)) continue;
    throw bad(
      `${field} of "${called}" must be ${fieldChecks[kind].must}, got ${shownJson(value)}.`,
    );
  }
  const { layers, shortcut, branches } = v.parse(innerSchema, layer);
  for (const inner of [layers, shortcut, ...branches]) checkLayers(inner);
}

function bad(what: string): LimpidError {
  return new LimpidError("bad-option", `network: ${what}`);
}
