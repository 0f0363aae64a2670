/** @file THE table of objectives that are had by name, and how a user adds one. */
import { LimpidError } from "../errors.ts";
import type { OptionTable, OptionValues } from "../wording/option.ts";
import { requireName, requireOptionTable } from "../wording/read-option.ts";
import {
  alignment,
  caricature,
  channelAlone,
  cosineDirection,
  deepDream,
  directionWeights,
  diversity,
  interpolation,
  inversion,
  logOdds,
  sum,
  type Objective,
  type ObjectiveParameter,
} from "./objectives.ts";
import type { ChannelUnit, Unit } from "./units.ts";

/** What an entry builds an objective of. */
export interface ObjectiveRequest<Values = Readonly<Record<string, unknown>>> {
  readonly unit: Unit;
  /** Whether the unit's layer has one unit, of which class 0 is the lower side. */
  readonly oneUnit: boolean;
  /** The unit's own activation. Throws `bad-option` for whole layers. */
  activation(): Objective;
  readonly options: Values;
  /** Activations [C, ...] at the unit's layer of the photo that the entry's `photo` names. */
  photo(): ObjectiveParameter;
}

/** An objective that is had by name. */
export interface ObjectiveEntry<
  Options extends OptionTable = OptionTable,
  Values = Readonly<Record<string, unknown>>,
> {
  /** What becomes large, a sentence without its full stop. */
  readonly description: string;
  readonly paper?: string;
  /** What it is of: any unit, a class, or a whole layer, for which no unit is named. */
  readonly of: "unit" | "class" | "layer";
  readonly options: Options;
  /** The option that holds the path of a photo to compare with. */
  readonly photo?: string;
  build(request: ObjectiveRequest<Values>): Objective;
  /** What is maximised instead in the first steps, where the objective itself would not wake a silent unit. */
  warmUp?(request: ObjectiveRequest<Values>): Objective;
}

const photoOption = {
  photo: {
    kind: "text",
    value: "path",
    default: { depends: "must be given" },
    description: "the photo to compare with, prepared as the network's pictures are",
  },
} as const satisfies OptionTable;

const interpolationOptions = {
  to: {
    kind: "number",
    range: { from: 0, whole: true },
    value: "channel",
    default: { depends: "must be given" },
    description: "the channel at the other end",
  },
  share: {
    kind: "number",
    range: { from: 0, to: 1 },
    value: "share",
    default: 0.5,
    description: "how far to go: 0 is the unit's own channel, 1 the other",
  },
} as const satisfies OptionTable;

const own: ObjectiveEntry = {
  description:
    "the unit's activation: its mean over places, its own at one place, or a class's logit",
  of: "unit",
  options: {},
  build: ({ activation }) => activation(),
};

const interpolated: ObjectiveEntry<
  typeof interpolationOptions,
  OptionValues<typeof interpolationOptions>
> = {
  description: "a mix of the unit's channel and another one of its layer",
  of: "unit",
  options: interpolationOptions,
  build: ({ unit, options: { to, share } }) => {
    const { layer, channel } = requireChannel("interpolation", unit);
    if (to !== undefined) return interpolation(layer, channel, to, share);
    throw new LimpidError(
      "bad-option",
      `objective: "interpolation" must be given to, another channel, got none. write interpolation(to=5).`,
    );
  },
};

const cosineOptions = {
  power: {
    kind: "number",
    range: { from: 0 },
    value: "power",
    default: 2,
    description: "how much the angle counts: 0 is the activation alone",
  },
} as const satisfies OptionTable;

const cosine: ObjectiveEntry<typeof cosineOptions, OptionValues<typeof cosineOptions>> = {
  description:
    "a direction's activation times its cosine with all channels, so that others stay out",
  paper: "Carter et al. 2019",
  of: "unit",
  options: cosineOptions,
  build: ({ unit, options: { power } }) => {
    const { layer } = unit;
    if ("vector" in unit) {
      const weights = directionWeights(layer, unit.vector);
      return cosineDirection(layer, "direction", weights, { power, place: unit.place });
    }
    if ("channel" in unit) {
      const weights = channelAlone(layer, unit.channel);
      return cosineDirection(layer, String(unit.channel), weights, { power, place: unit.place });
    }
    throw new LimpidError(
      "bad-option",
      `objective: "cosine" must be of a channel or a direction, got another target in "${layer}". name a channel.`,
    );
  },
  warmUp: ({ activation }) => activation(),
};

const builtIn = {
  activation: own,
  evidence: {
    description: "a class's logit plus its log-odds; of a network of one unit the logit",
    of: "class",
    options: {},
    build: (request) =>
      request.oneUnit
        ? request.activation()
        : sum([
            { objective: request.activation(), weight: 1 },
            { objective: logOddsOf("evidence", request), weight: 1 },
          ]),
    warmUp: ({ activation }) => activation(),
  },
  "log-odds": {
    description: "a class against all others: y_c - log sum_{k != c} exp y_k",
    of: "class",
    options: {},
    build: (request) => (request.oneUnit ? request.activation() : logOddsOf("log-odds", request)),
    warmUp: ({ activation }) => activation(),
  },
  interpolation: interpolated,
  cosine,
  "deep-dream": {
    description: "all activations of a layer, by their mean square",
    paper: "Mordvintsev et al. 2015",
    of: "layer",
    options: {},
    build: ({ unit }) => deepDream(unit.layer),
  },
  inversion: {
    description: "the likeness of a layer's activations to those of a photo",
    paper: "Mahendran and Vedaldi 2015",
    of: "layer",
    options: photoOption,
    photo: "photo",
    build: ({ unit, photo }) => inversion(unit.layer, photo()),
  },
  caricature: {
    description: "what a layer sees in a photo, exaggerated",
    paper: "Olah et al. 2018",
    of: "layer",
    options: photoOption,
    photo: "photo",
    build: ({ unit, photo }) => caricature(unit.layer, photo()),
  },
  diversity: {
    description: "how the styles of one unit's pictures differ on its layer",
    paper: "Olah et al. 2017",
    of: "layer",
    options: {},
    build: ({ unit }) => diversity(unit.layer),
  },
  alignment: {
    description: "how alike on a layer pictures are that are made one after another",
    of: "layer",
    options: {},
    build: ({ unit }) => alignment(unit.layer),
  },
} as const satisfies Readonly<Record<string, ObjectiveEntry>>;

const entries = new Map<string, ObjectiveEntry>(Object.entries(builtIn));

function requireChannel(name: string, unit: Unit): ChannelUnit {
  if ("channel" in unit && unit.place === undefined) return unit;
  throw new LimpidError(
    "bad-option",
    `objective: "${name}" must be of a channel averaged over places, got another target in "${unit.layer}". name a channel.`,
  );
}

function logOddsOf(name: string, { unit }: Pick<ObjectiveRequest, "unit">): Objective {
  if ("channel" in unit && unit.class !== undefined) return logOdds(unit.layer, unit.class);
  throw new LimpidError(
    "bad-option",
    `objective: "${name}" must be of a class, got another target in "${unit.layer}". name classes.`,
  );
}

/**
 * Adds an objective, which is then had by name like those of the table: in `maximize`, in help and in recipes. Returns what
 * takes it away again. Throws `bad-option` for a name that is taken or no small letters, digits and hyphens, and for an
 * entry whose description, options or work are missing or ill-formed.
 */
export function registerObjective<const Options extends OptionTable>(
  name: string,
  entry: ObjectiveEntry<Options, OptionValues<Options>>,
): () => void {
  requireName("objective", name);
  if (entries.has(name)) {
    throw new LimpidError(
      "bad-option",
      `objective: a new objective must have a name of its own, got "${name}". choose another.`,
    );
  }
  requireEntry(name, entry);
  entries.set(name, entry);
  return () => entries.delete(name);
}

/** A module without types may leave anything out. */
function requireEntry(name: string, entry: Partial<ObjectiveEntry<OptionTable, never>>): void {
  const { description, of, options, photo, build } = entry;
  const missing = [
    ...(typeof description === "string" ? [] : ["description"]),
    ...(of === "unit" || of === "class" || of === "layer" ? [] : ["of (unit, class or layer)"]),
    ...(typeof options === "object" ? [] : ["options"]),
    ...(typeof build === "function" ? [] : ["build"]),
    ...(photo === undefined || options?.[photo]?.kind === "text" ? [] : ["the text option photo"]),
  ];
  if (missing.length === 0) return requireOptionTable(options!);
  throw new LimpidError(
    "bad-option",
    `objective: "${name}" must have description, of, options and build, got none of ${missing.join(", ")}. add them.`,
  );
}

/** All objectives by name, in the order in which they were added. */
export function objectiveEntries(): ReadonlyMap<string, ObjectiveEntry> {
  return entries;
}

/** The objective of a name. Throws `bad-option` for an unknown one. */
export function objectiveEntry(name: string): ObjectiveEntry {
  const entry = entries.get(name);
  if (entry) return entry;
  throw new LimpidError(
    "bad-option",
    `objective: the name must be one of ${[...entries.keys()].join(", ")}, got "${name}". choose one of these.`,
  );
}
