/** @file The methods that can be asked for by name: those of the table, and what a user adds to them. */
import { LimpidError } from "../errors.ts";
import type { OptionInfo } from "../wording/option.ts";
import { requireName, requireOptionTable } from "../wording/read-option.ts";
import { attributionMethods } from "./index.ts";
import { methodOptions, type AttributionMethod, type OptionName } from "./method.ts";

const registered = new Map<string, AttributionMethod>();

/** All methods by name: those of the table, then registered ones in the order in which they came. */
export function methodEntries(): readonly (readonly [name: string, method: AttributionMethod])[] {
  return [...Object.entries<AttributionMethod>(attributionMethods), ...registered];
}

/** The method of a name. Throws `bad-option` for an unknown one. */
export function attributionMethod(name: string): AttributionMethod {
  const entries = methodEntries();
  const found = entries.find(([known]) => known === name);
  if (found) return found[1];
  throw new LimpidError(
    "bad-option",
    `method: the name must be one of ${entries.map(([known]) => known).join(", ")}, got "${name}". choose one of these.`,
  );
}

/**
 * Adds a method, which can then be asked for like those of the table: in `attribute`, in help and in figures. Returns
 * what takes it away again. Throws `bad-option` for a name that is taken or no small letters, digits and hyphens, and
 * for a method whose description, options or work are missing or ill-formed.
 */
export function registerMethod(name: string, method: AttributionMethod): () => void {
  requireName("method", name);
  if (name === "all" || methodEntries().some(([known]) => known === name)) {
    throw new LimpidError(
      "bad-option",
      `method: a new method must have a name of its own, got "${name}". choose another.`,
    );
  }
  requireDescribed(name, method);
  const known = optionsOfMethods();
  for (const [option, { kind }] of Object.entries(method.info.options)) {
    const other = known.get(option);
    if (!other || other.kind === kind) continue;
    throw new LimpidError(
      "bad-option",
      `method: "${option}" of "${name}" must be of the kind ${other.kind}, as in other methods, got ${kind}. choose another name for it.`,
    );
  }
  registered.set(name, {
    info: method.info,
    run: async (...asked) => (await import("./own-method.ts")).ownMaps(name, method, asked),
  });
  return () => registered.delete(name);
}

/** A module without types may leave anything out. */
function requireDescribed(name: string, method: Partial<AttributionMethod>): void {
  const { info, run } = method;
  const texts = ["title", "description", "paper", "formula"] as const;
  const missing = [
    ...texts.filter((key) => typeof info?.[key] !== "string").map((key) => `info.${key}`),
    ...(typeof info?.options === "object" ? [] : ["info.options"]),
    ...(typeof run === "function" ? [] : ["run"]),
  ];
  if (missing.length === 0) return requireOptionTable(info!.options);
  throw new LimpidError(
    "bad-option",
    `method: "${name}" must have info (title, description, paper, formula, options) and run, got none of ${missing.join(", ")}. add them.`,
  );
}

/** An option over all methods that take it: what it is about, and who they are. */
export type OptionOfMethods = Pick<OptionInfo, "kind" | "value" | "description"> & {
  /** Names of the methods. */
  readonly takers: readonly string[];
};

/** The options of all methods by name: those of the table in its order, then those that only registered methods have. */
export function optionsOfMethods(): ReadonlyMap<string, OptionOfMethods> {
  const options = new Map<string, OptionOfMethods>();
  for (const name of Object.keys(methodOptions)) {
    options.set(name, { ...methodOptions[name as OptionName], takers: [] });
  }
  for (const [method, { info }] of methodEntries()) {
    for (const [name, option] of Object.entries(info.options)) {
      const known = options.get(name) ?? option;
      const takers = [...(options.get(name)?.takers ?? []), method];
      options.set(name, { ...known, takers });
    }
  }
  return options;
}
