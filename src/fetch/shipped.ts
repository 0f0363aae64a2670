/** @file Networks that come with the program, by the names that every command takes. */

/** THE networks that ship, but those whose names are data sets of the catalog. */
export const shippedNetworks = {
  pets: "drawn faces of cats and dogs, four convolutions with normalisation",
  "shapes-detect": "a detector of drawn circles, squares and triangles",
  "shapes-segment": "where drawn circles, squares and triangles lie, place by place",
} as const satisfies Readonly<Record<string, string>>;

export function isShippedName(name: string): name is keyof typeof shippedNetworks {
  return Object.hasOwn(shippedNetworks, name);
}
