/** @file The page's keys. */
import { Dialog } from "./dialog.tsx";
import type { Explorer } from "../explorer.ts";
import { usePageTexts } from "./settings.tsx";
import "./help-dialog.css";

interface HelpDialogProps {
  readonly explorer: Explorer;
  onClose(): void;
}

export function HelpDialog({ explorer, onClose }: HelpDialogProps) {
  const texts = usePageTexts();
  return (
    <Dialog explorer={explorer} title={texts.help} isBusy={false} onClose={onClose}>
      <table class="help">
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
    </Dialog>
  );
}
