/** @file What the page can be told to do. */
import type { PathedFile } from "../files-protocol.ts";
import type {
  ExplainRequest,
  HideRequest,
  ModelInHand,
  OpenedModel,
  PictureInHand,
  ShownBox,
  SeenPicture,
  Told,
} from "../protocol.ts";
import { addressed, firstView, viewOf } from "./address.ts";
import type { Call, CallError, Lost } from "./client.ts";
import { Deaths } from "./deaths.ts";
import { pathed } from "./dropped-files.ts";
import { FilesInHand } from "./files-in-hand.ts";
import { handedOver } from "./handed.ts";
import { LiveCamera, liveName } from "./live-camera.ts";
import { MadeUnits } from "./made-units.ts";
import { pinMap, unpinMap } from "./pinned-maps.ts";
import { comparePreparations } from "./preparations.ts";
import { Processor } from "./processor.ts";
import { SecondModel } from "./second-model.ts";
import { shippedModels } from "./shipped-models.ts";
import { mapLayerOf, methodOf, shownLayerOf } from "./shown-choice.ts";
import { Store, type State } from "./store.ts";
import { byDeath } from "./trouble.ts";

const unitSide = 128;
const unitSteps = 64;

/** So long nothing is asked before the spine is measured, which nobody waits for. */
const idleMs = 400;

export class Explorer {
  readonly store: Store = new Store((lost) => void this.#restore(lost));
  readonly processor = new Processor(this.store);
  readonly made = new MadeUnits(this.store);
  readonly second: SecondModel = new SecondModel(this.store, () => this.#pictureInHand);
  readonly camera = new LiveCamera({
    store: this.store,
    asked: () => this.#mapAsked(false),
    keep: (pixels) => this.look({ kind: "pixels", name: liveName, pixels }),
  });
  readonly #files = new FilesInHand(this);
  #modelInHand: ModelInHand = { kind: "shipped", name: firstView.model };
  #pictureInHand: PictureInHand = { kind: "drawn", number: 1 };
  /** What is open and seen, which stays so where something else cannot be opened. */
  #opened: { readonly model: ModelInHand; readonly picture: PictureInHand } | undefined;
  #mapCall: Call<unknown> | undefined;
  #summariesCall: Call<unknown> | undefined;
  readonly #deaths = new Deaths();
  #idle: ReturnType<typeof setTimeout> | undefined;

  get state(): State {
    return this.store.state;
  }

  /** Opens what the address names, as far as the page has it. */
  async start(hash: string): Promise<void> {
    const view = viewOf(hash);
    this.store.set({ view });
    if (shippedModels.some((name) => name === view.model)) {
      this.#modelInHand = { kind: "shipped", name: view.model };
    }
    const drawn = /^drawn:(\d+)$/.exec(view.picture);
    if (drawn) this.#pictureInHand = { kind: "drawn", number: Number(drawn[1]) };
    try {
      await this.#takeHanded();
    } catch (error) {
      this.store.set({ error: error instanceof Error ? error.message : String(error) });
    }
    await this.#reopen();
  }

  /** What is open stays where the network cannot be opened, which is told in the error. */
  async openModel(inHand: ModelInHand): Promise<void> {
    const failure = await this.tryModel(inHand);
    if (!failure) return;
    this.store.set({ error: failure.message });
    await this.stay();
  }

  /** As `openModel`, with a picture to look at; why it is not open, if it is not. */
  async tryModel(inHand: ModelInHand, picture?: PictureInHand): Promise<CallError | undefined> {
    this.stop();
    this.store.set({ trouble: undefined });
    const { answer: model, failure } = await this.store.attempt("open", inHand);
    if (!model) return failure;
    const isOther = inHand.kind === "shipped" && this.#pictureInHand.kind !== "file";
    if (isOther) this.#pictureInHand = { kind: "drawn", number: 1 };
    if (picture) this.#pictureInHand = picture;
    this.#deaths.forget();
    this.store.show({ layer: undefined, channel: undefined, target: "top" });
    await this.#show(inHand, model);
    return undefined;
  }

  get modelInHand(): ModelInHand {
    return this.#modelInHand;
  }

  async look(inHand: PictureInHand): Promise<void> {
    this.#pictureInHand = inHand;
    this.store.set({ trouble: undefined });
    this.store.show({ target: "top" });
    await this.#lookAgain();
  }

  get pictureInHand(): PictureInHand {
    return this.#pictureInHand;
  }

  /** The picture changed: it and its map come together, so that what is shown is one. */
  async lookAnew(inHand: PictureInHand): Promise<SeenPicture | undefined> {
    const picture = await this.store.ask("look", inHand);
    if (!picture) return undefined;
    this.#pictureInHand = inHand;
    this.#opened = { model: this.#modelInHand, picture: inHand };
    const map = await this.store.ask("explain", this.#mapAsked(false));
    this.store.show({ picture: addressed(inHand, picture) });
    this.store.set({ picture, map, channels: undefined, hidden: undefined, summaries: new Map() });
    return picture;
  }

  /** What else there is to know of a picture. */
  showRest(): Promise<void> {
    return this.#showChannels();
  }

  async lookAtPhoto(number: number): Promise<void> {
    const photo = this.store.state.photos[number];
    if (photo) await this.look({ kind: "file", file: await photo.load() });
  }

  /** Files of a drop or a field. */
  take(files: readonly File[] | Promise<readonly PathedFile[]>): Promise<void> {
    return this.#files.take("then" in files ? files : Promise.resolve(files.map(pathed)));
  }

  /** Lets go of files that wait for others, and of what is said of those that were left out. */
  forgetFiles(): void {
    this.#files.forget();
  }

  chooseMethod(method: string): Promise<void> {
    this.store.show({ method });
    return this.explain();
  }

  chooseTarget(target: string): Promise<void> {
    this.store.show({ target });
    return this.explain();
  }

  /** A part of the picture; undefined is what the network finds, in all of it. */
  chooseRegion(region: ShownBox | undefined): Promise<void> {
    this.store.set({ region, isMarking: false });
    return this.explain();
  }

  async chooseLayer(layer: string): Promise<void> {
    this.store.show({ layer, channel: undefined });
    this.store.set({ channels: undefined, unit: undefined });
    await this.#showChannels();
    await this.explain();
  }

  async chooseChannel(channel: number): Promise<void> {
    this.store.show({ channel });
    this.store.set({ unit: undefined, details: undefined });
    const layer = this.store.state.channels?.layer;
    if (layer === undefined) return;
    this.#makeRoom();
    const details = await this.store.ask("details", { layer, channel });
    if (details && this.store.state.view.channel === channel) this.store.set({ details });
    this.#measureWhenIdle();
  }

  /** Up from a channel to its layer. */
  leaveChannel(): void {
    this.store.show({ channel: undefined });
    this.store.set({ unit: undefined, details: undefined });
  }

  /** The map of the method, for the target, on the layer; one that is under way makes room. */
  async explain(isChecked = false): Promise<void> {
    const { model, picture } = this.store.state;
    if (!model || !picture) return;
    this.#mapCall?.stop();
    this.processor.makeRoom();
    const asked = this.#mapAsked(isChecked);
    let own: Call<unknown> | undefined;
    const map = await this.store.ask("explain", asked, (call) => (this.#mapCall = own = call));
    // What was asked for is said beside the map, so the one before may not stay where there is none.
    if (map || own === this.#mapCall) this.store.set({ map });
    this.#measureWhenIdle();
  }

  #mapAsked(isChecked: boolean): ExplainRequest {
    const { view, model } = this.store.state;
    const [method, layer] = [methodOf(this.store.state), mapLayerOf(this.store.state)];
    const { region } = this.store.state;
    const part = region && model?.hasRegions === true ? { region } : {};
    return { method, target: view.target, layer, isChecked, ...part };
  }

  /** The picture that excites the chosen channel, frame by frame. */
  async maximize(): Promise<void> {
    const { view, channels } = this.store.state;
    const [layer, { channel }] = [channels?.layer, view];
    if (layer === undefined || channel === undefined) return;
    this.#makeRoom();
    const asked = { layer, channel, side: unitSide, steps: unitSteps, seed: 0 };
    const watch = (told: Told) => {
      if (told.kind !== "frame") return;
      const { picture, step, steps } = told;
      this.store.set({ unit: { frame: picture, step, steps, done: undefined } });
    };
    const done = await this.store.ask("maximize", asked, () => undefined, watch);
    this.#measureWhenIdle();
    if (!done) return;
    this.store.set({ unit: { frame: done.picture, step: unitSteps, steps: unitSteps, done } });
  }

  /** Keeps the map that is shown beside up to three others. */
  pin(): Promise<void> {
    return pinMap(this.store);
  }

  unpin(number: number): Promise<void> {
    return unpinMap(this.store, number);
  }

  /** Asks again with parts hidden; nothing is hidden without a mask. */
  async hide(asked: HideRequest | undefined): Promise<void> {
    if (!asked) {
      this.store.set({ hidden: undefined });
      return;
    }
    const hidden = await this.store.ask("hide", asked);
    if (hidden) this.store.set({ hidden });
  }

  stop(): void {
    this.camera.stop();
    this.store.client.stopAll();
  }

  dismissError(): void {
    this.store.set({ error: undefined, trouble: undefined });
  }

  /** What a command line handed over. */
  async #takeHanded(): Promise<void> {
    const { model, photos } = handedOver();
    if (model.length > 0) {
      const files = await Promise.all(
        model.map(async (part) => ({ name: part.name, data: await part.load() })),
      );
      this.#modelInHand = { kind: "files", files };
    }
    this.store.set({ photos });
    if (photos[0]) this.#pictureInHand = { kind: "file", file: await photos[0].load() };
  }

  /** All as it was, but for what the worker died of; what it dies of twice is let go. */
  async #restore({ death, call }: Lost): Promise<void> {
    this.store.set({ trouble: byDeath[death] });
    this.processor.forget();
    if (this.#opened) {
      this.#modelInHand = this.#opened.model;
      this.#pictureInHand = this.#opened.picture;
      this.#opened = undefined;
    }
    if (death === "card" || call === "processor") this.processor.lose();
    const act = this.#deaths.add(call);
    if (act === "give up") {
      this.store.set({ trouble: "notStarted" });
      return;
    }
    if (act === "let go") this.#letGo();
    const { client } = this.store;
    const { life } = client;
    await this.#reopen();
    await (act === "restore" ? this.second.reopen() : this.second.close());
    const { channel } = this.store.state.view;
    const hasChannel = channel !== undefined && !this.#deaths.isDeadly("details");
    if (hasChannel) await this.chooseChannel(channel);
    if (life === client.life) this.#deaths.end();
  }

  #letGo(): void {
    this.#modelInHand = { kind: "shipped", name: firstView.model };
    this.#pictureInHand = { kind: "drawn", number: 1 };
    this.#deaths.forget();
    this.store.show(firstView);
    this.store.set({ trouble: "gaveUp" });
  }

  async #reopen(): Promise<void> {
    this.stop();
    const model = await this.store.ask("open", this.#modelInHand);
    if (model) await this.#show(this.#modelInHand, model);
    else await this.stay();
  }

  async #show(inHand: ModelInHand, model: OpenedModel): Promise<void> {
    this.second.offer(this.#modelInHand, model);
    this.#modelInHand = inHand;
    this.#opened = undefined;
    this.store.set({ channels: undefined, unit: undefined, map: undefined, summaries: new Map() });
    this.store.show({ model: inHand.kind === "shipped" ? inHand.name : model.digest });
    this.store.set({ model, picture: undefined });
    this.processor.forget();
    await this.#lookAgain();
  }

  /** With what the worker has on its desk still, after something else was stopped or could not be opened. */
  async stay(): Promise<void> {
    if (!this.#opened) return;
    this.#modelInHand = this.#opened.model;
    this.#pictureInHand = this.#opened.picture;
    await this.explain();
    await this.#showChannels();
  }

  async #lookAgain(): Promise<void> {
    this.store.set({ region: undefined, isMarking: false });
    this.store.set({
      map: undefined,
      channels: undefined,
      hidden: undefined,
      summaries: new Map(),
    });
    const picture = await this.store.ask("look", this.#pictureInHand);
    if (!picture) {
      await this.stay();
      return;
    }
    const hand = this.#pictureInHand;
    this.#opened = { model: this.#modelInHand, picture: hand };
    this.store.show({ picture: addressed(hand, picture) });
    this.store.set({ picture });
    if (!this.#deaths.isDeadly("explain")) await this.explain();
    if (!this.#deaths.isDeadly("channels")) await this.#showChannels();
  }

  async #showChannels(): Promise<void> {
    const layer = shownLayerOf(this.store.state);
    if (layer === undefined) return;
    this.#makeRoom();
    const channels = await this.store.ask("channels", { layer });
    if (channels) this.store.set({ channels });
    this.#measureWhenIdle();
  }

  /** What nobody waits for ends. */
  #makeRoom(): void {
    this.#summariesCall?.stop();
    this.processor.makeRoom();
  }

  /** A card is compared, and the spine's numbers are taken, once nobody waits for anything else. */
  #measureWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (!this.store.state.picture) return;
      if (this.store.client.isBusy) {
        this.#measureWhenIdle();
        return;
      }
      void this.processor.settleIfOpen();
      const isMeasured = this.store.state.summaries.size > 0;
      if (!isMeasured && !this.#deaths.isDeadly("summaries")) void this.#measure();
    }, idleMs);
  }

  async #measure(): Promise<void> {
    const hold = (call: Call<unknown>) => (this.#summariesCall = call);
    const found = await this.store.ask("summaries", null, hold);
    if (!found) return;
    this.store.set({ summaries: new Map(found.map((layer) => [layer.name, layer])) });
    await comparePreparations(this.store, hold);
  }
}
