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
} from "../protocol.ts";
import { addressed, addressedModel, firstView, ofAnyNetwork, viewOf } from "./address.ts";
import type { Call, CallError, Lost } from "./computing/client.ts";
import { Deaths } from "./computing/deaths.ts";
import { pathed } from "./files/dropped-files.ts";
import { FilesInHand } from "./files/files-in-hand.ts";
import { prepareAsShown } from "./picture/preparation-choice.ts";
import { handedOver } from "./files/handed.ts";
import { IdleMeasures } from "./computing/idle-measures.ts";
import { LiveCamera, liveName } from "./camera/live-camera.ts";
import { MadeUnits, makeUnit } from "./units/made-units.ts";
import { pinMap } from "./compare/pinned-maps.ts";
import { Processor } from "./computing/processor.ts";
import { SecondModel } from "./compare/second-model.ts";
import { absentOf, ofSharedModel, sharedIn, shownAtFirst } from "./files/shared-view.ts";
import { mapLayerOf, methodOf, shownLayerOf } from "./shown-choice.ts";
import { Store, type Attempt, type State } from "./computing/store.ts";
import { byDeath } from "./computing/trouble.ts";
import { Turns, type Turn } from "./files/turns.ts";

/** A network that was tried: why it is not open, or the picture that is looked at in it; neither where it was stopped. */
export interface TriedModel {
  readonly failure?: CallError;
  /** Resolves once its map and channels are there, or something else took its place. */
  readonly shown?: Promise<void>;
}

const firstModel: ModelInHand = { kind: "shipped", name: firstView.model };

/** What can be looked at in every network. */
export class Explorer {
  readonly store: Store = new Store((lost) => this.#restore(lost));
  readonly processor = new Processor(this.store);
  readonly made = new MadeUnits(this.store);
  readonly second: SecondModel = new SecondModel(this.store, () => this.#pictureInHand);
  readonly camera = new LiveCamera({
    store: this.store,
    asked: () => this.#mapAsked(false),
    keep: (pixels) => this.look({ kind: "pixels", name: liveName, pixels }),
  });
  readonly #turns = new Turns();
  readonly #files = new FilesInHand(this);
  /** What was asked for, the last of it last, which is opened as soon as the worker comes to it; what cannot be is taken out. */
  #models: readonly ModelInHand[] = [];
  #pictureInHand: PictureInHand = { kind: "drawn", number: 1 };
  /** What the worker has open. */
  #inWorker: ModelInHand | undefined;
  /** What is open and seen, which stays so where something else cannot be opened. */
  #opened: { readonly model: ModelInHand; readonly picture: PictureInHand } | undefined;
  #mapCall: Call<unknown> | undefined;
  readonly #deaths = new Deaths();
  readonly #measures = new IdleMeasures(this.store, this.processor, this.#deaths);
  /** How many networks the worker is told to open: behind each the picture is looked at anew, and all else follows. */
  #opening = 0;

  get state(): State {
    return this.store.state;
  }

  /** Opens what the address names, as far as the page has it. */
  async start(hash: string): Promise<void> {
    const turn = this.begin();
    const asked = viewOf(hash);
    const view = shownAtFirst(asked, firstView);
    this.store.set({ view, shared: sharedIn(asked) });
    this.#models = [{ kind: "shipped", name: view.model }];
    const drawn = /^drawn:(\d+)$/.exec(view.picture);
    if (drawn) this.#pictureInHand = { kind: "drawn", number: Number(drawn[1]) };
    try {
      await this.#takeHanded();
    } catch (error) {
      this.store.set({ error: error instanceof Error ? error.message : String(error) });
    }
    if (turn.isCurrent()) await this.#reopen(turn);
  }

  /** What is opened or looked at from now on takes the place of all that is under way, which changes nothing any more. */
  begin(): Turn {
    this.camera.leave();
    this.store.client.stopAll();
    return this.#turns.begin();
  }

  /** What is open stays where the network cannot be opened, which is told in the error. */
  async openModel(inHand: ModelInHand): Promise<void> {
    const turn = this.begin();
    this.store.set({ shared: undefined });
    const { failure, shown } = await this.tryModel(inHand, undefined, turn);
    await shown;
    if (!failure || !turn.isCurrent()) return;
    this.store.set({ error: failure.message });
    await this.stay(turn);
  }

  /** As `openModel`, with a picture to look at, in a turn that is under way; what was in hand before stays so where it fails. */
  async tryModel(
    inHand: ModelInHand,
    picture: PictureInHand | undefined,
    turn: Turn,
  ): Promise<TriedModel> {
    this.store.set({ trouble: undefined });
    this.#models = [...this.#models, inHand];
    const { answer: model, failure } = await this.#attemptOpen(inHand);
    if (!model) {
      if (failure || turn.isCurrent()) this.#letGoOf(inHand);
      return failure ? { failure } : {};
    }
    const isOther = inHand.kind === "shipped" && this.#pictureInHand.kind !== "file";
    if (isOther && turn.isCurrent()) this.#pictureInHand = { kind: "drawn", number: 1 };
    if (picture && turn.isCurrent()) this.#pictureInHand = picture;
    this.#deaths.forget();
    this.store.show(ofAnyNetwork);
    return { shown: this.#show(inHand, model, turn) };
  }

  async #attemptOpen(inHand: ModelInHand): Promise<Attempt<OpenedModel>> {
    this.#opening += 1;
    try {
      return await this.store.attempt("open", inHand);
    } finally {
      this.#opening -= 1;
    }
  }

  get modelInHand(): ModelInHand {
    return this.#models.at(-1) ?? this.#inWorker ?? firstModel;
  }

  #letGoOf(inHand: ModelInHand): void {
    this.#models = this.#models.filter((model) => model !== inHand);
  }

  async look(inHand: PictureInHand): Promise<void> {
    const turn = this.begin();
    this.#pictureInHand = inHand;
    this.store.set({ trouble: undefined });
    this.store.show({ target: "top" });
    await this.stay(turn);
  }

  get pictureInHand(): PictureInHand {
    return this.#pictureInHand;
  }

  /** The picture changed: it and its map come together, so that what is shown is one. */
  async lookAnew(inHand: PictureInHand): Promise<SeenPicture | undefined> {
    const turn = this.#turns.begin();
    const picture = await this.store.ask("look", inHand);
    if (!picture || !turn.isCurrent()) return undefined;
    this.#pictureInHand = inHand;
    this.#opened = { model: this.#inWorker ?? this.modelInHand, picture: inHand };
    const map = await this.store.ask("explain", this.#mapAsked(false));
    if (!turn.isCurrent()) return undefined;
    this.store.show(addressed(inHand, picture));
    this.store.set({ picture, map, channels: undefined, hidden: undefined, summaries: new Map() });
    return picture;
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
    await this.showChannels();
    await this.explain();
  }

  async chooseChannel(channel: number): Promise<void> {
    this.store.show({ channel });
    this.store.set({ unit: undefined, details: undefined });
    const layer = this.store.state.channels?.layer;
    if (layer === undefined || this.#opening > 0) return;
    this.#measures.makeRoom();
    const details = await this.store.ask("details", { layer, channel });
    if (details && this.store.state.view.channel === channel) this.store.set({ details });
    this.#measures.whenIdle();
  }

  /** Up from a channel to its layer. */
  leaveChannel(): void {
    this.store.show({ channel: undefined });
    this.store.set({ unit: undefined, details: undefined });
  }

  /** The map of the method, for the target, on the layer; one that is under way makes room. */
  async explain(isChecked = false): Promise<void> {
    const { model, picture } = this.store.state;
    if (!model || !picture || this.#opening > 0) return;
    this.#mapCall?.stop();
    this.processor.makeRoom();
    const asked = this.#mapAsked(isChecked);
    let own: Call<unknown> | undefined;
    const map = await this.store.ask("explain", asked, (call) => (this.#mapCall = own = call));
    // What was asked for is said beside the map, so the one before may not stay where there is none.
    if (map || own === this.#mapCall) this.store.set({ map });
    this.#measures.whenIdle();
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
    this.#measures.makeRoom();
    await makeUnit(this.store);
    this.#measures.whenIdle();
  }

  /** Keeps the map that is shown beside up to three others. */
  pin(): Promise<void> {
    return pinMap(this.store);
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

  async #takeHanded(): Promise<void> {
    const { photos, ...handed } = handedOver();
    this.store.set({ photos });
    const model = await handed.model();
    if (model) this.#models = [model];
    if (photos[0]) this.#pictureInHand = { kind: "file", file: await photos[0].load() };
  }

  /** All as it was, but for what the worker died of; what it dies of twice is let go. Whether nothing was. */
  async #restore({ death, call }: Lost): Promise<boolean> {
    this.store.set({ trouble: byDeath[death] });
    this.processor.forget();
    if (this.#opened) {
      this.#models = [this.#opened.model];
      this.#pictureInHand = this.#opened.picture;
      this.#opened = undefined;
    }
    this.#inWorker = undefined;
    if (death === "card" || call === "processor") this.processor.lose();
    const act = this.#deaths.add(call);
    if (act === "give up") {
      this.store.set({ trouble: "notStarted" });
      return false;
    }
    if (act === "let go") this.#letGo();
    const { client } = this.store;
    const { life } = client;
    await this.#reopen(this.begin());
    await (act === "restore" ? this.second.reopen() : this.second.close());
    if (life === client.life) this.#deaths.end();
    return act === "restore" && life === client.life;
  }

  #letGo(): void {
    this.#models = [];
    this.#pictureInHand = { kind: "drawn", number: 1 };
    this.#deaths.forget();
    this.store.show(firstView);
    this.store.set({ trouble: "gaveUp" });
  }

  async #reopen(turn: Turn): Promise<void> {
    const inHand = this.modelInHand;
    const { answer: model, failure } = await this.#attemptOpen(inHand);
    // What is looked at is of the network that was open before, if there was one.
    if (model && this.#inWorker) this.store.show(ofAnyNetwork);
    if (model) await this.#show(inHand, model, turn);
    if (model || !failure || !turn.isCurrent()) return;
    this.store.set({ error: failure.message });
    this.#letGoOf(inHand);
    if (this.modelInHand !== inHand) await this.stay(turn);
  }

  /** What the worker opened is open, whoever's turn it is by then. */
  async #show(inHand: ModelInHand, model: OpenedModel, turn: Turn): Promise<void> {
    this.second.offer(this.#inWorker ?? inHand, model);
    this.#inWorker = inHand;
    this.#models = this.#models.slice(Math.max(this.#models.indexOf(inHand), 0));
    this.#opened = undefined;
    this.store.set({ channels: undefined, unit: undefined, map: undefined, summaries: new Map() });
    this.store.show(addressedModel(inHand, model));
    this.store.set({ model, picture: undefined });
    this.store.show(ofSharedModel(this.state.shared, this.state));
    this.processor.forget();
    await prepareAsShown(this.store);
    if (turn.isCurrent()) await this.#lookAgain(turn);
  }

  /** With what is in hand still, after something else was stopped or could not be opened; what that cut off is asked again. */
  async stay(turn = this.begin()): Promise<void> {
    if (this.#inWorker !== this.modelInHand) await this.#reopen(turn);
    else if (this.#opened?.picture === this.#pictureInHand) await this.#showAll(turn);
    else await this.#lookAgain(turn);
  }

  async #lookAgain(turn: Turn): Promise<void> {
    this.store.set({ region: undefined, isMarking: false });
    const unknown = { map: undefined, channels: undefined, hidden: undefined, details: undefined };
    this.store.set({ ...unknown, summaries: new Map() });
    const hand = this.#pictureInHand;
    const picture = await this.store.ask("look", hand);
    if (picture) {
      this.#opened = { model: this.#inWorker ?? this.modelInHand, picture: hand };
      this.store.show(addressed(hand, picture));
      this.store.set({ picture });
      this.#reach();
    }
    if (!turn.isCurrent()) return;
    if (!picture && this.#opened) this.#pictureInHand = this.#opened.picture;
    if (this.#opened) await this.#showAll(turn);
  }

  /** Once all of it is there, the page is where a shared address leads. */
  #reach(): void {
    const { shared } = this.state;
    if (!shared || absentOf(shared, this.state)) return;
    this.store.set({ shared: undefined });
    this.store.show({ target: shared.target });
  }

  async #showAll(turn: Turn): Promise<void> {
    if (!this.#deaths.isDeadly("explain")) await this.explain();
    if (turn.isCurrent() && !this.#deaths.isDeadly("channels")) await this.showChannels();
    const { channel } = this.state.view;
    const lacksDetails = channel !== undefined && !this.state.details;
    if (turn.isCurrent() && lacksDetails && !this.#deaths.isDeadly("details")) {
      await this.chooseChannel(channel);
    }
  }

  async showChannels(): Promise<void> {
    const layer = shownLayerOf(this.store.state);
    if (layer === undefined || this.#opening > 0) return;
    this.#measures.makeRoom();
    const { model, picture } = this.store.state;
    const channels = await this.store.ask("channels", { layer });
    const { state } = this.store;
    if (channels && state.model === model && state.picture === picture)
      this.store.set({ channels });
    this.#measures.whenIdle();
  }
}
