/** @file An objective of a user's own: a unit's activation against all activations of its layer. */

/** @param {typeof import("../../src/index.ts")} limpid */
export function addTo({ objectives, registerObjective }) {
  registerObjective("contrast", {
    description: "the unit against all activations of its layer",
    of: "unit",
    options: {
      rivals: {
        kind: "number",
        range: { from: 0, to: 4 },
        default: 0.5,
        value: "number",
        description: "how much the others count",
      },
    },
    build: ({ unit, activation, options: { rivals } }) =>
      objectives.sum([
        { objective: activation(), weight: 1 },
        { objective: objectives.deepDream(unit.layer), weight: -rivals },
      ]),
  });
}
