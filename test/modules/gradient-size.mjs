/** @file A method of a user's own: the size of the gradient, to a power, made of a method that is there. */

/** @param {typeof import("../../src/index.ts")} limpid */
export function addTo(limpid) {
  const options = {
    power: {
      kind: "number",
      range: { over: 0, to: 4 },
      default: 1,
      value: "number",
      description: "what the size is raised to",
    },
    samples: {
      kind: "number",
      range: { from: 1, whole: true },
      default: { depends: "one a picture" },
      description: "not used",
    },
  };
  limpid.registerMethod("gradient-size", {
    info: {
      title: "Size of the gradient",
      description: "how strongly the score changes with each pixel, either way",
      paper: "none",
      formula: "|d y_c / d x|^p",
      options,
    },
    async run(model, input, given) {
      const { power } = limpid.optionValues(options, given);
      const maps = await limpid.attributionMethods.gradient.run(model, input, given);
      return maps.map((map) => ({
        ...map,
        method: "gradient-size",
        data: map.data.map((slope) => Math.abs(slope) ** power),
      }));
    },
  });
}
