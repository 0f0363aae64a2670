/** @file The right: all channels of a layer, and the picture that excites the chosen one, made while one looks. */
import { formatNumber, formatPercent } from "../../../src/wording/numbers.ts";
import { useMemo, useState } from "preact/hooks";
import { ChannelGrid } from "./channel-grid.tsx";
import { ColorBar } from "../frame/color-bar.tsx";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { later } from "../frame/later.tsx";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { unitRecipe } from "../results/recipe.ts";
import { RecipeLines } from "../results/recipe-lines.tsx";
import { UnitDetails } from "./unit-details.tsx";
import { UnitPatches } from "./unit-patches.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import "./unit-pane.css";

const StepPane = later(
  "stepThrough",
  async () => (await import("../steps/step-pane.tsx")).StepPane,
);

export function UnitPane({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { channels, view } = state;
  // Hundreds of cells are looked at again only where they changed.
  const grid = useMemo(
    () => channels && <ChannelGrid explorer={explorer} channels={channels} chosen={view.channel} />,
    [explorer, channels, view.channel],
  );
  return (
    // Where there is nothing yet to be stepped to, the pane itself is scrolled by keys.
    <section
      class="units"
      data-part="units"
      aria-label={texts.units}
      {...(channels ? {} : { tabIndex: 0 })}
    >
      <h2>
        {texts.units}
        {channels && <small> {channels.layer}</small>}
      </h2>
      {channels ? (
        <>
          <p class="facts">
            {channels.channels.length} · {formatPercent(channels.zeroShare)} {texts.zeros}
          </p>
          {grid}
          <ColorBar scale={channels.scale} />
        </>
      ) : (
        <NoChannels state={state} />
      )}
      {channels && <Unit explorer={explorer} state={state} />}
      <UnitPatches explorer={explorer} state={state} />
      <UnitDetails explorer={explorer} state={state} />
    </section>
  );
}

/** As large as the channels that come, so that nothing jumps. */
function NoChannels({ state }: Pick<PaneProps, "state">) {
  const texts = usePageTexts();
  return (
    <>
      <p class="facts">{state.work ? " " : texts.noUnits}</p>
      <div class="channels-to-come is-waiting" />
      <div class="scale-to-come" />
    </>
  );
}

function Unit({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { unit, view } = state;
  if (view.channel === undefined) return <p class="hint">{texts.nothingYet}</p>;
  const isMaking = state.work?.name === "maximize";
  return (
    <section class="unit" aria-label={`${texts.unit} ${view.channel}`}>
      <ChannelTurner explorer={explorer} state={state} />
      <div class="unit-deeds">
        <button
          type="button"
          class="primary"
          onClick={() => (isMaking ? explorer.stop() : void explorer.maximize())}
        >
          {isMaking ? texts.stop : texts.makePicture}
        </button>
        <StepDoor explorer={explorer} state={state} />
      </div>
      {unit?.frame && (
        <>
          <PixelCanvas
            pixels={unit.frame}
            class="excites"
            text={`${texts.unit} ${view.channel}, ${unit.step} / ${unit.steps}`}
          />
          <progress value={unit.step} max={unit.steps} aria-label={texts.working} />
        </>
      )}
      {unit?.done && (
        <p class="facts">
          {unit.done.isSilent
            ? texts.silent
            : `${texts.activation} ${formatNumber(unit.done.activation)}, ${texts.from} ${formatNumber(unit.done.start)}`}
        </p>
      )}
      {unit?.done && state.model && (
        <details class="recipe">
          <summary>{texts.recipe}</summary>
          <RecipeLines
            explorer={explorer}
            state={state}
            recipe={unitRecipe(state.model, unit.done, state.picture?.preprocess)}
          />
        </details>
      )}
    </section>
  );
}

/** The channel's number, with one back and one forward: cells of a large layer are small for a finger. */
function ChannelTurner({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const channel = state.view.channel ?? 0;
  const last = (state.channels?.channels.length ?? 1) - 1;
  const step = (by: number) => void explorer.chooseChannel(channel + by);
  return (
    <header class="channel-turner">
      <button
        type="button"
        class="quiet"
        aria-label={texts.channelBefore}
        disabled={channel <= 0}
        onClick={() => step(-1)}
      >
        ‹
      </button>
      <h2>
        {texts.unit} {channel}
      </h2>
      <button
        type="button"
        class="quiet"
        aria-label={texts.channelBehind}
        disabled={channel >= last}
        onClick={() => step(1)}
      >
        ›
      </button>
    </header>
  );
}

function StepDoor({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const [isOpen, setOpen] = useState(false);
  const { channels, view } = state;
  if (!channels || view.channel === undefined) return null;
  return (
    <>
      <button type="button" id="steps" onClick={() => setOpen(true)}>
        {texts.stepThrough}
      </button>
      {isOpen && (
        <StepPane
          explorer={explorer}
          layer={channels.layer}
          channel={view.channel}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
