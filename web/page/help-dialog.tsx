/** @file The page's keys, in a dialog that Esc closes. */
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { usePageTexts } from "./settings.tsx";
import "./help-dialog.css";

interface HelpDialogProps {
  readonly isOpen: boolean;
  onClose(): void;
}

export function HelpDialog({ isOpen, onClose }: HelpDialogProps) {
  const texts = usePageTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <header>
        <h2 id="help-title">{texts.help}</h2>
        <button type="button" class="quiet" aria-label={texts.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <table>
        <tbody>
          {texts.keyRows.map(([keys, what]) => (
            <tr key={keys}>
              <th scope="row">
                {keys.split(" ").map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </dialog>
  );
}
