/** @file Objectives made of others. */
import type { Objective } from "./objective.ts";

/** A weighted sum of objectives. */
export function sum(
  terms: readonly { readonly objective: Objective; readonly weight: number }[],
): Objective {
  const part = (text: (objective: Objective) => string) =>
    terms.map(({ objective, weight }) => `${weight} * ${text(objective)}`).join(" + ");
  const layers = [...new Set(terms.flatMap(({ objective }) => objective.layers))];
  const areWeighted =
    layers.length === 1 && terms.every(({ objective }) => objective.channelWeights);
  const channelWeights = terms.flatMap(({ objective }, i) =>
    (objective.channelWeights ?? []).map((name) => `${i}.${name}`),
  );
  return {
    description: part((objective) => objective.description),
    signature: part((objective) => objective.signature),
    layers,
    ...(areWeighted ? { channelWeights } : {}),
    parameters: (dims) =>
      Object.fromEntries(
        terms.flatMap(({ objective }, i) =>
          Object.entries(objective.parameters(dims)).map(([name, value]) => [
            `${i}.${name}`,
            value,
          ]),
        ),
      ),
    build: (context) => {
      const scores = terms.map(({ objective, weight }, i) => {
        const score = objective.build({
          ...context,
          parameter: (name) => context.parameter(`${i}.${name}`),
        });
        return context.b.scale(score, weight);
      });
      return scores.reduce((total, score) => context.b.add(total, score));
    },
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
