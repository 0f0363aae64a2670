/** @file The page: what stands above, and what the address says below. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { SettingsContext, useSettings } from "../parts/settings.ts";
import { isolatedText } from "../../src/wording/isolated-text.ts";
import { shownText } from "../../src/wording/shown-text.ts";
import { placeOf, type Place } from "./address.ts";
import { AtlasContext } from "./atlas-context.ts";
import type { AtlasData } from "./atlas-data.ts";
import { ClassPage } from "./class-page.tsx";
import { isTyping, useKeys } from "./keys.ts";
import { LayerPage } from "./layer-page.tsx";
import { LazyView } from "./lazy-view.tsx";
import { NetworkPage } from "./network-page.tsx";
import { NothingHere } from "./nothing-here.tsx";
import { languages } from "./texts.ts";
import { TopBar } from "./top-bar.tsx";
import { UnitPage } from "./unit-page.tsx";
import { Visits } from "./visits.ts";

export function App({ data }: { readonly data: AtlasData }) {
  const { settings, choose, isDark } = useSettings();
  const [hasHelp, setHelp] = useState(false);
  const visits = useMemo(() => new Visits(), []);
  const [place, hasMoved] = usePlace(visits);
  const keyed = useMemo(() => ({ data, visits, onHelp: () => setHelp(true) }), [data, visits]);
  const texts = languages[settings.language];
  useKeys(keyed);
  useEffect(() => {
    document.title = titleOf(data, place, texts.unit);
    if (hasMoved) arrive(place, visits.layer);
  }, [data, place, hasMoved, texts, visits]);
  return (
    <SettingsContext.Provider value={settings}>
      <AtlasContext.Provider value={data}>
        <a class="skip" href="#main" onClick={skip}>
          {texts.skip}
        </a>
        <TopBar
          settings={settings}
          isDark={isDark}
          onSettings={choose}
          onHelp={() => setHelp(true)}
          current={"folder" in place ? place.folder : undefined}
        />
        <main id="main" tabIndex={-1}>
          <Content data={data} place={place} visits={visits} hasMoved={hasMoved} />
        </main>
        {hasHelp && <LazyView shown={{ view: "help", onClose: () => setHelp(false) }} />}
      </AtlasContext.Provider>
    </SettingsContext.Provider>
  );
}

interface ContentProps {
  readonly data: AtlasData;
  readonly place: Place;
  readonly visits: Visits;
  readonly hasMoved: boolean;
}

function Content({ data, place, visits, hasMoved }: ContentProps) {
  if (place.kind === "network") return <NetworkPage />;
  if (place.kind === "class") {
    const name = data.index.classes?.[place.number];
    if (name === undefined) return <NothingHere reason="noClass" />;
    return <ClassPage key={place.number} number={place.number} name={name} />;
  }
  const layer = data.layer(place.folder);
  if (!layer) return <NothingHere reason="noLayer" />;
  if (place.kind === "layer") {
    return (
      <LayerPage
        key={layer.folder}
        layer={layer}
        place={place}
        start={visits.unitOf(layer.folder)}
        takesFocus={hasMoved}
      />
    );
  }
  if (place.unit >= layer.channels) return <NothingHere reason="noUnit" layer={layer} />;
  return <UnitPage layer={layer} unit={place.unit} above={visits.layerAddress(layer.folder)} />;
}

/** Where the reader is, and whether that has changed since the page was opened. */
function usePlace(visits: Visits): readonly [place: Place, hasMoved: boolean] {
  const [at, setAt] = useState(() => ({ place: placeOf(location.hash), hasMoved: false }));
  useEffect(() => {
    // Each page is built anew, so the browser cannot know where it was scrolled to.
    history.scrollRestoration = "manual";
    visits.note(placeOf(location.hash));
    const onMove = ({ newURL }: HashChangeEvent) => {
      const place = placeOf(new URL(newURL).hash);
      visits.note(place);
      setAt({ place, hasMoved: true });
    };
    addEventListener("hashchange", onMove);
    return () => removeEventListener("hashchange", onMove);
  }, [visits]);
  return [at.place, at.hasMoved];
}

/** The focus goes where the reader came from, else to the heading; a layer's sheet takes it by itself. */
function arrive(place: Place, from: string | undefined): void {
  if (isTyping()) return;
  const row =
    place.kind === "network" && from !== undefined
      ? document.querySelector<HTMLElement>(`[data-layer="${CSS.escape(from)}"]`)
      : null;
  if (row) {
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center" });
    return;
  }
  if (place.kind === "layer" && place.view === undefined) return;
  scrollTo(0, 0);
  document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}

/** The address is a place of the atlas, so a link inside the page may not change it. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function titleOf(data: AtlasData, place: Place, unit: string): string {
  const { network, classes } = data.index;
  const layer = "folder" in place ? data.layer(place.folder)?.name : undefined;
  const parts = [
    place.kind === "unit" ? `${unit} ${place.unit}` : undefined,
    place.kind === "class" ? classes?.[place.number] : layer,
    network,
  ];
  return parts
    .flatMap((part) => (part === undefined ? [] : [isolatedText(shownText(part))]))
    .join(" · ");
}
