/** @file What the guided story says, in every language; {0}, {1} are numbers of what is shown. */
import type { Language } from "../../parts/kept-settings.ts";

/** What a step says. */
interface StoryText {
  readonly title: string;
  readonly text: string;
  /** Said once the page knows its numbers. */
  readonly fact: string;
  /** Something to try, and what comes of it. */
  readonly question: string;
  readonly answer: string;
}

export const storyNames = [
  "picture",
  "answer",
  "first layer",
  "channel",
  "deeper",
  "zeros",
  "grad-cam",
  "pixels",
  "digits",
] as const;

export type StoryName = (typeof storyNames)[number];

type Told = Readonly<Record<StoryName, StoryText>>;

const english: Told = {
  picture: {
    title: "A network and a picture",
    text: "This small network learned from 4,000 drawn faces to tell cats from dogs. It sees nothing but the numbers of the pixels.",
    fact: "Here it reads {0} numbers at once.",
    question: "Could you tell the animal from the numbers alone?",
    answer:
      "Hardly. The network cannot either, at first: its layers, on the left, turn the numbers step by step into ones from which the answer can be read off.",
  },
  answer: {
    title: "Its answer",
    text: "Here stands what it answers. The numbers are probabilities that the network gives itself; they are no promise that it is right.",
    fact: "It says “{0}” with {1}.",
    question: "What would it say of a photo of a car?",
    answer:
      "Cat or dog: it knows nothing else, and it may be very sure. Drop a photo of your own to see it, then go on here.",
  },
  "first layer": {
    title: "The first layer",
    text: "Each square is one channel: one small pattern, looked for everywhere in the picture. Bright means that it was found there.",
    fact: "This layer has {0} channels of {1} × {2} places each.",
    question: "Which channel shows you the outline of the face best?",
    answer:
      "Click on it: below stand the weights by which it looks. Where bright and dark ones lie side by side, it looks for an edge.",
  },
  channel: {
    title: "What excites a channel?",
    text: "Turned around: start from noise, and change the picture step by step until the channel says as much as it can. What appears is what it looks for.",
    fact: "The channel went from {0} to {1}.",
    question: "Do all channels look for something of their own?",
    answer:
      "Choose another channel and make its picture. Some look for stripes of one direction, some for a colour, and some pictures nobody can name.",
  },
  deeper: {
    title: "Deeper",
    text: "Deeper layers put together what the layers before them found. Their maps are smaller, and each of their places sees more of the picture.",
    fact: "The channel went from {0} to {1}.",
    question: "Compare this picture with the one before: what is different?",
    answer:
      "Its pattern is larger and less even. It is still no cat and no dog: the network decides by adding up many such parts.",
  },
  zeros: {
    title: "Zeros",
    text: "On the left stands which share of each layer's numbers is zero: places where a channel found nothing. Pools keep the largest of neighbours, so they have fewer; compare the convolutions with each other.",
    fact: "Of the numbers of {0} {1} are zero, of {2} {3}.",
    question: "What does it mean that most numbers of a layer are zero?",
    answer:
      "That only a few of its patterns are in this picture. For another picture others speak; a channel that is silent for all pictures is called dead.",
  },
  "grad-cam": {
    title: "Where did it look?",
    text: "Grad-CAM colours the places whose activity raised the answer. Choose the other animal in the list of answers: the colours move.",
    fact: "The colours explain “{0}”.",
    question: "Is it true? Press “Hide by brush” and paint over the brightest place.",
    answer:
      "If the map was right, the probability falls. If it hardly moves, the network had other reasons too, and the map has told only a part.",
  },
  pixels: {
    title: "Which pixels?",
    text: "The gradient tells how the answer changes with every pixel: red raises it, blue lowers it. Two relatives leave signals out on the way back: the rectified gradient, and guided backpropagation, which looks cleanest.",
    fact: "Compared are {0} maps of one answer.",
    question: "Does the cleanest map tell most about the answer?",
    answer:
      "No. Guided backpropagation shows edges and textures, and looks almost the same for the other animal. Clean is not the same as true.",
  },
  digits: {
    title: "Another network",
    text: "This one learned handwritten digits. Here is what most excites the unit of its last layer that stands for 3: nobody drew it. Drop your own models and pictures here.",
    fact: "The unit went from {0} to {1}.",
    question: "Why are there no colours in the picture?",
    answer: "This network reads grey alone: there is one number for each pixel, not three.",
  },
};

const german: Told = {
  picture: {
    title: "Ein Netz und ein Bild",
    text: "Dieses kleine Netz hat an 4\u202f000 gezeichneten Gesichtern gelernt, Katzen von Hunden zu unterscheiden. Es sieht nichts als die Zahlen der Pixel.",
    fact: "Hier liest es {0} Zahlen auf einmal.",
    question: "Könntest du das Tier an den Zahlen allein erkennen?",
    answer:
      "Kaum. Das Netz am Anfang auch nicht: Seine Schichten, links, machen aus den Zahlen Schritt für Schritt solche, an denen sich die Antwort ablesen lässt.",
  },
  answer: {
    title: "Seine Antwort",
    text: "Hier steht, was es antwortet. Die Zahlen sind Wahrscheinlichkeiten, die das Netz sich selbst gibt; dass es recht hat, versprechen sie nicht.",
    fact: "Es sagt „{0}“ mit {1}.",
    question: "Was würde es zum Foto eines Autos sagen?",
    answer:
      "Katze oder Hund: Etwas anderes kennt es nicht, und es kann sich dabei sehr sicher sein. Lass ein eigenes Foto fallen, um es zu sehen, und mach dann hier weiter.",
  },
  "first layer": {
    title: "Die erste Schicht",
    text: "Jedes Quadrat ist ein Kanal: ein kleines Muster, das überall im Bild gesucht wird. Hell heißt, dass es dort gefunden wurde.",
    fact: "Diese Schicht hat {0} Kanäle mit je {1} × {2} Orten.",
    question: "Welcher Kanal zeigt dir den Umriss des Gesichts am besten?",
    answer:
      "Klick ihn an: Darunter stehen die Gewichte, mit denen er sucht. Wo helle und dunkle nebeneinander liegen, sucht er eine Kante.",
  },
  channel: {
    title: "Was regt einen Kanal an?",
    text: "Umgekehrt: Man beginnt mit Rauschen und ändert das Bild Schritt für Schritt, bis der Kanal so viel sagt, wie er kann. Was erscheint, ist das, wonach er sucht.",
    fact: "Der Kanal kam von {0} auf {1}.",
    question: "Sucht jeder Kanal etwas Eigenes?",
    answer:
      "Wähle einen anderen Kanal und mach sein Bild. Manche suchen Streifen in einer Richtung, manche eine Farbe, und manche Bilder kann niemand benennen.",
  },
  deeper: {
    title: "Tiefer",
    text: "Tiefere Schichten setzen zusammen, was die vor ihnen gefunden haben. Ihre Karten sind kleiner, und jeder ihrer Orte sieht mehr vom Bild.",
    fact: "Der Kanal kam von {0} auf {1}.",
    question: "Vergleiche dieses Bild mit dem davor: Was ist anders?",
    answer:
      "Sein Muster ist größer und weniger gleichmäßig. Eine Katze oder ein Hund ist es noch nicht: Das Netz entscheidet, indem es viele solche Teile zusammenzählt.",
  },
  zeros: {
    title: "Nullen",
    text: "Links steht, welcher Anteil der Zahlen jeder Schicht null ist: Orte, an denen ein Kanal nichts gefunden hat. Pools behalten das Größte von Nachbarn und haben darum weniger; vergleiche die Faltungen miteinander.",
    fact: "Von den Zahlen von {0} sind {1} null, von {2} {3}.",
    question: "Was heißt es, dass die meisten Zahlen einer Schicht null sind?",
    answer:
      "Dass nur wenige ihrer Muster in diesem Bild stecken. Bei einem anderen Bild sprechen andere; ein Kanal, der bei allen Bildern schweigt, heißt tot.",
  },
  "grad-cam": {
    title: "Wohin hat es gesehen?",
    text: "Grad-CAM färbt die Orte, deren Aktivität die Antwort gestärkt hat. Wähle in der Liste der Antworten das andere Tier: Die Farben wandern.",
    fact: "Die Farben erklären „{0}“.",
    question: "Stimmt das? Drück „Mit dem Pinsel verdecken“ und übermale die hellste Stelle.",
    answer:
      "War die Karte richtig, sinkt die Wahrscheinlichkeit. Bewegt sie sich kaum, hatte das Netz noch andere Gründe, und die Karte hat nur einen Teil erzählt.",
  },
  pixels: {
    title: "Welche Pixel?",
    text: "Der Gradient sagt, wie sich die Antwort mit jedem Pixel ändert: Rot stärkt sie, Blau schwächt sie. Zwei Verwandte lassen auf dem Rückweg Signale weg: der rektifizierte Gradient und die geführte Rückrechnung (guided backpropagation), die am saubersten aussieht.",
    fact: "Verglichen werden {0} Karten einer Antwort.",
    question: "Sagt die sauberste Karte am meisten über die Antwort?",
    answer:
      "Nein. Die geführte Rückrechnung zeigt Kanten und Texturen und sieht für das andere Tier fast gleich aus. Sauber ist nicht dasselbe wie wahr.",
  },
  digits: {
    title: "Ein anderes Netz",
    text: "Dieses hat handgeschriebene Ziffern gelernt. Hier ist, was die Einheit seiner letzten Schicht am meisten anregt, die für die 3 steht: Niemand hat es gezeichnet. Lass hier eigene Modelle und Bilder fallen.",
    fact: "Die Einheit kam von {0} auf {1}.",
    question: "Warum hat das Bild keine Farben?",
    answer: "Dieses Netz liest nur Grau: Für jeden Pixel gibt es eine Zahl, nicht drei.",
  },
};

export const storyTexts: Readonly<Record<Language, Told>> = { en: english, de: german };

/** In German a comma between thousands would be read as the point of a fraction. */
export function toldFacts(
  facts: readonly (string | undefined)[],
  language: Language,
): readonly (string | undefined)[] {
  if (language === "en") return facts;
  return facts.map((fact) => fact?.replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, "\u202f"));
}

/** The text with its numbers; undefined where one is not known yet. */
export function filled(text: string, values: readonly (string | undefined)[]): string | undefined {
  if (values.length === 0 || values.some((value) => value === undefined)) return undefined;
  return text.replaceAll(/\{(\d)\}/g, (_, number: string) => values[Number(number)]!);
}
