/** @file What few readers open first, as a script of its own that is loaded when one of these is opened: views of layers, units of classes, the keys. */
import { render } from "preact";
import { SettingsContext } from "../../parts/settings.ts";
import { showLettersAlone } from "../../parts/shown-letters.ts";
import { AtlasContext } from "../atlas-context.ts";
import type { DrawnView, ShownView } from "../atlas-data.ts";
import { CellAtlas } from "./cell-atlas.tsx";
import { CaricatureView } from "./caricature-view.tsx";
import { ClassUnits } from "./class-units.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { labelledUnits } from "./labelled-units.ts";
import { UnitMap } from "./unit-map.tsx";
import { UnitMore } from "./unit-more.tsx";

// A script of its own draws by itself.
showLettersAlone();
window.limpidAtlas.views({
  draw: (element, { atlas, settings, shown }: DrawnView) =>
    render(
      <SettingsContext.Provider value={settings}>
        <AtlasContext.Provider value={atlas}>
          <Shown shown={shown} />
        </AtlasContext.Provider>
      </SettingsContext.Provider>,
      element,
    ),
  end: (element) => render(null, element),
  labelled: labelledUnits,
});

function Shown({ shown }: { readonly shown: ShownView }) {
  switch (shown.view) {
    case "class":
      return <ClassUnits key={shown.number} number={shown.number} />;
    case "unit":
      return <UnitMore layer={shown.layer} units={shown.units} unit={shown.unit} />;
    case "help":
      return <HelpDialog onClose={shown.onClose} />;
    case "caricature":
      return <CaricatureView layer={shown.layer} units={shown.units} />;
    case "cells":
      return <CellAtlas key={shown.layer.folder} layer={shown.layer} />;
    case "map": {
      const { layer, units, unit, onPoint } = shown;
      return <UnitMap layer={layer} units={units} unit={unit} onPoint={onPoint} />;
    }
  }
}
