/** @file What a door says: its sign, its name, and what may come through it. */
import { Icon, type IconName } from "./icon.tsx";

interface DoorWordsProps {
  readonly icon: IconName;
  readonly title: string;
  readonly hint: string;
}

export function DoorWords({ icon, title, hint }: DoorWordsProps) {
  return (
    <>
      <Icon name={icon} />
      <span class="title">{title}</span>
      <small class="hint">{hint}</small>
    </>
  );
}
