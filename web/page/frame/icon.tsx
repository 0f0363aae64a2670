/** @file Small signs beside words: they say nothing that the words do not. */

/** Lines of a square of 24, drawn with a pen of 1.75. */
const lines = {
  network:
    "M5 6.5a2 2 0 1 0 0-.1M5 17.5a2 2 0 1 0 0-.1M19 12a2 2 0 1 0 0-.1M6.8 7.2 17.2 11.4M6.8 16.8 17.2 12.6",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3L20 17M15.5 9.2a1 1 0 1 0 0-.1",
  camera: "M4 8h3.2L9 5.5h6L16.8 8H20v11H4zM12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4",
  story: "M12 7c-2-1.6-5-2-8-1.6V18c3-.4 6 0 8 1.6 2-1.6 5-2 8-1.6V5.4C17 5 14 5.4 12 7zm0 0v12.4",
  sun: "M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  question: "M9 9a3 3 0 1 1 4.6 2.5c-1 .7-1.6 1.2-1.6 2.5M12 17.6v.1",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  close: "M6 6l12 12M18 6 6 18",
  train: "M4 19.5h16M4 19.5V5M7 16c3-.5 4-8 6.500-9.500C15.500 5.500 17.500 5.200 20 5",
  layers: "M12 4 3.5 8.5 12 13l8.5-4.5zM3.5 12.5 12 17l8.5-4.5M3.5 16.2 12 20.7l8.5-4.5",
  channels: "M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h6v6h-6z",
} as const;

export type IconName = keyof typeof lines;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={lines[name]} />
    </svg>
  );
}
