/** @file A second network beside the one that is open, which is asked the same of the same picture. */
import type {
  CallName,
  Calls,
  ModelInHand,
  OpenedModel,
  PictureInHand,
  ShownMap,
} from "../../protocol.ts";
import type { Call } from "../computing/client.ts";
import { mapLayerOf, methodOf, takesRegion } from "../shown-choice.ts";
import { targetOfSecond } from "./paired-answers.ts";
import type { SecondShown, State, Store } from "../computing/store.ts";

/** Of a compared map, in pixels. */
const side = 224;

export class SecondModel {
  readonly #store: Store;
  readonly #pictureInHand: () => PictureInHand;
  #modelInHand: ModelInHand | undefined;
  #former: ModelInHand | undefined;
  #mapCall: Call<unknown> | undefined;
  /** What of the first was followed last. */
  #followed: Partial<Pick<State, "picture" | "map" | "channels">> = {};

  constructor(store: Store, pictureInHand: () => PictureInHand) {
    this.#store = store;
    this.#pictureInHand = pictureInHand;
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
    this.#modelInHand = inHand;
    this.#followed = {};
    this.#store.set({ second: undefined });
    const model = await this.#ask("open", inHand);
    if (!model || this.#modelInHand !== inHand) return;
    const second = {
      model,
      picture: undefined,
      map: undefined,
      painted: undefined,
      difference: undefined,
      channels: undefined,
      all: undefined,
    };
    this.#store.set({ second });
    await this.follow();
  }

  /** After the worker died: what was open is opened again. */
  async reopen(): Promise<void> {
    if (this.#modelInHand) await this.open(this.#modelInHand);
  }

  async close(): Promise<void> {
    this.#modelInHand = undefined;
    this.#followed = {};
    this.#mapCall?.stop();
    this.#store.set({ second: undefined });
    await this.#ask("close", null);
  }

  /** Asks again for what changed of the first. */
  async follow(): Promise<void> {
    const { picture, map, channels, second } = this.#store.state;
    if (!second || !picture) return;
    const last = this.#followed;
    this.#followed = { picture, map, channels };
    if (last.picture !== picture) await this.#look();
    if (map && (last.map !== map || last.picture !== picture)) await this.#explain(map);
    if (channels && (last.channels !== channels || last.picture !== picture)) {
      await this.#showChannels(channels.layer);
    }
  }

  async #look(): Promise<void> {
    this.#change({ picture: undefined, map: undefined, all: undefined, channels: undefined });
    const shown = await this.#pictureOfBoth();
    const picture = shown && (await this.#ask("look", shown));
    if (!picture) return;
    this.#change({ picture });
    const { picture: own } = this.#store.state;
    if (!areClasses(picture) || !own || !areClasses(own)) return;
    // Nothing is hidden: what both say of all classes.
    const nothing = { width: 1, height: 1 };
    const first = await this.#store.ask("hide", { ...nothing, inside: new Uint8Array(1) });
    const all = await this.#ask("hide", { ...nothing, inside: new Uint8Array(1) });
    if (first && all) this.#change({ all: [first, all] });
  }

  /** What the page draws is drawn for the first: the second would draw another of its own. */
  async #pictureOfBoth(): Promise<PictureInHand | undefined> {
    const inHand = this.#pictureInHand();
    const { picture } = this.#store.state;
    if (inHand.kind !== "drawn" || !picture) return inHand;
    const pixels = await this.#store.ask("whole", null);
    return pixels && { kind: "pixels", name: picture.name, pixels };
  }

  async #explain(first: ShownMap): Promise<void> {
    const { second, view, model, methods, picture } = this.#store.state;
    if (!second?.picture || !model || !picture) return;
    this.#mapCall?.stop();
    const target = targetOfSecond(
      view.target,
      picture.answers,
      model.classes,
      second.model.classes,
    );
    const method = methodOf({ view, model });
    const layer = mapLayerOf({ view, model, methods }, second.model.layers);
    const { region, settings } = first.asked;
    const set = settings ? { settings } : {};
    const part = region !== undefined && takesRegion(target, second.model) ? { region } : {};
    const asked = { method, target, layer, isChecked: false, ...part, ...set };
    this.#change({ map: undefined, painted: undefined, difference: undefined });
    const hold = (call: Call<unknown>) => (this.#mapCall = call);
    const map = await this.#store.ask("explain", asked, hold, () => undefined, "second");
    if (!map) return;
    this.#change({ map, ...(await this.#painted(first, map)) });
  }

  async #painted(
    first: ShownMap,
    second: ShownMap,
  ): Promise<Pick<SecondShown, "painted" | "difference">> {
    const { unit } = first.scale;
    if (unit !== second.scale.unit) return { painted: undefined, difference: undefined };
    const maps = [first, second].map(({ width, height, values }) => ({ width, height, values }));
    const painted = await this.#ask("paint", { maps, unit, side });
    const { width, height } = first;
    if (width !== second.width || height !== second.height) {
      return { painted, difference: undefined };
    }
    const values = second.values.map((value, i) => value - first.values[i]!);
    const asked = { maps: [{ width, height, values }], unit, side };
    return { painted, difference: await this.#ask("paint", asked) };
  }

  async #showChannels(layer: string): Promise<void> {
    const { second } = this.#store.state;
    this.#change({ channels: undefined });
    if (second?.model.layers.some(({ name }) => name === layer) !== true) return;
    this.#change({ channels: await this.#ask("channels", { layer }) });
  }

  #ask<Name extends CallName>(
    name: Name,
    asked: Calls[Name]["asked"],
  ): Promise<Calls[Name]["answer"] | undefined> {
    return this.#store.ask(name, asked, undefined, undefined, "second");
  }

  /** Nothing is changed of a second that was closed meanwhile. */
  #change(change: Partial<SecondShown>): void {
    const { second } = this.#store.state;
    if (second) this.#store.set({ second: { ...second, ...change } });
  }
}

function areClasses({ answers }: NonNullable<State["picture"]>): boolean {
  return answers.length > 0 && answers.every(({ box }) => box === undefined);
}
