/** @file The page: spine, middle, right; what is dropped on it, and its keys. */
import { useCallback, useEffect, useState } from "preact/hooks";
import type { Language } from "../parts/kept-settings.ts";
import { SettingsContext } from "../parts/settings.ts";
import { Announcer } from "./frame/announcer.tsx";
import { Doors } from "./files/doors.tsx";
import { droppedFiles } from "./files/dropped-files.ts";
import { ErrorBar } from "./frame/error-bar.tsx";
import type { Explorer } from "./explorer.ts";
import { FilesNotice } from "./files/files-notice.tsx";
import { later } from "./frame/later.tsx";
import { useKeys } from "./frame/keys.ts";
import { LayerStrip, type PaneProps } from "./layers/layer-strip.tsx";
import { PicturePane } from "./picture/picture-pane.tsx";
import { ProcessorChoicePane } from "./computing/processor-choice.tsx";
import { Sections, type Section } from "./frame/sections.tsx";
import { usePageTexts, useSaid } from "./frame/settings.tsx";
import { useSpokenSettings } from "./frame/spoken-settings.ts";
import { textsIn } from "./texts/languages.ts";
import { TopBar } from "./frame/top-bar.tsx";
import { UnitPane } from "./units/unit-pane.tsx";
import { WorkLine } from "./frame/work-line.tsx";

/** Few need it at first. */
const FolderDialog = later(
  "folder",
  async () => (await import("./folder/folder-dialog.tsx")).FolderDialog,
);
const HelpDialog = later("help", async () => (await import("./frame/help-dialog.tsx")).HelpDialog);
const StoryPane = later("story", async () => (await import("./story/story-pane.tsx")).StoryPane);

interface AppProps {
  readonly explorer: Explorer;
  /** Whose words are there. */
  readonly language: Language;
}

export function App({ explorer, language }: AppProps) {
  const [state, setState] = useState(explorer.state);
  const { settings, choose, isDark } = useSpokenSettings(explorer.store, language);
  const [hasHelp, setHelp] = useState(false);
  const [hasStory, setStory] = useState(false);
  const [hasFolder, setFolder] = useState(false);
  const [section, setSection] = useState<Section>("picture");
  const showUnits = useCallback(() => setSection("units"), []);
  const { isOver, handlers } = useDrop(explorer);
  const texts = textsIn(settings.language);
  useEffect(() => explorer.store.subscribe(() => setState(explorer.state)), [explorer]);
  useKeys(explorer, () => setHelp(true));
  return (
    <SettingsContext.Provider value={settings}>
      <div class="page" data-section={section} {...handlers}>
        <a class="skip" href="#picture" onClick={toPicture}>
          {texts.skip}
        </a>
        <TopBar
          explorer={explorer}
          state={state}
          settings={settings}
          isDark={isDark}
          hasStory={hasStory}
          onSettings={(chosen) => void choose(chosen)}
          onStory={() => setStory(!hasStory)}
          onFolder={() => setFolder(true)}
          onHelp={() => setHelp(true)}
        />
        <Doors explorer={explorer} />
        {hasStory && (
          <StoryPane
            explorer={explorer}
            state={state}
            onSection={setSection}
            onClose={() => setStory(false)}
          />
        )}
        <div class="notices">
          <ErrorBar explorer={explorer} state={state} />
          <FilesNotice explorer={explorer} state={state} />
        </div>
        <main class="panes">
          <LayerStrip explorer={explorer} state={state} onChosen={showUnits} />
          <PicturePane explorer={explorer} state={state} />
          <UnitPane explorer={explorer} state={state} />
        </main>
        <Foot explorer={explorer} state={state} />
        <WorkLine explorer={explorer} />
        <Sections shown={section} onShow={setSection} />
        <Announcer state={state} />
        {hasHelp && <HelpDialog explorer={explorer} onClose={() => setHelp(false)} />}
        {hasFolder && (
          <FolderDialog explorer={explorer} state={state} onClose={() => setFolder(false)} />
        )}
        {isOver && <div class="drop">{texts.drop}</div>}
      </div>
    </SettingsContext.Provider>
  );
}

/** The address holds the view, so a skip link may not change it. */
function toPicture(event: Event): void {
  event.preventDefault();
  document.getElementById("picture")?.focus();
}

/** Files that are held over the page, and dropped. */
function useDrop(explorer: Explorer) {
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const handlers = {
    // Where the page draws something else below the hand, this is all that is heard of it before the drop.
    onDragEnter: over,
    onDragOver: over,
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer) void explorer.files.take(droppedFiles(event.dataTransfer));
    },
  };
  return { isOver, handlers };
}

/** Where it computes, and what was assumed. */
function Foot({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const say = useSaid();
  const { model, picture, map } = state;
  // What is assumed of the picture is said of its maps, too.
  const all = [
    ...(model?.notes ?? []),
    ...(picture?.notes ?? []),
    ...(picture?.compared === undefined ? [] : [picture.compared]),
    ...(map?.notes ?? []),
  ];
  const notes = [...new Set(all)];
  return (
    <footer class="foot">
      <ProcessorChoicePane explorer={explorer} state={state} />
      {model?.threads === 1 && <span>{texts.oneThread}</span>}
      {notes.length > 0 && (
        <details>
          <summary>
            {texts.notes} ({notes.length})
          </summary>
          <ul>
            {notes.map((note) => (
              <li key={note} {...say(note)} />
            ))}
          </ul>
        </details>
      )}
    </footer>
  );
}
