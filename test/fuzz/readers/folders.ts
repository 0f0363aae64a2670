/** @file Readers of folders of results that work goes on in: pictures that were maximised, sections of a study and its page. */
import type { JobContext } from "../../../src/app/context.ts";
import { jobPlatform } from "../../../src/app/job-platform.ts";
import { MaximizeFolder } from "../../../src/app/maximize/folder.ts";
import { memoryPlatform, type MemoryPlatform } from "../../../src/app/memory-platform.ts";
import { digestText } from "../../../src/graph/digest.ts";
import { parseRecipe } from "../../../src/optvis/recipe.ts";
import { reportPage } from "../../../src/report/page.ts";
import type { Section } from "../../../src/report/record.ts";
import type { PartPlan, SectionPlan } from "../../../src/report/section.ts";
import { finishedSection } from "../../../src/study/sections.ts";
import { libraryWords } from "../../../src/wording/face.ts";
import { readJson } from "../../../src/wording/read-json.ts";
import { bytesOf, corpusOf, textOf } from "../corpus.ts";
import { mutateJson } from "../mutations/json.ts";
import type { Reader } from "../reader.ts";

const recipeText = textOf(corpusOf("recipe")[0]!);

const sectionPath = "out/sections/mnist-units.json";

const plan: SectionPlan = {
  name: "units",
  title: "Units",
  recipe: "units",
  effort: 1,
  make: async () => ({
    paragraphs: ["A unit's picture is the input that excites it most."],
    figures: [
      {
        id: "units",
        title: "Units",
        cells: [
          {
            picture: { widthPx: 2, heightPx: 2, channels: 1, data: new Uint8Array(4) },
            alt: "a digit",
            title: "0",
            notes: ["faint"],
            enlarge: "squares",
          },
        ],
        columns: 1,
        charts: [
          {
            kind: "lines",
            title: "Curves",
            alt: "a curve",
            x: "place",
            y: "share",
            series: [
              {
                label: "all",
                points: [
                  { x: "a", y: 1 },
                  { x: "b", y: 2 },
                ],
              },
            ],
          },
        ],
        floats: [],
        sees: "One sees a digit.",
        recipe: "Made so.",
        seed: 1,
        warnings: ["none"],
      },
    ],
    tables: [{ title: "Table", head: ["a", "b"], rows: [["1", "2"]] }],
    claims: [{ text: "It is 1.", measures: [{ name: "it", value: 1, unit: "px", shown: "1" }] }],
    series: { it: [1, 2] },
  }),
};

const part: PartPlan = {
  name: "mnist",
  title: "Digits",
  lead: "What?",
  sources: [],
  sections: [plan],
};

function contextOf(platform: MemoryPlatform): JobContext {
  return {
    platform: jobPlatform(platform),
    signal: { aborted: false },
    offline: true,
    words: libraryWords,
  };
}

/** The section as the study finds or makes it, and whether it was made. */
async function sectionOn(
  platform: MemoryPlatform,
): Promise<{ readonly section: Section; readonly isMade: boolean }> {
  let isMade = false;
  const watched: SectionPlan = {
    ...plan,
    make: (tools) => {
      isMade = true;
      return plan.make(tools);
    },
  };
  const surroundings = { folder: "out", seed: 0, earlier: [], report: () => {} };
  const section = await finishedSection(part, watched, surroundings, contextOf(platform));
  return { section, isMade };
}

async function keptSection(): Promise<ReadonlyMap<string, Uint8Array>> {
  const platform = memoryPlatform();
  await sectionOn(platform);
  return platform.written;
}

/** As a stranger would: with the digest of what the text says now. */
async function withDigest(text: string): Promise<string> {
  const read = readJson(text);
  if ("fault" in read || typeof read.value !== "object" || read.value === null) return text;
  const { section, charts } = read.value as { section?: unknown; charts?: unknown };
  const told = JSON.stringify([section, charts], (name, value: unknown) =>
    name === "seconds" ? undefined : value,
  );
  return JSON.stringify({ ...read.value, digest: await digestText(told) });
}

async function pageOf(section: Section, platform: MemoryPlatform): Promise<string> {
  const chart = (file: string) => textOf(platform.written.get(`out/${file}`) ?? new Uint8Array());
  const machine = { processor: "one", cores: 1, memoryBytes: 1, system: "one" };
  const study = {
    study: "limpid study",
    title: "Study",
    seed: 0,
    quick: true,
    machine,
    versions: {},
  } as const;
  return reportPage({ ...study, parts: [{ ...part, sections: [section] }] }, chart);
}

export const folderReaders: readonly Reader[] = [
  {
    name: "maximized-folder",
    share: 3,
    seeds: () => corpusOf("results"),
    mutate: mutateJson,
    read: async (bytes) => {
      const pictures = ["conv/channel-0003.png", "conv/channel-0003.npy"].map((name) => [
        `out/${name}`,
        "x",
      ]);
      const files = {
        ...Object.fromEntries(pictures),
        "out/recipe.json": recipeText,
        "out/results.json": bytes,
      };
      const platform = memoryPlatform({ files: files as Record<string, string | Uint8Array> });
      const recipe = parseRecipe(recipeText, "recipe.json");
      const folder = await MaximizeFolder.open(jobPlatform(platform), "out", recipe);
      return folder.results.length > 0;
    },
  },
  {
    name: "study-section",
    share: 1.5,
    seeds: async () => [(await keptSection()).get(sectionPath)!],
    mutate: mutateJson,
    read: async (bytes, { number }) => {
      const given = number % 4 === 0 ? textOf(bytes) : await withDigest(textOf(bytes));
      const files = { ...Object.fromEntries(await kept), [sectionPath]: bytesOf(given) };
      const platform = memoryPlatform({ files });
      const { section, isMade } = await sectionOn(platform);
      if (!isMade) await pageOf(section, platform);
      return !isMade;
    },
  },
];

const kept = keptSection();
