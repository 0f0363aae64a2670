/** @file The networks that come with the page. */

/** What they know, by name. */
export const shippedModels = {
  pets: "drawn cats and dogs",
  "shapes-detect": "shapes, as boxes",
  "shapes-segment": "shapes, place by place",
  mnist: "digits",
  "cats-dogs": "photos of cats and dogs",
} as const;
