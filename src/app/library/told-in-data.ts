/** @file What is said of a network in data, as the files that the options else name: there is one way for both from there on. */
import { isFailure, LimpidError } from "../../errors.ts";
import { preprocessingOf } from "../../image/preprocess.ts";
import { answerOutputs } from "../../network/head.ts";
import type { Model } from "../../network/model.ts";
import { parsePreprocessing } from "../../network/preprocessing.ts";
import { shownJson } from "../../wording/read-json.ts";
import { readLabels } from "../labels.ts";
import type { Platform } from "../platform.ts";
import type { OpenOptions } from "./options.ts";

/** What messages call them; no file of a user's has such a path. */
const dataNames = { preprocess: "preprocess (in data).json", labels: "labels (in data)" } as const;

/** Names or paths of what was said. */
export interface ToldNames {
  readonly preprocess: string | undefined;
  readonly labels: string | undefined;
}

/** A machine that has what was said in data as files, and their paths. */
export interface ToldPlace {
  readonly platform: Platform;
  readonly told: ToldNames;
}

/** Throws `bad-option` for what is neither a name nor such data. */
export function toldInData(platform: Platform, options: OpenOptions): ToldPlace {
  const { preprocess, labels } = options as Readonly<Record<keyof ToldNames, unknown>>;
  const texts = new Map<string, string>();
  const named = (option: keyof ToldNames, value: unknown): string | undefined => {
    if (value === undefined || typeof value === "string") return value;
    texts.set(dataNames[option], JSON.stringify(value));
    return dataNames[option];
  };
  requirePreprocess(preprocess);
  requireLabels(labels);
  const told = { preprocess: named("preprocess", preprocess), labels: named("labels", labels) };
  return {
    told,
    platform: {
      ...platform,
      readText: async (path) => texts.get(path) ?? platform.readText(path),
    },
  };
}

function requirePreprocess(preprocess: unknown): void {
  if (preprocess === undefined) return;
  if (typeof preprocess === "string") {
    if (!preprocess.toLowerCase().endsWith(".json")) preprocessingOf(preprocess);
    return;
  }
  try {
    parsePreprocessing(JSON.stringify(preprocess) ?? "", dataNames.preprocess);
  } catch (cause) {
    if (!isFailure(cause)) throw cause;
    throw new LimpidError("bad-option", cause.said, { cause });
  }
}

function requireLabels(labels: unknown): void {
  if (labels === undefined || typeof labels === "string") return;
  const isList = Array.isArray(labels);
  const other = isList ? labels.findIndex((name) => typeof name !== "string") : -1;
  if (isList && other < 0) return;
  const got = isList ? `${typeof labels[other]} at place ${other}` : shownJson(labels);
  throw new LimpidError(
    "bad-option",
    `labels: they must be a file, "imagenet" or a list of texts, got ${got}. give one text a class.`,
  );
}

/**
 * Throws `bad-option` for a list that has another number of names than the network has classes, where it has one output of
 * answers and they can be counted without asking it anything.
 */
export async function requireFittingLabels(
  platform: Pick<Platform, "readText">,
  model: Model,
  labels: string | undefined,
): Promise<void> {
  if (labels !== dataNames.labels || answerOutputs(model.network).length !== 1) return;
  try {
    await readLabels(platform, labels, model, model.inputDims());
  } catch (cause) {
    if (!isFailure(cause)) throw cause;
    // A network that cannot be traced says so when it is asked something.
    if (cause.code !== "bad-file" && cause.code !== "bad-option") return;
    throw new LimpidError("bad-option", cause.said, { cause });
  }
}
