/** @file What a map is made by, how it is shown, and what can be done with it. */
import type { MethodFacts } from "../../protocol.ts";
import { knownMethod } from "../computing/known-methods.ts";
import { DownloadMenu } from "../results/download-menu.tsx";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { judgeMap } from "./map-trust.ts";
import { usePageTexts, useSaid } from "../frame/settings.tsx";
import { hasAnswers, methodOf } from "../shown-choice.ts";
import { MethodSettingsPane } from "./method-settings.tsx";
import { PreparationPicker } from "./preparation-picker.tsx";
import { TargetPicker } from "./target-picker.tsx";
import "./map-controls.css";

interface MapControlsProps extends PaneProps {
  readonly opacity: number;
  onOpacity(opacity: number): void;
}

export function MapControls(props: MapControlsProps) {
  const { explorer, state, opacity, onOpacity } = props;
  const texts = usePageTexts();
  const say = useSaid();
  const describedBy = (method: MethodFacts | undefined) =>
    method && say(method.description).children;
  return (
    <section class="controls" aria-label={texts.map}>
      <h2>{texts.map}</h2>
      <label>
        <span>{texts.method}</span>
        <select
          id="method"
          value={methodOf(state)}
          onChange={(event) => void explorer.chooseMethod(event.currentTarget.value)}
        >
          {(state.model?.methods ?? []).map(({ name, title }) => (
            <option key={name} value={name} title={describedBy(knownMethod(state, name))}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <MethodSettingsPane explorer={explorer} state={state} />
      <PreparationPicker explorer={explorer} state={state} />
      <TargetPicker explorer={explorer} state={state} />
      <label>
        <span>{texts.opacity}</span>
        <input
          type="range"
          min="0"
          max="1"
          step="0.05"
          value={opacity}
          onInput={(event) => onOpacity(Number(event.currentTarget.value))}
        />
      </label>
      <MapDeeds explorer={explorer} state={state} />
    </section>
  );
}

/** What can be done with the map and the picture. */
function MapDeeds({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const isReady = state.map !== undefined;
  const isJudging = state.work?.name === "trust";
  const isHiding = state.tool === "hide";
  return (
    <div class="deeds">
      <button type="button" disabled={!isReady} onClick={() => void explorer.explain(true)}>
        {texts.checkIt}
      </button>
      <button
        type="button"
        id="trust"
        disabled={!isReady}
        onClick={() => (isJudging ? explorer.stop() : void judgeMap(explorer.store))}
      >
        {isJudging ? texts.stop : texts.trustIt}
      </button>
      <button type="button" disabled={!isReady} onClick={() => void explorer.pin()}>
        {texts.pin}
      </button>
      <button
        type="button"
        aria-pressed={isHiding}
        disabled={!hasAnswers(state.picture)}
        title={state.picture && !hasAnswers(state.picture) ? texts.nothingToWatch : undefined}
        onClick={() => explorer.takeTool(isHiding ? undefined : "hide")}
      >
        {isHiding ? texts.showAll : texts.brush}
      </button>
      <DownloadMenu explorer={explorer} state={state} />
    </div>
  );
}
