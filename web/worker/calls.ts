/** @file What the worker can be asked: THE table of calls, each a function of the open network and the picture in hand. */
import type { Calls, CallName, Told } from "../protocol.ts";
import type { StopSignal } from "../../src/errors.ts";
import type { Desk } from "./desk.ts";

/** A way to stop, and somebody to tell. */
export interface CallContext {
  readonly signal: StopSignal;
  tell(told: Told): void;
}

type Answer<Name extends CallName> = (
  desk: Desk,
  asked: Calls[Name]["asked"],
  context: CallContext,
) => Promise<Calls[Name]["answer"]>;

/** Answered between two runs of what is under way, as they touch nothing that it does. */
export const atOnce: ReadonlySet<CallName> = new Set<CallName>([
  "trained",
  "trainedModel",
  "trainedChannel",
  "excited",
  "named",
  "loaded",
  "methods",
]);

/** Each loads its code when it is first asked for. */
export const calls: { readonly [Name in CallName]: () => Promise<Answer<Name>> } = {
  sort: async () => (await import("./sorted-files.ts")).sortedFiles,
  open: async () => (await import("./open-model.ts")).openModel,
  named: async () => (await import("./named-network.ts")).namedNetwork,
  watch: async () => (await import("./watched.ts")).watched,
  look: async () => (await import("./look.ts")).lookAt,
  explain: async () => (await import("./explained.ts")).explained,
  loaded: async () => async () => performance.getEntriesByType("resource").map(({ name }) => name),
  whole: async () => (await import("./whole-picture.ts")).wholePicture,
  channels: async () => (await import("./channels.ts")).channelsOf,
  methods: async () => (await import("./method-facts.ts")).allMethods,
  summaries: async () => (await import("./layer-summaries.ts")).layerSummaries,
  details: async () => (await import("./unit-details.ts")).unitDetails,
  steps: async () => (await import("./channel-steps.ts")).followedChannel,
  train: async () => (await import("./training.ts")).trainDigits,
  trained: async () => (await import("./training.ts")).askTrained,
  excited: async () => (await import("./training.ts")).excitedMoment,
  trainedChannel: async () => (await import("./training.ts")).channelPast,
  trainedModel: async () => (await import("./training.ts")).trainedModel,
  prepare: async () => (await import("./prepare.ts")).prepare,
  preparations: async () => (await import("./preparations.ts")).preparations,
  patches: async () => (await import("./unit-patches.ts")).unitPatches,
  close: async () => (await import("./close-model.ts")).closeModel,
  paint: async () => (await import("./painted-maps.ts")).paintedMaps,
  download: async () => (await import("./download.ts")).download,
  judge: async () => (await import("./judged-folder.ts")).judgedFolder,
  processor: async () => (await import("./processor.ts")).processorFacts,
  hide: async () => (await import("./hidden-parts.ts")).hiddenParts,
  trust: async () => (await import("./trust.ts")).mapTrust,
  maximize: async () => (await import("./maximized-unit.ts")).maximizedUnit,
};
