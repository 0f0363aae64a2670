/** @file The top: what is open, the three doors, language, light and dark. */
import { useRef } from "preact/hooks";
import { CameraDoor } from "./camera-door.tsx";
import { shippedModels } from "./shipped-models.ts";
import type { PaneProps } from "./layer-strip.tsx";
import { usePageTexts, type Settings } from "./settings.tsx";
import "./top-bar.css";

interface TopBarProps extends PaneProps {
  readonly settings: Settings;
  onSettings(settings: Settings): void;
  onStory(): void;
}

export function TopBar({ explorer, state, settings, onSettings, onStory }: TopBarProps) {
  const texts = usePageTexts();
  const model = useRef<HTMLInputElement>(null);
  const picture = useRef<HTMLInputElement>(null);
  const taken = (event: { readonly currentTarget: HTMLInputElement }) => {
    const files = [...(event.currentTarget.files ?? [])];
    event.currentTarget.value = "";
    void explorer.take(files);
  };
  const other = settings.language === "en" ? "de" : "en";
  const isDark = document.documentElement.dataset["theme"] === "dark";
  return (
    <header class="bar">
      <h1>Limpid</h1>
      <span class="lead">{texts.lead}</span>
      <span class="open-model">{state.model?.name}</span>
      <ShippedModels explorer={explorer} state={state} />
      <button type="button" onClick={onStory}>
        {texts.story}
      </button>
      <span class="doors">
        <button type="button" onClick={() => model.current?.click()}>
          {texts.yourModel}
        </button>
        <button type="button" onClick={() => picture.current?.click()}>
          {texts.yourPicture}
        </button>
        <CameraDoor explorer={explorer} />
      </span>
      <input ref={model} type="file" multiple hidden onChange={taken} id="model-files" />
      <input
        ref={picture}
        type="file"
        accept="image/*"
        hidden
        onChange={taken}
        id="picture-files"
      />
      <span class="private">{texts.private}</span>
      <button type="button" onClick={() => onSettings({ ...settings, language: other })}>
        {texts.language}
      </button>
      <button
        type="button"
        onClick={() => onSettings({ ...settings, theme: isDark ? "light" : "dark" })}
      >
        {texts.theme}
      </button>
    </header>
  );
}

function ShippedModels({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  return (
    <select
      aria-label={texts.shipped}
      value={state.view.model in shippedModels ? state.view.model : ""}
      onChange={(event) =>
        void explorer.openModel({ kind: "shipped", name: event.currentTarget.value })
      }
    >
      <option value="" disabled>
        {texts.shipped}
      </option>
      {Object.entries(shippedModels).map(([name, knows]) => (
        <option key={name} value={name}>
          {name}: {knows}
        </option>
      ))}
    </select>
  );
}
