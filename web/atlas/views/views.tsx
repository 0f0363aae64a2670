/** @file What a layer's page shows beside its sheet, as a script of its own that is loaded when one of them is opened. */
import { render } from "preact";
import { SettingsContext } from "../../parts/settings.ts";
import { AtlasContext } from "../atlas-context.ts";
import type { DrawnView } from "../atlas-data.ts";
import { UnitMap } from "./unit-map.tsx";

window.limpidAtlas.views({
  draw: (element, { atlas, settings, ...props }: DrawnView) =>
    render(
      <SettingsContext.Provider value={settings}>
        <AtlasContext.Provider value={atlas}>
          <UnitMap {...props} />
        </AtlasContext.Provider>
      </SettingsContext.Provider>,
      element,
    ),
  end: (element) => render(null, element),
});
