/** @file The middle: the picture with the map over it, what is explained and how, and what the map says in words. */
import { useState } from "preact/hooks";
import { formatProbability } from "../../src/wording/numbers.ts";
import { ColorBar } from "./color-bar.tsx";
import type { PaneProps } from "./layer-strip.tsx";
import { PhotoTray } from "./photo-tray.tsx";
import { PixelCanvas } from "./pixel-canvas.tsx";
import { usePageTexts } from "./settings.tsx";

export function PicturePane({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const [opacity, setOpacity] = useState(1);
  const { picture, map } = state;
  return (
    <main class="middle">
      <div class="stage" aria-busy={state.work !== undefined}>
        {picture && <PixelCanvas pixels={picture.seen} text={picture.name} class="photo" />}
        {map && <PixelCanvas pixels={map.heat} text={map.text} class="heat" opacity={opacity} />}
      </div>
      {map && <ColorBar scale={map.scale} />}
      <PhotoTray explorer={explorer} state={state} />
      <p class="sentence" role="status">
        {map?.text ?? "…"}
      </p>
      {map && map.warnings.length > 0 && (
        <ul class="warnings">
          {map.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <Controls explorer={explorer} state={state} opacity={opacity} onOpacity={setOpacity} />
      {map && (
        <p class="score">
          <strong>{map.heading}</strong> {map.score}
          {map.layer !== undefined &&
            ` · ${texts.layer} ${map.layer}, ${map.height} × ${map.width}`}
          {map.checked !== undefined && ` · ${map.checked}`}
        </p>
      )}
      <Answers explorer={explorer} state={state} />
    </main>
  );
}

interface ControlsProps extends PaneProps {
  readonly opacity: number;
  onOpacity(opacity: number): void;
}

function Controls({ explorer, state, opacity, onOpacity }: ControlsProps) {
  const texts = usePageTexts();
  const { model } = state;
  return (
    <div class="controls">
      <label>
        {texts.method}
        <select
          id="method"
          value={state.view.method}
          onChange={(event) => void explorer.chooseMethod(event.currentTarget.value)}
        >
          {(model?.methods ?? []).map(({ name, title, description }) => (
            <option key={name} value={name} title={description}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        {texts.opacity}
        <input
          type="range"
          min="0"
          max="1"
          step="0.05"
          value={opacity}
          onInput={(event) => onOpacity(Number(event.currentTarget.value))}
        />
      </label>
      <button type="button" onClick={() => void explorer.explain(true)}>
        {texts.checkIt}
      </button>
    </div>
  );
}

function Answers({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { picture, view } = state;
  if (!picture) return null;
  const top = picture.answers[0]?.class;
  return (
    <section class="answers">
      <h2>{texts.answer}</h2>
      {picture.value !== undefined && <p>{picture.value}</p>}
      <ol>
        {picture.answers.map(({ class: number, label, probability, logit }) => {
          const isChosen = view.target === "top" ? number === top : view.target === String(number);
          const share = probability ?? 0;
          return (
            <li key={number}>
              <button
                type="button"
                aria-pressed={isChosen}
                onClick={() => void explorer.chooseTarget(String(number))}
              >
                <span class="share" style={{ width: `${100 * share}%` }} />
                <span class="label">{label}</span>
                <span class="number">
                  {probability === undefined ? logit.toFixed(2) : formatProbability(probability)}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
