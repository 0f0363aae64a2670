/** @file A second network beside the one that is open, which is asked the same of the same picture. */
import type { ModelInHand, OpenedModel, PictureInHand } from "../../protocol.ts";
import { brought } from "../computing/lacking.ts";
import type { SecondFollower, SecondStore } from "./second-follower.ts";

export class SecondModel {
  readonly #store: SecondStore;
  readonly #pictureInHand: () => PictureInHand;
  readonly #load: () => Promise<typeof SecondFollower>;
  #modelInHand: ModelInHand | undefined;
  #former: ModelInHand | undefined;
  #follower: SecondFollower | undefined;
  /** Once the one before asks nothing any more, so that no picture of its comes behind the next one's. */
  #ended: Promise<void> | undefined;

  constructor(
    store: SecondStore,
    pictureInHand: () => PictureInHand,
    load = async () => (await import("./second-follower.ts")).SecondFollower,
  ) {
    this.#store = store;
    this.#pictureInHand = pictureInHand;
    this.#load = load;
  }

  /** A network of the visitor's own whose place another takes may be compared with that. */
  offer(open: ModelInHand, next: OpenedModel): void {
    const { model } = this.#store.state;
    const isOther = open.kind === "files" && model !== undefined && model.digest !== next.digest;
    this.#former = isOther ? open : undefined;
    this.#store.set({ former: isOther ? model.name : undefined });
  }

  /** With the network whose place the open one took; nothing is offered any more. */
  async compareFormer(): Promise<void> {
    const former = this.#former;
    this.leaveFormer();
    if (former) await this.open(former);
  }

  leaveFormer(): void {
    this.#former = undefined;
    this.#store.set({ former: undefined });
  }

  /** Takes the place of the second before; nothing is compared if it cannot be opened. */
  async open(inHand: ModelInHand): Promise<void> {
    this.#take(inHand);
    const lacking = { kind: "pane", name: "twoNetworks" } as const;
    const Follower = await brought(this.#store, lacking, this.#load);
    if (!Follower) return;
    await this.#ended;
    if (this.#modelInHand !== inHand) return;
    const model = await this.#store.ask("open", inHand, undefined, undefined, "second");
    if (!model || this.#modelInHand !== inHand) return;
    const nothing = { picture: undefined, map: undefined, channels: undefined, all: undefined };
    const second = { model, ...nothing, painted: undefined, difference: undefined, lacking: [] };
    this.#follower = new Follower(this.#store, this.#pictureInHand, model);
    this.#store.set({ second });
    await this.follow();
  }

  /** After the worker died: what was open is opened again. */
  async reopen(): Promise<void> {
    if (this.#modelInHand) await this.open(this.#modelInHand);
  }

  async close(): Promise<void> {
    this.#take(undefined);
    await this.#store.ask("close", null, undefined, undefined, "second");
  }

  /** Asks it for what changed of the first. */
  async follow(): Promise<void> {
    await this.#follower?.follow();
  }

  #take(inHand: ModelInHand | undefined): void {
    this.#modelInHand = inHand;
    this.#ended = this.#follower?.end() ?? this.#ended;
    this.#follower = undefined;
    this.#store.set({ second: undefined });
  }
}
