/** @file The guided story: nine steps through what a network has learned, each of which sets the page. */
import type { Explorer } from "./explorer.ts";
import type { Language } from "./kept-settings.ts";
import type { Section } from "./sections.tsx";

/** A step; its work sets the page to what the text speaks of. */
export interface StoryStep {
  /** The part of the page that the text speaks of. */
  readonly section: Section;
  readonly texts: Readonly<Record<Language, { readonly title: string; readonly text: string }>>;
  show(explorer: Explorer): Promise<void>;
}

const pets = { kind: "shipped", name: "pets" } as const;
const mnist = { kind: "shipped", name: "mnist" } as const;

/** Opens a network unless it is open, so that going back and forth is quick. */
async function withNetwork(explorer: Explorer, network: typeof pets | typeof mnist): Promise<void> {
  if (explorer.state.view.model !== network.name || !explorer.state.model) {
    await explorer.openModel(network);
  }
}

async function atLayer(explorer: Explorer, part: string): Promise<void> {
  await withNetwork(explorer, pets);
  const layer = explorer.state.model?.layers.find(({ name }) => name.includes(part));
  if (layer) await explorer.chooseLayer(layer.name);
}

async function byMethod(explorer: Explorer, method: string): Promise<void> {
  await withNetwork(explorer, pets);
  await explorer.chooseTarget("top");
  await explorer.chooseMethod(method);
}

export const story: readonly StoryStep[] = [
  {
    section: "picture",
    texts: {
      en: {
        title: "A network and a picture",
        text: "This small network learned from 4,000 drawn faces to tell cats from dogs. It sees nothing but the numbers of the pixels.",
      },
      de: {
        title: "Ein Netz und ein Bild",
        text: "Dieses kleine Netz hat an 4.000 gezeichneten Gesichtern gelernt, Katzen von Hunden zu unterscheiden. Es sieht nichts als die Zahlen der Pixel.",
      },
    },
    show: (explorer) => withNetwork(explorer, pets),
  },
  {
    section: "picture",
    texts: {
      en: {
        title: "Its answer",
        text: "Below the picture stands what it answers. The numbers are probabilities that the network gives itself; they are no promise that it is right.",
      },
      de: {
        title: "Seine Antwort",
        text: "Unter dem Bild steht, was es antwortet. Die Zahlen sind Wahrscheinlichkeiten, die das Netz sich selbst gibt; dass es recht hat, versprechen sie nicht.",
      },
    },
    show: (explorer) => byMethod(explorer, "grad-cam"),
  },
  {
    section: "units",
    texts: {
      en: {
        title: "The first layer",
        text: "Each square is one channel: one pattern, looked for everywhere in the picture. In the first layer these are edges and colours. Bright means found.",
      },
      de: {
        title: "Die erste Schicht",
        text: "Jedes Quadrat ist ein Kanal: ein Muster, das überall im Bild gesucht wird. In der ersten Schicht sind das Kanten und Farben. Hell heißt gefunden.",
      },
    },
    show: (explorer) => atLayer(explorer, "conv1"),
  },
  {
    section: "units",
    texts: {
      en: {
        title: "What excites a channel?",
        text: "Turned around: start from noise, and change the picture step by step until the channel says as much as it can. What appears is what it looks for.",
      },
      de: {
        title: "Was regt einen Kanal an?",
        text: "Umgekehrt: Man beginnt mit Rauschen und ändert das Bild Schritt für Schritt, bis der Kanal so viel sagt, wie er kann. Was erscheint, ist das, wonach er sucht.",
      },
    },
    show: async (explorer) => {
      await atLayer(explorer, "conv2");
      await explorer.chooseChannel(1);
      await explorer.maximize();
    },
  },
  {
    section: "units",
    texts: {
      en: {
        title: "Deeper",
        text: "Deeper layers put together what the layers before them found. Their maps are smaller, and what excites them looks like parts: an ear, an eye, a muzzle.",
      },
      de: {
        title: "Tiefer",
        text: "Tiefere Schichten setzen zusammen, was die vor ihnen gefunden haben. Ihre Karten sind kleiner, und was sie anregt, sieht aus wie Teile: ein Ohr, ein Auge, eine Schnauze.",
      },
    },
    show: async (explorer) => {
      await atLayer(explorer, "conv4");
      await explorer.chooseChannel(2);
      await explorer.maximize();
    },
  },
  {
    section: "layers",
    texts: {
      en: {
        title: "Zeros",
        text: "On the left stands which share of each layer's numbers is zero. The deeper, the fewer channels speak, and the less their maps look like the picture.",
      },
      de: {
        title: "Nullen",
        text: "Links steht, welcher Anteil der Zahlen jeder Schicht null ist. Je tiefer, desto weniger Kanäle sprechen, und desto weniger gleichen ihre Karten dem Bild.",
      },
    },
    show: (explorer) => atLayer(explorer, "pool4"),
  },
  {
    section: "picture",
    texts: {
      en: {
        title: "Where did it look?",
        text: "Grad-CAM colours the places whose activity raised the answer. Choose the other animal below the picture: the colours move.",
      },
      de: {
        title: "Wohin hat es gesehen?",
        text: "Grad-CAM färbt die Orte, deren Aktivität die Antwort gestärkt hat. Wähle unter dem Bild das andere Tier: Die Farben wandern.",
      },
    },
    show: (explorer) => byMethod(explorer, "grad-cam"),
  },
  {
    section: "picture",
    texts: {
      en: {
        title: "Which pixels?",
        text: "The gradient tells how the answer changes with every pixel: red raises it, blue lowers it. It is finer than Grad-CAM, and noisier.",
      },
      de: {
        title: "Welche Pixel?",
        text: "Der Gradient sagt, wie sich die Antwort mit jedem Pixel ändert: Rot stärkt sie, Blau schwächt sie. Er ist feiner als Grad-CAM und verrauschter.",
      },
    },
    show: (explorer) => byMethod(explorer, "gradient"),
  },
  {
    section: "picture",
    texts: {
      en: {
        title: "Believe it?",
        text: "Hide what the map shows and watch the answer: if it was right, the probability falls. And now digits: this network learned from handwriting. Drop your own models and pictures here.",
      },
      de: {
        title: "Glaubst du es?",
        text: "Verdecke, was die Karte zeigt, und sieh auf die Antwort: War sie richtig, sinkt die Wahrscheinlichkeit. Und nun Ziffern: Dieses Netz hat an Handschrift gelernt. Lass hier eigene Modelle und Bilder fallen.",
      },
    },
    show: (explorer) => withNetwork(explorer, mnist),
  },
];
