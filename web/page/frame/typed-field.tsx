/** @file A field whose text counts once it is typed, whatever is drawn meanwhile. */
import type { TargetedEvent } from "preact";
import { useState } from "preact/hooks";

interface TypedFieldProps {
  /** What counts now. */
  readonly text: string;
  /** Hears of what was typed when the field is left, or Enter pressed. */
  onText(text: string): void;
  /** Of whole numbers alone; else any text is taken. */
  readonly whole?: { readonly min: number; readonly max: number };
  readonly inputMode?: "decimal" | "text";
  readonly placeholder?: string;
}

/** A page that is drawn while somebody types would put back what counted before. */
export function TypedField({ text, onText, whole, ...others }: TypedFieldProps) {
  const [typed, setTyped] = useState<string>();
  const field = {
    ...others,
    value: typed ?? text,
    onInput: ({ currentTarget }: TargetedEvent<HTMLInputElement>) => setTyped(currentTarget.value),
    onChange: ({ currentTarget }: TargetedEvent<HTMLInputElement>) => {
      setTyped(undefined);
      onText(currentTarget.value);
    },
  };
  return whole ? <input {...field} {...whole} type="number" /> : <input {...field} type="text" />;
}
