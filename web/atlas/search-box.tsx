/** @file The search: a field with a list of what its words and numbers mean. */
import type { RefObject } from "preact";
import { useContext, useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { addressOf, layerAddress, unitAddress } from "./address.ts";
import { SettingsContext } from "../parts/settings.ts";
import { useAtlas } from "./atlas-context.ts";
import type { AtlasData } from "./atlas-data.ts";
import { search, type Found } from "./search.ts";
import { counted, useTexts } from "./texts.ts";
import "./search-box.css";

export function SearchBox({ current }: { readonly current: string | undefined }) {
  const texts = useTexts();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const { query, isOpen, found, chosen, setQuery, setOpen, setChosen, go, onKeyDown } = useSearch(
    current,
    field,
  );
  const hasList = isOpen && found.length > 0;
  return (
    <div class="search" role="search">
      <input
        id="search"
        ref={field}
        type="search"
        role="combobox"
        list={undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder={texts.search}
        aria-label={texts.search}
        aria-expanded={hasList}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(hasList ? { "aria-activedescendant": `${id}-${chosen}` } : {})}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <FoundList
        id={id}
        found={hasList ? found : []}
        chosen={chosen}
        onPoint={setChosen}
        onChoose={go}
      />
      {isOpen && query.trim() !== "" && found.length === 0 && (
        <p class="found none" role="status">
          {texts.nothingFound}
        </p>
      )}
    </div>
  );
}

/** What is typed, what it finds, which of that is chosen, and how it is gone to. */
function useSearch(current: string | undefined, field: RefObject<HTMLInputElement | null>) {
  const atlas = useAtlas();
  const { index } = atlas;
  const settings = useContext(SettingsContext);
  const [query, setText] = useState("");
  const [labelled, setLabelled] = useState<Awaited<ReturnType<AtlasData["labelled"]>>>();
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  // What units are called by is loaded when somebody is about to search.
  useEffect(() => {
    if (isOpen) void atlas.labelled().then((find) => setLabelled(() => find));
  }, [atlas, isOpen]);
  const found = useMemo(() => {
    const byName = search(index, query, current);
    const byLabel = labelled?.(query, settings) ?? [];
    const known = new Set(byName.map(addressOfFound));
    return [...byName, ...byLabel.filter((each) => !known.has(addressOfFound(each)))];
  }, [index, query, current, labelled, settings]);
  const setQuery = (text: string) => {
    setText(text);
    setChosen(0);
    setOpen(true);
  };
  const leave = () => {
    setOpen(false);
    field.current?.blur();
  };
  const go = (to: Found | undefined) => {
    if (!to) return;
    location.hash = addressOfFound(to);
    setQuery("");
    leave();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.key === "Enter") go(found[chosen]);
    else if (event.key === "Escape") leave();
    else if (step !== undefined && found.length > 0)
      setChosen((chosen + step + found.length) % found.length);
    else return;
    event.preventDefault();
  };
  return { query, isOpen, found, chosen, setQuery, setOpen, setChosen, go, onKeyDown };
}

interface FoundListProps {
  readonly id: string;
  readonly found: readonly Found[];
  readonly chosen: number;
  onPoint(number: number): void;
  onChoose(found: Found): void;
}

function FoundList({ id, found, chosen, onPoint, onChoose }: FoundListProps) {
  const texts = useTexts();
  return (
    <div
      id={`${id}-list`}
      class="found"
      hidden={found.length === 0}
      role="listbox"
      aria-label={texts.search}
    >
      {found.map((each, i) => (
        <div
          key={addressOfFound(each)}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === chosen}
          onPointerEnter={() => onPoint(i)}
          onPointerDown={(event) => {
            // The field would lose the focus, and the list would be gone before the click.
            event.preventDefault();
          }}
          onClick={() => onChoose(each)}
        >
          <FoundLine found={each} />
        </div>
      ))}
    </div>
  );
}

function FoundLine({ found }: { readonly found: Found }) {
  const texts = useTexts();
  if (found.kind === "class")
    return (
      <>
        <span class="what">{texts.class}</span> {found.name}{" "}
        <span class="number">{found.number}</span>
      </>
    );
  const { layer } = found;
  if (found.kind === "layer")
    return (
      <>
        <span class="what">{texts.layer}</span> {layer.name}{" "}
        <span class="number">{counted(texts, layer.channels, "Unit")}</span>
      </>
    );
  return (
    <>
      <span class="what">{texts.unit}</span>
      <span>
        <strong>{found.unit}</strong> {layer.name}
      </span>
      {found.label !== undefined && <span class="number">{found.label}</span>}
    </>
  );
}

function addressOfFound(found: Found): string {
  if (found.kind === "class") return addressOf({ kind: "class", number: found.number });
  const { folder } = found.layer;
  return found.kind === "layer" ? layerAddress(folder) : unitAddress(folder, found.unit);
}
