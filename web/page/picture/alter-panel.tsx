/** @file Sliders that change the picture, while answers and map follow. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { Alterations } from "./alterations.ts";
import { unaltered, type Alteration } from "./altered-pixels.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import "./alter-panel.css";

type Slider = readonly [
  key: "turn" | "zoom" | "x" | "y" | "brightness" | "contrast" | "blur" | "noise",
  least: number,
  most: number,
  step: number,
  unit: string,
];

const sliders: readonly Slider[] = [
  ["turn", -180, 180, 1, "°"],
  ["zoom", 0.5, 4, 0.05, "×"],
  ["x", -1, 1, 0.02, ""],
  ["y", -1, 1, 0.02, ""],
  ["brightness", -1, 1, 0.02, ""],
  ["contrast", 0, 3, 0.05, "×"],
  ["blur", 0, 8, 0.1, "px"],
  ["noise", 0, 0.5, 0.01, ""],
];

export function AlterPanel({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const alterations = useMemo(() => new Alterations(explorer), [explorer]);
  const [alteration, setAlteration] = useState(unaltered);
  const { picture } = state;
  useEffect(() => {
    if (alterations.isOther(picture)) setAlteration(unaltered);
  }, [alterations, picture]);
  const change = (part: Partial<Alteration>) => {
    const next = { ...alteration, ...part };
    setAlteration(next);
    void alterations.alter(next);
  };
  const reset = () => {
    setAlteration(unaltered);
    void alterations.alter(undefined);
  };
  return (
    <div class="alter-panel">
      <Sliders alteration={alteration} onChange={change} />
      <div class="deeds">
        <button
          type="button"
          aria-pressed={alteration.isMirrored}
          onClick={() => change({ isMirrored: !alteration.isMirrored })}
        >
          {texts.alterMirror}
        </button>
        <button
          type="button"
          disabled={alteration.noise === 0}
          onClick={() => change({ seed: alteration.seed + 1 })}
        >
          {texts.alterSeed}
        </button>
        <button type="button" disabled={alteration === unaltered} onClick={reset}>
          {texts.alterReset}
        </button>
      </div>
      {alteration !== unaltered && <p class="hint">{texts.alterNote}</p>}
    </div>
  );
}

interface SlidersProps {
  readonly alteration: Alteration;
  onChange(part: Partial<Alteration>): void;
}

function Sliders({ alteration, onChange }: SlidersProps) {
  const texts = usePageTexts();
  const names: Readonly<Record<Slider[0], string>> = {
    turn: texts.alterTurn,
    zoom: texts.alterZoom,
    x: texts.alterX,
    y: texts.alterY,
    brightness: texts.alterBrightness,
    contrast: texts.alterContrast,
    blur: texts.alterBlur,
    noise: texts.alterNoise,
  };
  return (
    <>
      {sliders.map(([key, least, most, step, unit]) => (
        <label key={key}>
          <span>{names[key]}</span>
          <input
            type="range"
            id={`alter-${key}`}
            min={least}
            max={most}
            step={step}
            value={alteration[key]}
            aria-valuetext={`${alteration[key]} ${unit}`}
            onInput={(event) => onChange({ [key]: Number(event.currentTarget.value) })}
          />
          <span class="number">
            {alteration[key]} {unit}
          </span>
        </label>
      ))}
    </>
  );
}
