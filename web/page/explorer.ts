/** @file What the page knows and what it can be told to do: one store, whose every change is drawn. */
import type {
  Calls,
  LayerFacts,
  CallName,
  ClassAnswer,
  HideRequest,
  PaintedMaps,
  LayerSummary,
  ModelInHand,
  OpenedModel,
  PictureInHand,
  Pixels,
  SeenPicture,
  ShownChannels,
  ShownDetails,
  ShownMap,
  ShownUnit,
  Told,
} from "../protocol.ts";
import { addressOf, firstView, viewOf, type View } from "./address.ts";
import { handedOver, inHand, type PhotoInHand } from "./handed.ts";
import { shippedModels } from "./shipped-models.ts";
import { CallError, Client, type Call } from "./client.ts";

/** Work that is under way. */
interface Work {
  readonly name: CallName;
  readonly share: number;
  readonly secondsLeft: number | undefined;
}

/** A unit's picture on its way, or done. */
interface UnitShown {
  readonly frame: Pixels | undefined;
  readonly step: number;
  readonly steps: number;
  readonly done: ShownUnit | undefined;
}

/** A map with the picture that it is of. */
interface PinnedMap {
  readonly title: string;
  readonly picture: SeenPicture;
  readonly map: ShownMap;
}

export interface State {
  readonly view: View;
  readonly model: OpenedModel | undefined;
  readonly picture: SeenPicture | undefined;
  readonly map: ShownMap | undefined;
  readonly channels: ShownChannels | undefined;
  readonly summaries: ReadonlyMap<string, LayerSummary>;
  readonly unit: UnitShown | undefined;
  /** Of the chosen channel. */
  readonly details: ShownDetails | undefined;
  readonly work: Work | undefined;
  readonly error: string | undefined;
  readonly wasRestarted: boolean;
  /** Maps that are compared, the oldest first. */
  readonly pinned: readonly PinnedMap[];
  /** Their colours, in one scale where they have one unit. */
  readonly painted: PaintedMaps | undefined;
  /** What the network answers while parts are hidden, of the classes of `picture.answers`. */
  readonly hidden: readonly ClassAnswer[] | undefined;
  /** Pictures that can be looked at. */
  readonly photos: readonly PhotoInHand[];
}

/** The last layer whose maps have places, of none the last. */
function lastWithPlaces(layers: readonly LayerFacts[]): string | undefined {
  return (layers.findLast(({ height, width }) => height * width > 1) ?? layers.at(-1))?.name;
}

const mostPinned = 4;

/** Of a compared map, in pixels. */
const pinnedSide = 224;

const unitSide = 128;
const unitSteps = 64;

/** So long nothing is asked before the spine is measured, which nobody waits for. */
const idleMs = 400;

export class Explorer {
  #state: State = {
    view: firstView,
    model: undefined,
    picture: undefined,
    map: undefined,
    channels: undefined,
    summaries: new Map(),
    unit: undefined,
    details: undefined,
    work: undefined,
    error: undefined,
    wasRestarted: false,
    photos: [],
    pinned: [],
    painted: undefined,
    hidden: undefined,
  };
  readonly #listeners = new Set<() => void>();
  readonly #client = new Client(() => void this.#reopen());
  #modelInHand: ModelInHand = { kind: "shipped", name: firstView.model };
  #pictureInHand: PictureInHand = { kind: "drawn", number: 1 };
  #mapCall: Call<unknown> | undefined;
  #summariesCall: Call<unknown> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  get state(): State {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Opens what the address names, as far as the page has it. */
  async start(hash: string): Promise<void> {
    const view = viewOf(hash);
    this.#set({ view });
    if (Object.hasOwn(shippedModels, view.model)) {
      this.#modelInHand = { kind: "shipped", name: view.model };
    }
    const drawn = /^drawn:(\d+)$/.exec(view.picture);
    if (drawn) this.#pictureInHand = { kind: "drawn", number: Number(drawn[1]) };
    try {
      await this.#takeHanded();
    } catch (error) {
      this.#set({ error: error instanceof Error ? error.message : String(error) });
    }
    await this.#reopen();
  }

  async openModel(inHand: ModelInHand): Promise<void> {
    this.#modelInHand = inHand;
    if (inHand.kind === "shipped" && this.#pictureInHand.kind !== "file") {
      this.#pictureInHand = { kind: "drawn", number: 1 };
    }
    this.#show({ layer: undefined, channel: undefined, target: "top" });
    await this.#reopen();
  }

  async look(inHand: PictureInHand): Promise<void> {
    this.#pictureInHand = inHand;
    this.#show({ target: "top" });
    await this.#lookAgain();
  }

  async lookAtPhoto(number: number): Promise<void> {
    const photo = this.#state.photos[number];
    if (photo) await this.look({ kind: "file", file: await photo.load() });
  }

  /** Files of a drop: pictures are looked at, everything else is a model. */
  async take(files: readonly File[]): Promise<void> {
    const isPicture = ({ name }: File) => /\.(png|jpe?g|webp|gif|bmp|avif)$/i.test(name);
    const models = files.filter((file) => !isPicture(file));
    const pictures = files.filter(isPicture);
    const [picture] = pictures;
    if (picture) this.#set({ photos: pictures.map(inHand) });
    if (models.length > 0) {
      if (picture) this.#pictureInHand = { kind: "file", file: picture };
      await this.openModel({ kind: "files", files: models });
    } else if (picture) await this.look({ kind: "file", file: picture });
  }

  chooseMethod(method: string): Promise<void> {
    this.#show({ method });
    return this.explain();
  }

  chooseTarget(target: string): Promise<void> {
    this.#show({ target });
    return this.explain();
  }

  async chooseLayer(layer: string): Promise<void> {
    this.#show({ layer, channel: undefined });
    this.#set({ channels: undefined, unit: undefined });
    await this.#showChannels();
    await this.explain();
  }

  async chooseChannel(channel: number): Promise<void> {
    this.#show({ channel });
    this.#set({ unit: undefined, details: undefined });
    const layer = this.#state.channels?.layer;
    if (layer === undefined) return;
    this.#summariesCall?.stop();
    const details = await this.#ask("details", { layer, channel });
    if (details && this.#state.view.channel === channel) this.#set({ details });
  }

  /** The map of the method, for the target, on the layer; one that is under way makes room. */
  async explain(isChecked = false): Promise<void> {
    const { view, model, picture } = this.#state;
    if (!model || !picture) return;
    this.#mapCall?.stop();
    const method = model.methods.find(({ name }) => name === view.method);
    const layer = method?.takesLayer === true ? view.layer : undefined;
    const asked = { method: view.method, target: view.target, layer, isChecked };
    const map = await this.#ask("explain", asked, (call) => (this.#mapCall = call));
    if (map) this.#set({ map });
    this.#measureWhenIdle();
  }

  /** The picture that excites the chosen channel, frame by frame. */
  async maximize(): Promise<void> {
    const { layer, channel } = this.#state.view;
    if (layer === undefined || channel === undefined) return;
    this.#summariesCall?.stop();
    const asked = { layer, channel, side: unitSide, steps: unitSteps, seed: 0 };
    const watch = (told: Told) => {
      if (told.kind !== "frame") return;
      const { picture, step, steps } = told;
      this.#set({ unit: { frame: picture, step, steps, done: undefined } });
    };
    const done = await this.#ask("maximize", asked, () => undefined, watch);
    if (!done) return;
    this.#set({ unit: { frame: done.picture, step: unitSteps, steps: unitSteps, done } });
  }

  /** Keeps the map that is shown beside up to three others. */
  async pin(): Promise<void> {
    const { map, picture, model, view } = this.#state;
    if (!map || !picture) return;
    const title = `${model?.name ?? view.model}, ${view.method}, ${map.heading}`;
    const pinned = [...this.#state.pinned, { title, picture, map }].slice(-mostPinned);
    this.#set({ pinned });
    await this.#paint();
  }

  async unpin(number: number): Promise<void> {
    this.#set({ pinned: this.#state.pinned.filter((_, i) => i !== number) });
    await this.#paint();
  }

  /** Asks again with parts hidden; nothing is hidden without a mask. */
  async hide(asked: HideRequest | undefined): Promise<void> {
    if (!asked) {
      this.#set({ hidden: undefined });
      return;
    }
    const hidden = await this.#ask("hide", asked);
    if (hidden) this.#set({ hidden });
  }

  async #paint(): Promise<void> {
    const { pinned } = this.#state;
    const unit = pinned[0]?.map.scale.unit;
    const isOneUnit = pinned.every(({ map }) => map.scale.unit === unit);
    if (unit === undefined || pinned.length < 2 || !isOneUnit) {
      this.#set({ painted: undefined });
      return;
    }
    const maps = pinned.map(({ map: { width, height, values } }) => ({ width, height, values }));
    const painted = await this.#ask("paint", { maps, unit, side: pinnedSide });
    this.#set({ painted });
  }

  stop(): void {
    this.#client.stopAll();
  }

  dismissError(): void {
    this.#set({ error: undefined, wasRestarted: false });
  }

  /** What a command line handed over. */
  async #takeHanded(): Promise<void> {
    const { model, photos } = handedOver();
    if (model.length > 0) {
      const files = await Promise.all(model.map((part) => part.load()));
      this.#modelInHand = { kind: "files", files };
    }
    this.#set({ photos });
    if (photos[0]) this.#pictureInHand = { kind: "file", file: await photos[0].load() };
  }

  async #reopen(): Promise<void> {
    this.stop();
    this.#set({ channels: undefined, unit: undefined, map: undefined, summaries: new Map() });
    const model = await this.#ask("open", this.#modelInHand);
    if (!model) return;
    const name = this.#modelInHand.kind === "shipped" ? this.#modelInHand.name : model.digest;
    this.#show({ model: name });
    this.#set({ model });
    await this.#lookAgain();
  }

  async #lookAgain(): Promise<void> {
    this.#set({ map: undefined, channels: undefined, hidden: undefined, summaries: new Map() });
    const picture = await this.#ask("look", this.#pictureInHand);
    if (!picture) return;
    const hand = this.#pictureInHand;
    this.#show({ picture: hand.kind === "drawn" ? `drawn:${hand.number}` : picture.name });
    this.#set({ picture });
    await this.explain();
    await this.#showChannels();
  }

  async #showChannels(): Promise<void> {
    const { view, model } = this.#state;
    const layer = view.layer ?? lastWithPlaces(model?.layers ?? []);
    if (layer === undefined) return;
    this.#summariesCall?.stop();
    const channels = await this.#ask("channels", { layer });
    if (channels) {
      this.#set({ channels });
      this.#show({ layer: channels.layer });
    }
    this.#measureWhenIdle();
  }

  /** The spine's numbers, once nobody waits for anything else. */
  #measureWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#client.isBusy || this.#state.summaries.size > 0 || !this.#state.picture) return;
      void this.#measure();
    }, idleMs);
  }

  async #measure(): Promise<void> {
    const hold = (call: Call<unknown>) => (this.#summariesCall = call);
    const found = await this.#ask("summaries", null, hold);
    if (!found) return;
    this.#set({ summaries: new Map(found.map((layer) => [layer.name, layer])) });
  }

  /** Undefined where it was stopped or failed, which the state tells. */
  async #ask<Name extends CallName>(
    name: Name,
    asked: Calls[Name]["asked"],
    hold: (call: Call<Calls[Name]["answer"]>) => void = () => undefined,
    watch: (told: Told) => void = () => undefined,
  ): Promise<Calls[Name]["answer"] | undefined> {
    this.#set({ work: { name, share: 0, secondsLeft: undefined } });
    const call = this.#client.call(name, asked, (told) => {
      watch(told);
      if (told.kind !== "progress") return;
      this.#set({ work: { name, share: told.share, secondsLeft: told.secondsLeft } });
    });
    hold(call);
    try {
      const answer = await call.answer;
      this.#set({ error: undefined });
      return answer;
    } catch (error) {
      if (error instanceof CallError && error.code === "aborted") return undefined;
      if (error instanceof CallError && error.code === "worker") {
        this.#set({ wasRestarted: true });
        return undefined;
      }
      this.#set({ error: error instanceof Error ? error.message : String(error) });
      return undefined;
    } finally {
      if (!this.#client.isBusy) this.#set({ work: undefined });
    }
  }

  #show(change: Partial<View>): void {
    const view = { ...this.#state.view, ...change };
    this.#set({ view });
    const address = addressOf(view);
    history.replaceState(null, "", address === "" ? location.pathname : `#${address}`);
  }

  #set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
