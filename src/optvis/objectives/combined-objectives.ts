/** @file Objectives made of others. */
import type { Objective } from "./objective.ts";
import { channelWeightsOf, weighedBuild } from "./weighed-channels.ts";

/** A weighted sum of objectives. */
export function sum(
  terms: readonly { readonly objective: Objective; readonly weight: number }[],
): Objective {
  const part = (text: (objective: Objective) => string) =>
    terms.map(({ objective, weight }) => `${weight} * ${text(objective)}`).join(" + ");
  const layers = [...new Set(terms.flatMap(({ objective }) => objective.layers))];
  const weights = terms.map(({ objective }, i) =>
    channelWeightsOf(objective)?.map((name) => `${i}.${name}`),
  );
  const areWeighed = layers.length === 1 && weights.every((names) => names !== undefined);
  const build: Objective["build"] = (context) => {
    const scores = terms.map(({ objective, weight }, i) => {
      const score = objective.build({
        ...context,
        parameter: (name) => context.parameter(`${i}.${name}`),
      });
      return context.b.scale(score, weight);
    });
    return scores.reduce((total, score) => context.b.add(total, score));
  };
  return {
    description: part((objective) => objective.description),
    signature: part((objective) => objective.signature),
    layers,
    parameters: (dims) =>
      Object.fromEntries(
        terms.flatMap(({ objective }, i) =>
          Object.entries(objective.parameters(dims)).map(([name, value]) => [
            `${i}.${name}`,
            value,
          ]),
        ),
      ),
    build: areWeighed ? weighedBuild(weights.flat(), build) : build,
  };
}

/** The objective times a factor. */
export function scaled(objective: Objective, weight: number): Objective {
  return sum([{ objective, weight }]);
}

/** What excites the unit least: the objective's minus. */
export function minimized(objective: Objective): Objective {
  return scaled(objective, -1);
}
