/** @file Of what folder of pictures the corpus's record is. */
import type { SetPlan } from "../../../src/activations/set-record.ts";

export const setPlan: SetPlan = {
  layers: [
    { name: "conv", dims: [1, 2, 3, 3] },
    { name: "logits", dims: [1, 4] },
  ],
  pictures: 5,
  k: 2,
  pooled: [0, 3],
};

export const setRecipe = "recipe";
