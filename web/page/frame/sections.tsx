/** @file Where the page is one column: which of its three parts is seen. */
import { Icon, type IconName } from "./icon.tsx";
import { usePageTexts } from "./settings.tsx";
import "./sections.css";

const sections = ["layers", "picture", "units"] as const;
export type Section = (typeof sections)[number];

const icons: Readonly<Record<Section, IconName>> = {
  layers: "layers",
  picture: "picture",
  units: "channels",
};

interface SectionsProps {
  readonly shown: Section;
  onShow(section: Section): void;
}

export function Sections({ shown, onShow }: SectionsProps) {
  const texts = usePageTexts();
  return (
    <nav class="sections" aria-label={texts.sections}>
      {sections.map((section) => (
        <button
          key={section}
          type="button"
          data-section={section}
          aria-current={section === shown}
          onClick={() => onShow(section)}
        >
          <Icon name={icons[section]} />
          {texts.sectionNames[section]}
        </button>
      ))}
    </nav>
  );
}
