/** @file What the page can be told to do. */
import type { ExplainRequest, MethodSettings } from "../protocol.ts";
import type { PaintedGrid } from "../shown-region.ts";
import { settingsIn, settingsText } from "./address.ts";
import { LiveCamera, liveName } from "./camera/live-camera.ts";
import { pinMap } from "./compare/pinned-maps.ts";
import { SecondModel } from "./compare/second-model.ts";
import type { Call, CallError, Lost } from "./computing/client.ts";
import { Deaths } from "./computing/deaths.ts";
import { IdleMeasures } from "./computing/idle-measures.ts";
import { knownMethod, learnMethods } from "./computing/known-methods.ts";
import { Processor } from "./computing/processor.ts";
import { Store, type State, type Tool } from "./computing/store.ts";
import { Hand } from "./files/hand.ts";
import { IncomingFiles } from "./files/incoming-files.ts";
import { Turns, type Turn } from "./computing/turns.ts";
import { checksLost, isSameMap, judgeMap, type MapChecks } from "./picture/map-trust.ts";
import {
  hasAnswers,
  mapLayerOf,
  methodOf,
  regionOf,
  shownLayerOf,
  takesRegion,
} from "./shown-choice.ts";
import { mapParts, unknown } from "./unknown-parts.ts";
import { MadeUnits } from "./units/made-units.ts";

/** What can be looked at in every network. */
export class Explorer {
  readonly store: Store = new Store((lost) => this.#restore(lost));
  readonly processor = new Processor(this.store);
  readonly made = new MadeUnits(this.store);
  readonly second: SecondModel = new SecondModel(this.store, () => this.hand.picture);
  readonly camera = new LiveCamera({
    store: this.store,
    asked: () => this.#mapAsked(false),
    begin: () => this.hand.watch(liveName),
    goBack: () => this.hand.stay(this.hand.begin()),
    keep: (pixels) => this.hand.keep({ kind: "pixels", name: liveName, pixels }),
  });
  readonly #deaths = new Deaths();
  readonly #measures = new IdleMeasures(this.store, this.processor, this.#deaths);
  readonly hand: Hand = new Hand({
    store: this.store,
    processor: this.processor,
    second: this.second,
    camera: this.camera,
    deaths: this.#deaths,
    map: () => this.store.ask("explain", this.#mapAsked(false)),
    showAll: (turn) => this.#showAll(turn),
  });
  readonly files = new IncomingFiles(this.hand);
  readonly #maps = new Turns();
  #mapCall: Call<unknown> | undefined;
  /** Of the map that is shown or under way. */
  #asked: ExplainRequest | undefined;
  #hideCall: Call<unknown> | undefined;

  get state(): State {
    return this.store.state;
  }

  async lookAtPhoto(number: number): Promise<void> {
    const photo = this.store.state.photos[number];
    if (photo) await this.hand.look({ kind: "file", file: await photo.load() });
  }

  chooseMethod(method: string): Promise<void> {
    return this.#explainWith(() => this.store.show({ method, settings: undefined }));
  }

  /** Options of the method, as the command takes them. */
  chooseSettings(settings: MethodSettings): Promise<void> {
    return this.#explainWith(() => this.store.show({ settings: settingsText(settings) }));
  }

  chooseTarget(target: string): Promise<void> {
    const { view, model, tool } = this.store.state;
    // A box is a place of its own, and of what lies nowhere no part can be meant, nor marked any more.
    const keepsRegion = !target.startsWith("box:") && model && takesRegion(target, model);
    return this.#explainWith(() => {
      this.store.show({ target, region: keepsRegion ? view.region : undefined });
      if (!keepsRegion && tool !== "hide") this.takeTool(undefined);
    });
  }

  /** A part of the picture, as `shown-region.ts` writes it; undefined is what the network finds, in all of it. */
  chooseRegion(region: string | undefined): Promise<void> {
    return this.#explainWith(() => this.store.show({ region }));
  }

  /** What the picture is touched with; nothing is hidden any more without the brush that hides. */
  takeTool(tool: Tool | undefined): void {
    if (tool === "hide" && !hasAnswers(this.state.picture)) return;
    if (this.state.tool === "hide") void this.hide(undefined);
    this.store.set({ tool });
  }

  async chooseLayer(layer: string): Promise<void> {
    await this.store.drawnTogether(() => {
      this.store.show({ layer, channel: undefined });
      this.store.set({ channels: undefined, unit: undefined });
      return this.#showChannels().then(() => this.#completeDetails());
    });
    await this.explain();
  }

  async chooseChannel(channel: number): Promise<void> {
    this.store.show({ channel });
    this.store.set({ unit: undefined, details: undefined });
    await this.#showDetails();
  }

  async #showDetails(): Promise<void> {
    const { channels, model, picture, view } = this.store.state;
    const [layer, { channel }] = [channels?.layer, view];
    if (layer === undefined || channel === undefined || !picture || this.hand.isOpening) return;
    const facts = model?.layers.find(({ name }) => name === layer);
    // An address may name one that there is not, of a layer that it leaves to the page.
    if (facts && channel >= facts.channels) {
      this.store.leaveOut({ channel: undefined }, [unknown("channel", String(channel))]);
      return;
    }
    this.#measures.makeRoom();
    const of = { layer, channel, picture };
    const details = await this.store.ask("details", { layer, channel });
    if (details) this.store.set({ details: { ...details, of } });
    this.#measures.whenIdle();
  }

  /** The channels of the layer, and what is told of the chosen one, of the picture that is looked at. */
  async showLayer(turn?: Turn): Promise<void> {
    if (!this.#deaths.isDeadly("channels")) await this.#showChannels();
    const isCurrent = turn?.isCurrent() ?? true;
    if (isCurrent && !this.#deaths.isDeadly("details")) await this.#completeDetails();
  }

  async #completeDetails(): Promise<void> {
    if (!this.state.details) await this.#showDetails();
  }

  /** Up from a channel to its layer. */
  leaveChannel(): void {
    this.store.show({ channel: undefined });
    this.store.set({ unit: undefined, details: undefined });
  }

  #explainWith(choose: () => void): Promise<void> {
    return this.store.drawnTogether(() => {
      choose();
      return this.#mapOf(false);
    });
  }

  /** The map of the method, for the target, on the layer; one that is under way makes room. */
  explain(isChecked = false): Promise<void> {
    return this.store.drawnTogether(() => this.#mapOf(isChecked));
  }

  async #mapOf(isChecked: boolean): Promise<void> {
    const turn = this.#maps.begin();
    this.#mapCall?.stop();
    this.processor.makeRoom();
    // What is known of a method says whether it lies on a layer.
    const isKnown = knownMethod(this.state, methodOf(this.state)) !== undefined;
    const goesOn = !this.state.model || isKnown || (await learnMethods(this.store));
    if (!turn.isCurrent()) return;
    if (!goesOn) {
      this.#showMap(undefined);
      return;
    }
    const { model, picture } = this.store.state;
    if (!model || !picture || this.hand.isOpening) return;
    const asked = this.#mapAsked(isChecked);
    this.#asked = asked;
    const hold = (call: Call<unknown>) => (this.#mapCall = call);
    const { answer: map, failure } = await this.store.attempt("explain", asked, hold);
    if (failure) this.store.tell(failure, "explain");
    const isLast = turn.isCurrent();
    // What was asked for is said beside the map, so the one before may stay only where that is chosen again.
    const isAsBefore = isLast && this.#isRefused(asked, failure) && this.#chooseAsBefore();
    if (isLast) this.#showMap(isAsBefore ? this.state.map : map);
    else if (map) this.store.set({ map });
  }

  /** Whether no other choice would bring the map that was asked for: its method is not to be had, or what it explains is not there. */
  #isRefused({ target }: ExplainRequest, failure: CallError | undefined): boolean {
    if (failure?.code !== "bad-option") return failure?.lacking !== undefined;
    return target !== this.state.map?.asked.target;
  }

  /** What came of the last that was asked for. */
  #showMap(map: State["map"]): void {
    if (map !== this.state.map) this.store.set({ map });
    this.#asked = map?.asked;
    this.#measures.whenIdle();
  }

  /** Another map cannot be had here: the choices are again those of the map that is shown, if there is one. */
  #chooseAsBefore(): boolean {
    const { map, model, view } = this.state;
    if (!map) return false;
    const { method, settings = {}, target, region } = map.asked;
    const isUsual = method === methodOf({ view: { ...view, method: undefined }, model });
    this.store.show({
      method: isUsual ? undefined : method,
      settings: settingsText(settings),
      target,
      region,
    });
    return true;
  }

  #mapAsked(isChecked: boolean): ExplainRequest {
    const { view } = this.store.state;
    const [method, layer] = [methodOf(this.store.state), mapLayerOf(this.store.state)];
    const region = regionOf(this.store.state);
    const part = region === undefined ? {} : { region };
    const settings = settingsIn(view.settings);
    const set = Object.keys(settings).length > 0 ? { settings } : {};
    return { method, target: view.target, layer, isChecked, ...part, ...set };
  }

  /** All as it was, with what was asked of the map as soon as it is there. Whether nothing was let go. */
  async #restore(lost: Lost): Promise<boolean> {
    const checks = checksLost(this.state, this.#asked, lost);
    const isBack = await this.hand.restore(lost);
    if (checks && isBack) void this.#checkAgain(checks);
    return isBack;
  }

  async #checkAgain({ asked, isJudged }: MapChecks): Promise<void> {
    const isShown = () => this.state.map && isSameMap(this.state.map.asked, asked);
    if (asked.isChecked && isShown()) await this.explain(true);
    if (isJudged && isShown()) await judgeMap(this.store);
  }

  /** The picture that excites the chosen channel, frame by frame. */
  async maximize(): Promise<void> {
    this.#measures.makeRoom();
    await this.made.make();
    this.#measures.whenIdle();
  }

  /** Keeps the map that is shown beside up to three others. */
  pin(): Promise<void> {
    return pinMap(this.store);
  }

  /** Asks again with parts hidden, in place of what was asked before; nothing is hidden without a grid. */
  async hide(asked: PaintedGrid | undefined): Promise<void> {
    this.#hideCall?.stop();
    this.#hideCall = undefined;
    if (!asked) {
      this.store.set({ hidden: undefined });
      return;
    }
    const { picture } = this.state;
    let own: Call<unknown> | undefined;
    const boxes = picture?.answers.flatMap(({ class: own, box }) =>
      box ? [{ class: own, box }] : [],
    );
    const parts = { ...asked, ...(boxes?.length ? { boxes } : {}) };
    const hidden = await this.store.ask("hide", parts, (call) => (this.#hideCall = own = call));
    const isMeant = own === this.#hideCall && this.state.tool === "hide";
    if (hidden && isMeant && this.state.picture === picture) this.store.set({ hidden });
  }

  stop(): void {
    this.camera.stop();
    this.store.client.stopAll();
  }

  dismissError(): void {
    this.store.set({ error: undefined, trouble: undefined });
  }

  async #showAll(turn: Turn): Promise<void> {
    if (!this.#deaths.isDeadly("explain")) await this.#explainKnown();
    if (turn.isCurrent()) await this.showLayer(turn);
  }

  /** Where an address says of a map what there is not, the map is as it would be without. */
  async #explainKnown(): Promise<void> {
    const before = this.state.error;
    await this.explain();
    const { map, error, view } = this.state;
    if (map || error === undefined || error === before) return;
    const parts = mapParts(view, error);
    if (parts.length === 0) return;
    this.store.leaveOut({ target: "top", region: undefined, settings: undefined }, parts);
    await this.explain();
  }

  async #showChannels(): Promise<void> {
    const layer = shownLayerOf(this.store.state);
    const { model, picture } = this.store.state;
    if (layer === undefined || !picture || this.hand.isOpening) return;
    this.#measures.makeRoom();
    const channels = await this.store.ask("channels", { layer });
    const { state } = this.store;
    const isMeant = state.model === model && state.picture === picture;
    if (channels && isMeant && shownLayerOf(state) === layer) this.store.set({ channels });
    this.#measures.whenIdle();
  }
}
