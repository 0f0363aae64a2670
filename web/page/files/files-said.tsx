/** @file What is said of files and addresses, each in a sentence. */
import "./files-said.css";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { shownStart, type Absent } from "./shared-view.ts";
import type { Taken } from "./taken.ts";
import type { UnknownPart } from "../unknown-parts.ts";
import { usePageTexts } from "../frame/settings.tsx";

interface FilesSaidProps extends PaneProps {
  readonly absent: Absent | undefined;
}

export function FilesSaid({ explorer, state, absent }: FilesSaidProps) {
  const texts = usePageTexts();
  const { waiting, leftOut, taken, unknown, model } = state;
  const isLacking = waiting !== undefined && waiting.missing.length > 0;
  return (
    <div class={waiting && !isLacking ? "files-notice error" : "files-notice"} role="alert">
      {absent && <AbsentParts absent={absent} />}
      {waiting && !isLacking && <p class="reason">{waiting.reason}</p>}
      {isLacking && (
        <p class="missing">
          {texts.stillMissing} {quoted(waiting.missing)}. {texts.dropMissing}
        </p>
      )}
      {waiting && (
        <p>
          {isLacking ? texts.kept : texts.keptPerhaps} {quoted(waiting.names)}.
        </p>
      )}
      {leftOut.length > 0 && (
        <p class="left-out">
          {texts.leftOut} {quoted(leftOut)}.
        </p>
      )}
      {unknown.length > 0 && <UnknownParts parts={unknown} model={model?.name ?? ""} />}
      <TakenFiles taken={taken} />
      <button type="button" onClick={() => explorer.files.forget()}>
        {texts.forget}
      </button>
    </div>
  );
}

/** What an address names that there is not, in a sentence, and why where that is known. */
function UnknownParts({ parts, model }: { parts: readonly UnknownPart[]; model: string }) {
  const texts = usePageTexts();
  const said = parts.map(
    ({ part, said: value }) => `${texts.viewParts[part]} “${shownStart(value)}”`,
  );
  const reasons = new Set(parts.flatMap(({ reason }) => reason ?? []));
  return (
    <>
      <p class="unknown">
        {texts.leftOutOf} “{model}”: {listed(said, mostParts)}.
      </p>
      {[...reasons].map((reason) => (
        <p class="reason" lang="en" key={reason}>
          {reason}
        </p>
      ))}
    </>
  );
}

/** What files were taken for, a sentence each. */
function TakenFiles({ taken }: { readonly taken: Taken }) {
  const texts = usePageTexts();
  const { truth, asNames, packed, pictures, lookedAt } = taken;
  return (
    <>
      {truth.length > 0 && (
        <p class="taken-truth">
          {texts.takenTruth} {quoted(truth)}.
        </p>
      )}
      {asNames.length > 0 && (
        <p class="taken-names">
          {texts.takenNames} {quoted(asNames)}. {texts.takenNamesInstead}
        </p>
      )}
      {packed > 0 && (
        <p>
          {texts.leftPacked} {packed}.
        </p>
      )}
      {lookedAt < pictures && (
        <p>
          {texts.lookedAt} {lookedAt} / {pictures}.
        </p>
      )}
    </>
  );
}

/** What a shared address shows and is not here, in a sentence, and what is here in its place. */
function AbsentParts({ absent }: { readonly absent: Absent }) {
  const texts = usePageTexts();
  const { model, picture, lost, otherModel, otherPicture } = absent;
  const wanted = [
    ...(model === undefined ? [] : [`${texts.sharedModel} ${model}`]),
    ...(picture === undefined ? [] : [`${texts.sharedPicture} ${picture}`]),
  ];
  return (
    <p class="shared">
      {wanted.length > 0 && `${texts.sharedDrop} ${wanted.join(` ${texts.and} `)}.`}
      {lost !== undefined && ` ${lost} ${texts.sharedLost}`}
      {otherModel !== undefined && ` ${otherModel} ${texts.otherModel}`}
      {otherPicture !== undefined && ` ${otherPicture} ${texts.otherPicture}`}
    </p>
  );
}

const mostShown = 6;

/** Of an address, which may be made of nothing but parts that there are not. */
const mostParts = 20;

function quoted(names: readonly string[]): string {
  return listed(
    names.map((name) => `“${name}”`),
    mostShown,
  );
}

function listed(all: readonly string[], most: number): string {
  const more = all.length > most ? ` + ${all.length - most}` : "";
  return all.slice(0, most).join(", ") + more;
}
