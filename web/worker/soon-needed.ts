/** @file What most networks and pictures of one's own need until their first map, and those of the page do not. */

/**
 * Fetched while a network's file is read: each would else be waited for when its turn comes. What fails here is told by
 * whoever needs it.
 */
export function fetchSoonNeeded(): void {
  void Promise.allSettled([
    import("../../src/graph/normalize/rewrites.ts"),
    import("../../src/network/imagenet-classes.ts"),
    import("../../src/network/found-preprocessing.ts"),
    import("../../src/app/read-source.ts"),
    import("../../src/network/compare-preprocessings.ts"),
    import("../../src/app/comparison-note.ts"),
    import("../../src/autodiff/rules/others.ts"),
  ]);
}
