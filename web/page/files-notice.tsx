/** @file Files that wait for others, and those that were left out, each in a sentence. */
import "./files-notice.css";
import type { PaneProps } from "./layer-strip.tsx";
import { usePageTexts } from "./settings.tsx";

export function FilesNotice({ explorer, state: { waiting, leftOut } }: PaneProps) {
  const texts = usePageTexts();
  if (!waiting && leftOut.length === 0) return null;
  const isLacking = waiting !== undefined && waiting.missing.length > 0;
  return (
    <div class={waiting && !isLacking ? "files-notice error" : "files-notice"} role="alert">
      {waiting && !isLacking && <p class="reason">{waiting.reason}</p>}
      {isLacking && (
        <p class="missing">
          {texts.stillMissing} {quoted(waiting.missing)}. {texts.dropMissing}
        </p>
      )}
      {waiting && (
        <p>
          {texts.kept} {quoted(waiting.names)}.
        </p>
      )}
      {leftOut.length > 0 && (
        <p class="left-out">
          {texts.leftOut} {quoted(leftOut)}.
        </p>
      )}
      <button type="button" onClick={() => explorer.forgetFiles()}>
        {texts.forget}
      </button>
    </div>
  );
}

const mostShown = 6;

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, mostShown).map((name) => `“${name}”`);
  const more = names.length > mostShown ? ` + ${names.length - mostShown}` : "";
  return shown.join(", ") + more;
}
