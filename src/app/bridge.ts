/** @file Temporary: what jobs that are not yet given a context use. */
import type { CommandIo } from "../cli/io.ts";
import { contextOf } from "../cli/job-context.ts";
import { nodePlatform } from "../node/platform.ts";
import type { Model } from "../network/model.ts";
import { locatePlace as locate, openNetwork } from "./open.ts";
import { readPreprocessing } from "./source.ts";
export { nodePlatform as platform } from "../node/platform.ts";
export const openNamedModel = (asked: string, offline: boolean, io: CommandIo) =>
  openNetwork(asked, contextOf(io, { offline }));
export const locatePlace = (asked: string, offline: boolean, io: CommandIo) =>
  locate(asked, contextOf(io, { offline }));
export const choosePreprocessing = (model: Model, asked: string | undefined) =>
  readPreprocessing(nodePlatform, model, asked);
