/** @file A class, one against another, a channel of a layer, or a part of the picture: what can be explained. */
import { useMemo, useState } from "preact/hooks";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { RegionFields } from "./region-fields.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { targetOfChoice, type TargetChoice } from "./target-choice.ts";

export function ExplainedFields({ explorer, state }: PaneProps) {
  return (
    <>
      <TargetFields explorer={explorer} state={state} />
      {state.picture && <RegionFields explorer={explorer} state={state} />}
    </>
  );
}

function TargetFields({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const [kind, setKind] = useState<TargetChoice["kind"]>("class");
  const [plus, setPlus] = useState("");
  const [minus, setMinus] = useState("");
  const { channels, view, model } = state;
  // A thousand names are looked at again only where they changed.
  const classes = useMemo(() => <ClassNames names={model?.classes ?? []} />, [model?.classes]);
  const choice: TargetChoice =
    kind === "unit"
      ? { kind, layer: channels?.layer ?? "", channel: view.channel ?? 0 }
      : { kind, plus, minus };
  const target = kind === "unit" && !channels ? undefined : targetOfChoice(choice, model?.classes);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (target !== undefined) void explorer.chooseTarget(target);
      }}
    >
      <label>
        <span>{texts.explainKind}</span>
        <select
          value={kind}
          onChange={({ currentTarget }) => setKind(currentTarget.value as TargetChoice["kind"])}
        >
          <option value="class">{texts.oneClass}</option>
          <option value="difference">{texts.oneAgainst}</option>
          <option value="unit">{texts.chosenChannel}</option>
        </select>
      </label>
      {kind !== "unit" && <ClassField text={texts.speaksFor} value={plus} onChange={setPlus} />}
      {kind === "difference" && (
        <ClassField text={texts.notFor} value={minus} onChange={setMinus} />
      )}
      {kind === "unit" && channels && (
        <p class="hint">
          {channels.layer}, {texts.unit} {view.channel ?? 0}
        </p>
      )}
      {kind !== "unit" && (
        <p class="hint">
          {texts.howToName}
          {kind === "difference" && ` ${texts.mustDiffer}`}
        </p>
      )}
      {classes}
      <button type="submit" disabled={target === undefined}>
        {texts.explainThis}
      </button>
    </form>
  );
}

function ClassNames({ names }: { readonly names: readonly string[] }) {
  return (
    <datalist id="classes">
      {names.map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}

interface ClassFieldProps {
  readonly text: string;
  readonly value: string;
  onChange(value: string): void;
}

function ClassField({ text, value, onChange }: ClassFieldProps) {
  const texts = usePageTexts();
  return (
    <label>
      <span>{text}</span>
      <input
        list="classes"
        placeholder={texts.nameOrNumber}
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}
