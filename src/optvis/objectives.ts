/** @file All objectives: factories of what is maximised. */
export type {
  LayerDims,
  Objective,
  ObjectiveContext,
  ObjectiveParameter,
} from "./objectives/objective.ts";
export { alignment, diverse, diversity, diversityWithin } from "./objectives/batch-objectives.ts";
export { cosineDirection } from "./objectives/cosine-objective.ts";
export { minimized, scaled, sum } from "./objectives/combined-objectives.ts";
export { caricature, deepDream, inversion } from "./objectives/layer-objectives.ts";
export {
  centralUnit,
  channel,
  channelAlone,
  combination,
  direction,
  directionWeights,
  interpolation,
  logOdds,
  neuron,
} from "./objectives/unit-objectives.ts";
