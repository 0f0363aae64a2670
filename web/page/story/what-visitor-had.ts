/** @file What the visitor had before the story set the page: put back at its end, but for what was opened meanwhile. */
import { addressOf } from "../address.ts";
import { showPinned } from "../compare/pinned-maps.ts";
import type { State } from "../computing/store.ts";
import type { Explorer } from "../explorer.ts";
import { goWith } from "../files/followed-address.ts";
import type { StoryNetwork } from "./story.ts";

/** Those that the steps open. */
const storyNetworks: ReadonlySet<string> = new Set<StoryNetwork>(["pets", "mnist"]);

type PinnedMap = State["pinned"][number];

export class WhatVisitorHad {
  readonly #explorer: Explorer;
  readonly #view: State["view"];
  readonly #model;
  readonly #picture;
  /** Maps that the visitor compares, out of sight while the story compares its own. */
  #aside: readonly PinnedMap[] = [];
  readonly #ofStory = new WeakSet<PinnedMap>();

  constructor(explorer: Explorer) {
    this.#explorer = explorer;
    const { hand, state } = explorer;
    // An address that waits for files leads there still.
    this.#view = state.shared ?? state.view;
    this.#model = hand.open ?? hand.model;
    this.#picture = hand.picture;
  }

  async putMapsAside(): Promise<void> {
    this.#aside = this.#visitorsMaps();
    await showPinned(this.#explorer.store, []);
  }

  async pinForStory(): Promise<void> {
    const { pinned } = this.#explorer.state;
    const drawn = this.#explorer.pin();
    // Known at once, so that a step that is told meanwhile takes none of them for the visitor's.
    for (const map of this.#explorer.state.pinned)
      if (!pinned.includes(map)) this.#ofStory.add(map);
    await drawn;
  }

  async putBack(): Promise<void> {
    const { store } = this.#explorer;
    await showPinned(store, this.#visitorsMaps());
    if (this.#isStorys()) await goWith(this.#explorer.hand, this.#view, this.#model, this.#picture);
  }

  #visitorsMaps(): readonly PinnedMap[] {
    const { pinned } = this.#explorer.state;
    return [...this.#aside, ...pinned.filter((map) => !this.#ofStory.has(map))];
  }

  /** Whether the story set the page otherwise, and nothing is open but what it opened: what the visitor opened meanwhile stays. */
  #isStorys(): boolean {
    const { hand, state } = this.#explorer;
    const { model, picture } = hand;
    const isOwnModel = model === this.#model;
    const isOwnPicture = picture === this.#picture;
    if (isOwnModel && isOwnPicture && addressOf(state.view) === addressOf(this.#view)) return false;
    const isOfStory = model.kind === "shipped" && storyNetworks.has(model.name);
    return (isOwnModel || isOfStory) && (isOwnPicture || picture.kind === "drawn");
  }
}
