/** @file The state that an address holds: network, layer, unit, method, class, picture; never the picture itself. */

import type { PictureInHand, SeenPicture } from "../protocol.ts";

/** What is looked at. */
export interface View {
  /** Name of a network that comes with the page, or the digest of one in hand. */
  readonly model: string;
  readonly layer: string | undefined;
  readonly channel: number | undefined;
  /** Undefined is what networks of its kind are usually explained by. */
  readonly method: string | undefined;
  /** As the command takes it. */
  readonly target: string;
  /** "drawn:N", or the name of a picture in hand. */
  readonly picture: string;
}

export const firstView: View = {
  model: "pets",
  layer: undefined,
  channel: undefined,
  method: undefined,
  target: "top",
  picture: "drawn:1",
};

/** The part of an address behind its #. */
export function addressOf(view: View): string {
  const entries = Object.entries(view).flatMap(([key, value]): readonly [string, string][] =>
    value === undefined || value === firstView[key as keyof View] ? [] : [[key, String(value)]],
  );
  return new URLSearchParams(entries.map(([key, value]) => [key, value])).toString();
}

/** The view of an address; what it leaves out, or says wrongly, is as at first. */
export function viewOf(hash: string): View {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const channel = Number(said.get("channel") ?? Number.NaN);
  return {
    model: said.get("model") ?? firstView.model,
    layer: said.get("layer") ?? undefined,
    channel: Number.isInteger(channel) && channel >= 0 ? channel : undefined,
    method: said.get("method") ?? undefined,
    target: said.get("target") ?? firstView.target,
    picture: said.get("picture") ?? firstView.picture,
  };
}

/** A picture in the address. */
export function addressed(hand: PictureInHand, { name }: SeenPicture): string {
  return hand.kind === "drawn" ? `drawn:${hand.number}` : name;
}
