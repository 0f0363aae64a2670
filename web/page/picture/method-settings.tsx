/** @file What can be set of a method: the options of its table, each as usual until it is given a value. */
import { defaultText, type OptionInfo } from "../../../src/wording/option.ts";
import { knownMethod } from "../computing/known-methods.ts";
import { settingsIn } from "../address.ts";
import { usePageTexts, useSaid } from "../frame/settings.tsx";
import { TypedField } from "../frame/typed-field.tsx";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { methodOf } from "../shown-choice.ts";
import "./method-settings.css";

/** Nothing for methods that have none. */
export function MethodSettingsPane({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const say = useSaid();
  const method = knownMethod(state, methodOf(state));
  const options = Object.entries(method?.options ?? {});
  if (options.length === 0) return null;
  const given = settingsIn(state.view.settings);
  const count = Object.keys(given).length;
  const set = (name: string, text: string) => {
    const { [name]: _, ...others } = given;
    void explorer.chooseSettings(text === "" ? others : { ...others, [name]: text });
  };
  return (
    <details class="method-settings">
      <summary>
        {texts.settings}
        {count > 0 && <span class="count"> ({count})</span>}
      </summary>
      <div class="fields" key={method!.name}>
        {options.map(([name, info]) => (
          <label key={name}>
            <span lang="en">{name}</span>
            <SettingField info={info} text={given[name] ?? ""} onText={(text) => set(name, text)} />
            <small {...say(info.description)} />
          </label>
        ))}
        <button
          type="button"
          disabled={count === 0}
          onClick={() => void explorer.chooseSettings({})}
        >
          {texts.asUsual}
        </button>
      </div>
    </details>
  );
}

interface SettingFieldProps {
  readonly info: OptionInfo;
  /** As the command takes it; empty where it is as usual. */
  readonly text: string;
  onText(text: string): void;
}

function SettingField({ info, text, onText }: SettingFieldProps) {
  const usual = useSaid()(defaultText(info)).children;
  if (info.kind === "flag") {
    return (
      <input
        type="checkbox"
        checked={text === "true"}
        onChange={(event) => onText(event.currentTarget.checked ? "true" : "")}
      />
    );
  }
  if (info.kind === "choice") {
    const others = info.choices.filter((name) => name !== usual);
    return (
      <select value={text} onChange={({ currentTarget }) => onText(currentTarget.value)}>
        <option value="">{usual}</option>
        {others.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    );
  }
  const mode = info.kind === "number" ? "decimal" : "text";
  return (
    <TypedField
      inputMode={mode}
      text={text}
      placeholder={usual}
      onText={(typed) => onText(typed.trim())}
    />
  );
}
