/** @file What a view names that the open network does not have: it is left out, and told. */
import type { MethodFacts, OpenedModel } from "../protocol.ts";
import { regionIn } from "../shown-region.ts";
import { channelIn, firstView, settingsIn, settingsText, type View } from "./address.ts";
import type { Store } from "./computing/store.ts";
import { takesRegion } from "./shown-choice.ts";

/** Parts of a view that can be unknown; an entry is what an address says that is no part of a view. */
export type ViewPart =
  "layer" | "channel" | "method" | "settings" | "target" | "region" | "preprocess" | "entry";

/** A part that was left out. */
export interface UnknownPart {
  readonly part: ViewPart;
  /** As the view or its address has it. */
  readonly said: string;
  /** Why, where something else than its absence is known. */
  readonly reason?: string;
}

/** What an address says in a form that is none, or under a name that is none, or again, so that no view can hold it. */
export function formlessIn(hash: string): readonly UnknownPart[] {
  const seen = new Set<string>();
  return [...new URLSearchParams(hash.replace(/^#/, ""))].flatMap(([key, said]) => {
    const isOwn = Object.hasOwn(firstView, key) && !seen.has(key);
    seen.add(key);
    if (!isOwn) return [unknown("entry", said === "" ? key : `${key}=${said}`)];
    if (key === "channel" && channelIn(said) === undefined) return [unknown(key, said)];
    return key === "region" && !regionIn(said) ? [unknown(key, said)] : [];
  });
}

/**
 * What has to change of a view so that it names nothing that the network does not have; targets are the worker's to read, and
 * methods, too, where the page does not know them.
 */
export function withoutUnknown(
  view: View,
  known: Pick<OpenedModel, "layers" | "hasRegions"> & { readonly methods: readonly MethodFacts[] },
): { readonly change: Partial<View>; readonly parts: readonly UnknownPart[] } {
  const { layers, methods } = known;
  if (view.region !== undefined && !takesRegion(view.target, known)) {
    const rest = withoutUnknown({ ...view, region: undefined }, known);
    return {
      change: { region: undefined, ...rest.change },
      parts: [unknown("region", view.region), ...rest.parts],
    };
  }
  const layer = layers.find(({ name }) => name === view.layer);
  if (view.layer !== undefined && !layer) {
    const rest = withoutUnknown({ ...view, layer: undefined, channel: undefined }, known);
    const channel = view.channel === undefined ? [] : [unknown("channel", String(view.channel))];
    return {
      change: { layer: undefined, channel: undefined, ...rest.change },
      parts: [unknown("layer", view.layer), ...channel, ...rest.parts],
    };
  }
  if (layer && view.channel !== undefined && view.channel >= layer.channels) {
    const rest = withoutUnknown({ ...view, channel: undefined }, known);
    return {
      change: { channel: undefined, ...rest.change },
      parts: [unknown("channel", String(view.channel)), ...rest.parts],
    };
  }
  return withoutUnknownMethod(view, methods);
}

/** Of the view that is shown of an open network. */
export function leaveOutUnknown(store: Store): void {
  const { view, model, methods } = store.state;
  if (!model) return;
  const { change, parts } = withoutUnknown(view, { ...model, methods });
  store.leaveOut(change, parts);
}

/** Settings are a method's own, so they go with one that there is not. */
function withoutUnknownMethod(view: View, methods: readonly MethodFacts[]) {
  if (methods.length === 0) return { change: {}, parts: [] };
  const method = methods.find(({ name }) => name === view.method);
  const given = Object.entries(settingsIn(view.settings));
  if (view.method !== undefined && !method) {
    const parts = [unknown("method", view.method)];
    if (view.settings !== undefined) parts.push(unknown("settings", view.settings));
    return { change: { method: undefined, settings: undefined }, parts };
  }
  if (!method) return { change: {}, parts: [] };
  const known = given.filter(([name]) => Object.hasOwn(method.options, name));
  if (known.length === given.length) return { change: {}, parts: [] };
  const others = given.filter(([name]) => !Object.hasOwn(method.options, name));
  return {
    change: { settings: settingsText(Object.fromEntries(known)) },
    parts: others.map(([name, value]) => unknown("settings", `${name}=${value}`)),
  };
}

/** What is left out where no map can be made of a view, for the worker's reason; none where all of it is as at first. */
export function mapParts(view: View, reason: string): readonly UnknownPart[] {
  return (["target", "region", "settings"] as const).flatMap((part) => {
    const said = view[part];
    return said === undefined || said === firstView[part] ? [] : [unknown(part, said, reason)];
  });
}

export function unknown(part: ViewPart, said: string, reason?: string): UnknownPart {
  return { part, said, ...(reason === undefined ? {} : { reason }) };
}
