/** @file The page: spine, middle, right; what is dropped on it, and its keys. */
import { useEffect, useState } from "preact/hooks";
import { droppedFiles } from "./dropped-files.ts";
import type { Explorer } from "./explorer.ts";
import type { State } from "./store.ts";
import { useKeys } from "./keys.ts";
import { LayerStrip, type PaneProps } from "./layer-strip.tsx";
import { PicturePane } from "./picture-pane.tsx";
import { keepSettings, keptSettings, SettingsContext, usePageTexts } from "./settings.tsx";
import { languages } from "./texts.ts";
import { StoryPane } from "./story-pane.tsx";
import { TopBar } from "./top-bar.tsx";
import { UnitPane } from "./unit-pane.tsx";

export function App({ explorer }: { readonly explorer: Explorer }) {
  const [state, setState] = useState(explorer.state);
  const [settings, setSettings] = useState(keptSettings);
  const [isOver, setOver] = useState(false);
  const [hasHelp, setHelp] = useState(false);
  const [hasStory, setStory] = useState(false);
  const texts = languages[settings.language];
  useEffect(() => explorer.store.subscribe(() => setState(explorer.state)), [explorer]);
  useEffect(() => {
    document.documentElement.lang = settings.language;
    const isDark =
      settings.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    document.documentElement.dataset["theme"] = isDark;
    keepSettings(settings);
  }, [settings]);
  useKeys(explorer, () => setHelp((has) => !has));
  return (
    <SettingsContext.Provider value={settings}>
      <div
        class={isOver ? "page is-over" : "page"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          if (event.dataTransfer)
            void droppedFiles(event.dataTransfer).then((files) => explorer.take(files));
        }}
      >
        <TopBar
          explorer={explorer}
          state={state}
          settings={settings}
          onSettings={setSettings}
          onStory={() => setStory(!hasStory)}
        />
        {hasStory && <StoryPane explorer={explorer} onEnd={() => setStory(false)} />}
        <Errors explorer={explorer} state={state} />
        <LayerStrip explorer={explorer} state={state} />
        <PicturePane explorer={explorer} state={state} />
        <UnitPane explorer={explorer} state={state} />
        <Foot state={state} hasHelp={hasHelp} onHelp={() => setHelp(!hasHelp)} />
        {isOver && <div class="drop">{texts.drop}</div>}
      </div>
    </SettingsContext.Provider>
  );
}

function Errors({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { error, wasRestarted } = state;
  return (
    <>
      {error !== undefined && (
        <div class="error" role="alert">
          {error}
          <button type="button" aria-label="×" onClick={() => explorer.dismissError()}>
            ×
          </button>
        </div>
      )}
      {wasRestarted && (
        <div class="error" role="alert">
          {texts.restarted}
        </div>
      )}
    </>
  );
}

interface FootProps {
  readonly state: State;
  readonly hasHelp: boolean;
  onHelp(): void;
}

function Foot({ state, hasHelp, onHelp }: FootProps) {
  const texts = usePageTexts();
  const { work, model } = state;
  const notes = [
    ...(model?.notes ?? []),
    ...(state.picture?.notes ?? []),
    ...(state.picture?.compared === undefined ? [] : [state.picture.compared]),
    ...(state.map?.notes ?? []),
  ];
  return (
    <footer class="foot">
      <span class="work" role="status">
        {work &&
          `${texts.working}: ${work.name} ${work.share > 0 ? `${Math.round(100 * work.share)} %` : ""}`}
        {work?.secondsLeft !== undefined && ` ${work.secondsLeft.toFixed(0)} ${texts.secondsLeft}`}
      </span>
      {model && model.threads === 1 && <span>{texts.oneThread}</span>}
      {notes.length > 0 && (
        <details>
          <summary>
            {texts.notes} ({notes.length})
          </summary>
          <ul>
            {[...new Set(notes)].map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
      <button type="button" onClick={onHelp} aria-expanded={hasHelp}>
        {texts.help} ?
      </button>
      {hasHelp && <p class="keys">{texts.keys}</p>}
    </footer>
  );
}
