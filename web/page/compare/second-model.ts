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

/** What changes of the first is followed. */
type Followed = Partial<Pick<State, "picture" | "map" | "channels">>;

export class SecondModel {
  readonly #store: Pick<Store, "state" | "set" | "ask">;
  readonly #pictureInHand: () => PictureInHand;
  #modelInHand: ModelInHand | undefined;
  #former: ModelInHand | undefined;
  #mapCall: Call<unknown> | undefined;
  /** What of the first was followed last. */
  #followed: Followed = {};
  /** Ends when nothing is left to follow. */
  #following: Promise<void> | undefined;

  constructor(store: Pick<Store, "state" | "set" | "ask">, pictureInHand: () => PictureInHand) {
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

  /**
   * Asks again for what changed of the first, one after the other: the map of a picture needs the second to have looked at
   * it. What the first leaves meanwhile is not waited for.
   */
  follow(): Promise<void> {
    const { picture, map } = this.#store.state;
    const last = this.#followed;
    if (last.picture !== picture || last.map !== map) this.#mapCall?.stop();
    this.#following ??= this.#followAll().finally(() => (this.#following = undefined));
    return this.#following;
  }

  async #followAll(): Promise<void> {
    for (;;) {
      const { second, picture, map, channels } = this.#store.state;
      const last = this.#followed;
      const isSame = last.picture === picture && last.map === map && last.channels === channels;
      if (!second || !picture || isSame) return;
      this.#followed = { picture, map, channels };
      await this.#followOnce(second.model, last);
    }
  }

  async #followOnce(model: OpenedModel, last: Followed): Promise<void> {
    const { picture, map, channels } = this.#followed;
    const isOther = last.picture !== picture;
    if (isOther) await this.#look(model);
    if (map && (isOther || last.map !== map)) await this.#explain(model, map);
    if (channels && (isOther || last.channels !== channels)) {
      await this.#showChannels(model, channels.layer);
    }
  }

  async #look(model: OpenedModel): Promise<void> {
    this.#change(model, {
      picture: undefined,
      map: undefined,
      all: undefined,
      channels: undefined,
    });
    const shown = await this.#pictureOfBoth();
    const picture = shown && (await this.#ask("look", shown));
    if (!picture) return;
    this.#change(model, { picture });
    const { picture: own } = this.#store.state;
    if (!areClasses(picture) || !own || !areClasses(own)) return;
    // Nothing is hidden: what both say of all classes.
    const nothing = { width: 1, height: 1 };
    const first = await this.#store.ask("hide", { ...nothing, inside: new Uint8Array(1) });
    const all = await this.#ask("hide", { ...nothing, inside: new Uint8Array(1) });
    if (!first || !all) return;
    const [ofFirst, ofSecond] = [first, all].map((answers) =>
      answers.filter((each) => each !== undefined),
    );
    this.#change(model, { all: [ofFirst!, ofSecond!] });
  }

  /** What the page draws is drawn for the first: the second would draw another of its own. */
  async #pictureOfBoth(): Promise<PictureInHand | undefined> {
    const inHand = this.#pictureInHand();
    const { picture } = this.#store.state;
    if (inHand.kind !== "drawn" || !picture) return inHand;
    const pixels = await this.#store.ask("whole", null);
    return pixels && { kind: "pixels", name: picture.name, pixels };
  }

  async #explain(own: OpenedModel, first: ShownMap): Promise<void> {
    const { second, view, model, methods, picture } = this.#store.state;
    if (second?.model !== own || !second.picture || !model || !picture) return;
    const target = targetOfSecond(view.target, picture.answers, model.classes, own.classes);
    const method = methodOf({ view, model });
    const layer = mapLayerOf({ view, model, methods }, own.layers);
    const { region, settings } = first.asked;
    const set = settings ? { settings } : {};
    const part = region !== undefined && takesRegion(target, own) ? { region } : {};
    const asked = { method, target, layer, isChecked: false, ...part, ...set };
    this.#change(own, { map: undefined, painted: undefined, difference: undefined });
    const hold = (call: Call<unknown>) => (this.#mapCall = call);
    const map = await this.#store.ask("explain", asked, hold, () => undefined, "second");
    if (!map) return;
    this.#change(own, { map, ...(await this.#painted(first, map)) });
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

  async #showChannels(model: OpenedModel, layer: string): Promise<void> {
    this.#change(model, { channels: undefined });
    if (!model.layers.some(({ name }) => name === layer)) return;
    this.#change(model, { channels: await this.#ask("channels", { layer }) });
  }

  #ask<Name extends CallName>(
    name: Name,
    asked: Calls[Name]["asked"],
  ): Promise<Calls[Name]["answer"] | undefined> {
    return this.#store.ask(name, asked, undefined, undefined, "second");
  }

  /** Nothing is changed of a second that was closed meanwhile, or whose place another took. */
  #change(model: OpenedModel, change: Partial<SecondShown>): void {
    const { second } = this.#store.state;
    if (second?.model === model) this.#store.set({ second: { ...second, ...change } });
  }
}

function areClasses({ answers }: NonNullable<State["picture"]>): boolean {
  return answers.length > 0 && answers.every(({ box }) => box === undefined);
}
