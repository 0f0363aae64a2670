/** @file A window over the page, for work that needs all of it: Esc stops what is computed, then closes. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import "./dialog.css";
import type { Explorer } from "../explorer.ts";
import { Icon } from "./icon.tsx";
import { usePageTexts } from "./settings.tsx";

/** Browsers let a page keep a dialog open only once or twice, so Esc is heard as a key before it closes anything. */
function useEscape(isBusy: boolean, onStop: () => void): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !isBusy) return;
      event.preventDefault();
      event.stopPropagation();
      onStop();
    };
    addEventListener("keydown", onKey, { capture: true });
    return () => removeEventListener("keydown", onKey, { capture: true });
  }, [isBusy, onStop]);
}

interface DialogProps {
  readonly explorer: Explorer;
  readonly title: string;
  /** Whether it computes something that Esc has to stop before it closes. */
  readonly isBusy: boolean;
  readonly children: ComponentChildren;
  /** What Esc does while it computes; by default all is stopped. */
  onStop?(): void;
  onClose(): void;
}

export function Dialog({
  explorer,
  title,
  isBusy,
  children,
  onStop = () => explorer.stop(),
  onClose,
}: DialogProps) {
  const texts = usePageTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  useEscape(isBusy, onStop);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        if (!isBusy) return;
        event.preventDefault();
        onStop();
      }}
      onClose={onClose}
    >
      <div class="dialog-bar">
        <h2 id="dialog-title">{title}</h2>
        <button
          type="button"
          class="quiet"
          aria-label={texts.close}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      {children}
    </dialog>
  );
}
