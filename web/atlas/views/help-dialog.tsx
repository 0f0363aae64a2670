/** @file The keys, in front of the page. */
import { useEffect, useRef } from "preact/hooks";
import { useTexts } from "../texts.ts";
import { useViewTexts } from "./view-texts.ts";
import "./help-dialog.css";

export function HelpDialog({ onClose }: { onClose(): void }) {
  const { help: title } = useTexts();
  const texts = useViewTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const rows: readonly (readonly [keys: readonly string[], text: string])[] = [
    [[texts.arrows], texts.keysMove],
    [["←", "→"], texts.keysUnits],
    [["Esc"], texts.keysUp],
    [["[", "]"], texts.keysLayer],
    [["/", "Ctrl F"], texts.keysSearch],
    [["?"], texts.keysHelp],
  ];
  return (
    <dialog class="help" ref={dialog} onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">{title}</h2>
      <dl>
        {rows.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="primary" onClick={() => dialog.current?.close()}>
        {texts.close}
      </button>
    </dialog>
  );
}
