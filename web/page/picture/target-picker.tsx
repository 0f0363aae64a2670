/** @file Says what is explained; the fields by which something else is chosen come when they are first opened. */
import { useState } from "preact/hooks";
import { later } from "../frame/later.tsx";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts, useSaid } from "../frame/settings.tsx";
import "./target-picker.css";

const ExplainedFields = later(
  "whatIsExplained",
  async () => (await import("./explained-fields.tsx")).ExplainedFields,
);

export function TargetPicker({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const say = useSaid();
  const [isOpen, setOpen] = useState(false);
  // What was typed stays when they are closed.
  const [wasOpen, setWasOpen] = useState(false);
  const { map } = state;
  const show = (shown: boolean) => {
    setOpen(shown);
    if (shown) setWasOpen(true);
  };
  return (
    <details
      class="target"
      open={isOpen}
      onToggle={({ currentTarget }) => show(currentTarget.open)}
    >
      <summary>
        {texts.whatIsExplained}
        {map && (
          <>
            : <strong {...say(map.heading)} />
          </>
        )}
      </summary>
      {wasOpen && (
        <ExplainedFields
          explorer={explorer}
          state={state}
          onClose={() => {
            setOpen(false);
            setWasOpen(false);
          }}
        />
      )}
    </details>
  );
}
