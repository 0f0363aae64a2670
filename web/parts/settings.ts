/** @file What a reader chooses for a whole page, for those parts of it that are told by it. */
import { createContext } from "preact";
import { useEffect, useState } from "preact/hooks";
import {
  dress,
  keepSettings,
  keptSettings,
  systemIsDark,
  type Language,
  type Settings,
} from "./kept-settings.ts";

export const SettingsContext = createContext<Settings>({ language: "en", theme: undefined });

/**
 * Kept and followed; without a choice of light or dark the system's is followed, whenever it changes. The page speaks
 * `language` until another is chosen, that of before where none is given.
 */
export function useSettings(language?: Language) {
  const [settings, setSettings] = useState(() => {
    const kept = keptSettings();
    return { ...kept, language: language ?? kept.language };
  });
  const [systemDark, setSystemDark] = useState(() => matchMedia(systemIsDark).matches);
  useEffect(() => {
    const system = matchMedia(systemIsDark);
    const onChange = () => setSystemDark(system.matches);
    system.addEventListener("change", onChange);
    return () => system.removeEventListener("change", onChange);
  }, []);
  useEffect(() => {
    dress(settings);
  }, [settings, systemDark]);
  const choose = (chosen: Partial<Settings>) => {
    keepSettings(chosen);
    setSettings((before) => ({ ...before, ...chosen }));
  };
  const isDark = settings.theme === undefined ? systemDark : settings.theme === "dark";
  return { settings, choose, isDark };
}
