/** @file Where a reader is in the atlas, as the part of an address behind its #. */

/** How a layer's units are ordered. */
export const orders = ["number", "activation", "zeros"] as const;

export type Order = (typeof orders)[number];

/** What a layer's page shows beside its sheet. */
export const views = ["map", "cells", "caricature"] as const;

export type View = (typeof views)[number];

export interface LayerPlace {
  readonly kind: "layer";
  readonly folder: string;
  readonly order: Order;
  /** Left out for the sheet of its units. */
  readonly view?: View;
}

export type Place =
  | { readonly kind: "network" }
  | LayerPlace
  | { readonly kind: "unit"; readonly folder: string; readonly unit: number }
  | { readonly kind: "class"; readonly number: number };

/** "#/", "#/FOLDER", "#/FOLDER?order=zeros", "#/FOLDER?view=map", "#/FOLDER?view=cells" and the like, "#/FOLDER/UNIT" or "#class/NUMBER". */
export function addressOf(place: Place): string {
  switch (place.kind) {
    case "network":
      return "#/";
    case "layer": {
      const said = new URLSearchParams({
        ...(place.view ? { view: place.view } : {}),
        ...(place.order === "number" ? {} : { order: place.order }),
      }).toString();
      return `#/${encodeURIComponent(place.folder)}${said && `?${said}`}`;
    }
    case "unit":
      return `#/${encodeURIComponent(place.folder)}/${place.unit}`;
    case "class":
      return `#class/${place.number}`;
  }
}

/** The place of an address; the network for one that says none. */
export function placeOf(hash: string): Place {
  const said = hash.replace(/^#/, "");
  const ofClass = /^class\/(\d+)$/.exec(said);
  if (ofClass) return { kind: "class", number: Number(ofClass[1]) };
  const parts = /^\/([^/?]+)(?:\/(\d+))?\/?(?:\?(.*))?$/.exec(said);
  const folder = parts && decoded(parts[1]!);
  if (!folder) return { kind: "network" };
  if (parts[2] !== undefined) return { kind: "unit", folder, unit: Number(parts[2]) };
  const asked = new URLSearchParams(parts[3]);
  const view = views.find((each) => each === asked.get("view"));
  const order = orders.find((each) => each === asked.get("order")) ?? "number";
  return { kind: "layer", folder, order, ...(view ? { view } : {}) };
}

export function unitAddress(folder: string, unit: number): string {
  return addressOf({ kind: "unit", folder, unit });
}

export function layerAddress(folder: string): string {
  return addressOf({ kind: "layer", folder, order: "number" });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A "%" that is no escape: nobody's address.
    return undefined;
  }
}
