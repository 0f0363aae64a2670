/** @file The top: what is open, the guided story, language, light and dark, help. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Settings } from "../../parts/kept-settings.ts";
import { Icon } from "./icon.tsx";
import { later } from "./later.tsx";
import { shippedModels, type ShippedModel } from "../files/shipped-models.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "./settings.tsx";
import "./top-bar.css";

interface TopBarProps extends PaneProps {
  readonly settings: Settings;
  readonly isDark: boolean;
  readonly hasStory: boolean;
  onSettings(chosen: Partial<Settings>): void;
  onStory(): void;
  onFolder(): void;
  onHelp(): void;
}

export function TopBar(props: TopBarProps) {
  const { explorer, state, settings, isDark, hasStory, onSettings, onStory, onFolder, onHelp } =
    props;
  const texts = usePageTexts();
  const other = settings.language === "en" ? "de" : "en";
  return (
    <header class="bar">
      <h1>Limpid</h1>
      <span class="lead">{texts.lead}</span>
      <ShippedModels explorer={explorer} state={state} />
      <span class="ways">
        <button type="button" class="with-icon" aria-pressed={hasStory} onClick={onStory}>
          <Icon name="story" />
          <span>{texts.story}</span>
        </button>
        <button type="button" class="with-icon" title={texts.folder} onClick={onFolder}>
          <Icon name="channels" />
          <span>{texts.folderDoor}</span>
        </button>
        <TrainDoor explorer={explorer} state={state} />
      </span>
      <span class="page-settings">
        <button
          type="button"
          class="quiet"
          lang={other}
          onClick={() => onSettings({ language: other })}
        >
          {texts.language}
        </button>
        <IconButton
          name={texts.theme}
          onClick={() => onSettings({ theme: isDark ? "light" : "dark" })}
        >
          <Icon name={isDark ? "sun" : "moon"} />
        </IconButton>
        <IconButton name={texts.help} onClick={onHelp}>
          <Icon name="question" />
        </IconButton>
      </span>
    </header>
  );
}

const TrainPane = later(
  "train",
  async () => (await import("../training/train-pane.tsx")).TrainPane,
);

function TrainDoor({ explorer }: PaneProps) {
  const texts = usePageTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="with-icon" id="train" onClick={() => setOpen(true)}>
        <Icon name="train" />
        <span>{texts.train}</span>
      </button>
      {isOpen && <TrainPane explorer={explorer} onClose={() => setOpen(false)} />}
    </>
  );
}

interface IconButtonProps {
  readonly name: string;
  readonly children: ComponentChildren;
  onClick(): void;
}

function IconButton({ name, children, onClick }: IconButtonProps) {
  return (
    <button type="button" class="quiet" aria-label={name} title={name} onClick={onClick}>
      {children}
    </button>
  );
}

const CatalogDialog = later(
  "catalogTitle",
  async () => (await import("../files/catalog-dialog.tsx")).CatalogDialog,
);

/** Of the choice that is no network; no network of the page is called so. */
const more = "…";

/** The open network's name, over the list of those that come with the page. */
function ShippedModels({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const [hasCatalog, setCatalog] = useState(false);
  const shown = shippedModels.find((name) => name === state.view.model) ?? "";
  return (
    <>
      <label class="networks">
        <span class={shown === "" ? "open-model is-own" : "open-model"}>
          <bdi>{state.model?.name}</bdi>
        </span>
        <select
          aria-label={texts.shipped}
          value={shown}
          onChange={({ currentTarget }) => {
            const name = currentTarget.value;
            if (name !== more) {
              void explorer.hand.openModel({ kind: "shipped", name });
              return;
            }
            currentTarget.value = shown;
            setCatalog(true);
          }}
        >
          <option value="" disabled>
            {texts.shipped}
          </option>
          {shippedModels.map((name: ShippedModel) => (
            <option key={name} value={name}>
              {texts.knows[name]}
            </option>
          ))}
          <option value={more}>{texts.catalogMore}</option>
        </select>
      </label>
      {hasCatalog && <CatalogDialog explorer={explorer} onClose={() => setCatalog(false)} />}
    </>
  );
}
