/** @file Starts the site: its data come in by a door that scripts call, the index first. */
import "../parts/base.css";
import "./site.css";
import { render } from "preact";
import { showLettersAlone } from "../parts/shown-letters.ts";
import { dress, keptSettings } from "../parts/kept-settings.ts";
import { App } from "./app.tsx";
import { AtlasData, type AtlasDoor } from "./atlas-data.ts";
import { languages } from "./texts.ts";

declare global {
  interface Window {
    limpidAtlas: AtlasDoor;
  }
}

let data: AtlasData | undefined;

window.limpidAtlas = {
  index: (index) => {
    data = new AtlasData(index);
    const place = document.getElementById("page")!;
    place.textContent = "";
    render(<App data={data} />, place);
  },
  units: (folder, units) => data?.units.give(folder, units),
  cells: (folder, cells) => data?.cells.give(folder, cells),
  labels: (labels) => data?.giveLabels(labels),
  views: (views) => data?.giveViews(views),
};

showLettersAlone();
// Before anything is painted, so that dark pages do not flash.
dress(keptSettings());

addEventListener("DOMContentLoaded", () => {
  if (data) return;
  const place = document.getElementById("page")!;
  place.textContent = languages[keptSettings().language].noIndex;
});
