/** @file The photos of a plan: those that its objective compares with, and those that silent units start from. */
import { LimpidError } from "../../errors.ts";
import type { ObjectiveTerm } from "../../optvis/objective-terms.ts";
import type { Recipe } from "../../optvis/recipe.ts";
import type { JobContext } from "../context.ts";
import { photosAt, type PhotoRequest } from "./photos.ts";
import { readStartPhotos } from "./start-photos.ts";

/** What a recipe holds of photos. */
type RecordedPhotos = Pick<Recipe, "photos" | "startPhotos" | "range">;

/** The photos that an objective compares with, and those that silent units start from. */
export async function photosOfPlan(
  {
    terms,
    paths,
    ...asked
  }: Omit<PhotoRequest, "terms"> & {
    readonly terms: readonly ObjectiveTerm[] | undefined;
    readonly paths: readonly string[];
  },
  context: JobContext,
) {
  const compared = terms && (await photosAt(context.platform, { ...asked, terms }));
  const started = paths.length > 0 ? await readStartPhotos(paths, asked, context) : undefined;
  const isCompared = compared !== undefined && Object.keys(compared.digests).length > 0;
  const { range } = asked;
  const recorded: RecordedPhotos = {
    ...(isCompared ? { photos: compared.digests } : {}),
    ...(started ? { startPhotos: started.digests } : {}),
    ...(range && (isCompared || started) ? { range } : {}),
  };
  return {
    goal: compared?.photos,
    starts: started?.photos ?? [],
    recorded,
    notes: [...(compared?.notes ?? []), ...(started?.notes ?? [])],
  };
}

/** Throws `bad-option` if a photo is not the recipe's. */
export function requireSamePhotos(stored: RecordedPhotos, found: RecordedPhotos): void {
  const pathsOf = ({ photos, startPhotos }: RecordedPhotos) =>
    Object.entries({ ...photos, ...startPhotos });
  const read = new Map(pathsOf(found));
  for (const [path, sha256] of pathsOf(stored)) {
    if (read.get(path) === sha256) continue;
    throw new LimpidError(
      "bad-option",
      `recipe: the photo "${path}" must be the recipe's, got another one. put the recipe's there.`,
    );
  }
}
