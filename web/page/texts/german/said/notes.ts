/** @file What is assumed, read otherwise or left out of networks and pictures, in German. */
import type { SentencePair } from "../../said-sentences.ts";

export const noteSentences: readonly SentencePair[] = [
  [
    "the model does not say how its input is prepared; assumed {option}",
    "das Netz sagt nicht, wie seine Eingabe vorbereitet wird; angenommen ist {option}",
  ],
  [
    "the network scales its input itself in a way that fits no usual range",
    "das Netz skaliert seine Eingabe selbst, auf eine Art, die zu keinem üblichen Bereich passt",
  ],
  [
    "the network cuts off its input beyond these bounds, so it is fed {sentence}",
    "das Netz schneidet seine Eingabe jenseits dieser Grenzen ab, darum bekommt es {sentence}",
  ],
  ["{colours} from {a} to {b}", "{colours} von {a} bis {b}"],
  [
    "the network scales its input itself, so it is fed {sentence}",
    "das Netz skaliert seine Eingabe selbst, darum bekommt es {sentence}",
  ],
  [
    "the network takes bytes, so it is fed {sentence}",
    "das Netz nimmt Bytes, darum bekommt es {sentence}",
  ],
  [
    "the file's metadata says how its input is prepared: {sentence}",
    "die Angaben der Datei sagen, wie ihre Eingabe vorbereitet wird: {sentence}",
  ],
  [
    "the model does not say how its input is prepared; its boxes are of the layout {layout}, so it is fed the {fit}, {sentence}, as is assumed ({option} says otherwise)",
    "das Netz sagt nicht, wie seine Eingabe vorbereitet wird; seine Kästen sind von der Form {layout}, darum bekommt es das {fit}, {sentence}, wie angenommen ist ({option} sagt es anders)",
  ],
  [
    "the model does not say how its input is prepared; its boxes are of the layout {layout}, so it is fed the {fit}, {sentence}, which the network's own scaling shows ({option} says otherwise)",
    "das Netz sagt nicht, wie seine Eingabe vorbereitet wird; seine Kästen sind von der Form {layout}, darum bekommt es das {fit}, {sentence}, was seine eigene Skalierung zeigt ({option} sagt es anders)",
  ],
  [
    'tried {count} usual preparations on "{name}": {sentence}',
    "{count} übliche Vorbereitungen an „{name}“ versucht: {sentence}",
  ],
  ["nothing in the network tells which is right", "nichts im Netz sagt, welche richtig ist"],
  [
    "of all, only {name} fits the running statistics of the first batch normalisation",
    "von allen passt nur {name} zu den laufenden Statistiken der ersten Batch-Normalisierung",
  ],
  [
    "{name} fits the running statistics of the first batch normalisation, and {others} could be meant too",
    "{name} passt zu den laufenden Statistiken der ersten Batch-Normalisierung; gemeint sein könnte auch {others}",
  ],
  [
    "{names} fit the running statistics of the first batch normalisation and torchvision does not",
    "{names} passen zu den laufenden Statistiken der ersten Batch-Normalisierung, torchvision passt nicht",
  ],
  ["took {name}, which is not certain", "genommen ist {name}, was nicht sicher ist"],
  [
    "none fits the running statistics of the first batch normalisation, so that the pictures are of another kind than those of the training or prepared otherwise",
    "keine passt zu den laufenden Statistiken der ersten Batch-Normalisierung: Die Bilder sind von anderer Art als die des Trainings oder anders vorbereitet",
  ],
  ["{option} should say how", "{option} sollte sagen, wie"],
  ["they do not tell RGB from BGR", "sie unterscheiden RGB nicht von BGR"],
  [
    "the top class is the same under {count} of {all}",
    "die beste Klasse ist bei {count} von {all} dieselbe",
  ],
  [
    "the top class is the same under {count} of {all} with a probability of {a} to {b}",
    "die beste Klasse ist bei {count} von {all} dieselbe, mit einer Wahrscheinlichkeit von {a} bis {b}",
  ],
  [
    'the network sees only the middle {width} x {height} of {allwidth} x {allheight} pixels, the rest is cut off; to see more, crop the picture yourself, or give {option} a file with "resize": "pad"',
    'das Netz sieht nur die mittleren {width} x {height} von {allwidth} x {allheight} Pixeln, der Rest ist abgeschnitten; um mehr zu sehen, schneide das Bild selbst zu, oder gib {option} eine Datei mit "resize": "pad"',
  ],
  [
    '{count} of {all} photos are cut off at the sides; of the one that is cut most, the network sees only the middle {width} x {height} of {allwidth} x {allheight} pixels; to see more, crop the picture yourself, or give {option} a file with "resize": "pad"',
    '{count} von {all} Bildern sind an den Seiten abgeschnitten; vom am meisten beschnittenen sieht das Netz nur die mittleren {width} x {height} von {allwidth} x {allheight} Pixeln; um mehr zu sehen, schneide das Bild selbst zu, oder gib {option} eine Datei mit "resize": "pad"',
  ],
  [
    '"{name}" is transparent in {share} of its pixels, which are laid on white',
    "„{name}“ ist auf {share} seiner Pixel durchsichtig; sie sind auf Weiß gelegt",
  ],
  [
    '"{name}" moves: of its {count} frames only the first is looked at',
    "„{name}“ bewegt sich: Von seinen {count} Bildern wird nur das erste angesehen",
  ],
  [
    "the network has {count} classes; took them for ImageNet's ({option} says otherwise)",
    "das Netz hat {count} Klassen; sie sind für die von ImageNet genommen ({option} sagt es anders)",
  ],
  [
    "the network has {count} classes; took them for ImageNet's, behind one for the {background} ({option} says otherwise)",
    "das Netz hat {count} Klassen; sie sind für die von ImageNet genommen, hinter einer für den Hintergrund ({background}) ({option} sagt es anders)",
  ],
  [
    "names of classes are those of {file} beside the model",
    "die Namen der Klassen sind die aus {file} neben dem Netz",
  ],
  [
    "{from} has {count} names and the output {classes} numbers, so they are not used",
    "{from} hat {count} Namen und die Ausgabe {classes} Zahlen, darum werden sie nicht benutzt",
  ],
  [
    'output "{output}" has {count} numbers without a softmax: they are assumed to be logits of classes, and their softmax to be the probabilities ({option} reads them as values)',
    "die Ausgabe „{output}“ hat {count} Zahlen ohne Softmax: Angenommen ist, dass sie Logits von Klassen sind und ihr Softmax die Wahrscheinlichkeiten ({option} liest sie als Werte)",
  ],
  [
    'output "{output}" has {count} numbers without a softmax: they are assumed to be logits of classes ({option} reads them as values)',
    "die Ausgabe „{output}“ hat {count} Zahlen ohne Softmax: Angenommen ist, dass sie Logits von Klassen sind ({option} liest sie als Werte)",
  ],
  [
    'output "{output}" is one number without a sigmoid: it is read as a value ({option} reads its two sides as classes)',
    "die Ausgabe „{output}“ ist eine Zahl ohne Sigmoid: Sie ist als Wert gelesen ({option} liest ihre beiden Seiten als Klassen)",
  ],
  [
    'output "{output}" has classes at every place: of a picture a class is explained where it is found, or over a part that is named',
    "die Ausgabe „{output}“ hat Klassen an jeder Stelle: Von einem Bild wird eine Klasse erklärt, wo sie gefunden wird, oder über einen genannten Teil",
  ],
  [
    'output "{output}" has classes at every place: of a picture a class is explained where it is found, or over a part that is named; that they are classes is assumed ({option} reads them as values)',
    "die Ausgabe „{output}“ hat Klassen an jeder Stelle: Von einem Bild wird eine Klasse erklärt, wo sie gefunden wird, oder über einen genannten Teil; dass es Klassen sind, ist angenommen ({option} liest sie als Werte)",
  ],
  [
    'output "{output}" has no gradient: {operator} ("{name}") ends it',
    "die Ausgabe „{output}“ hat keinen Gradienten: {operator} („{name}“) beendet ihn",
  ],
  [
    "class 0 is assumed to be the background, as nothing names the classes: the class with the largest area of the others is explained ({option} explains it)",
    "Klasse 0 ist als Hintergrund angenommen, weil nichts die Klassen nennt: Erklärt wird von den anderen die mit der größten Fläche ({option} erklärt sie)",
  ],
  [
    "layer {layer}: the last feature map before the numbers of the output; the network enlarges no feature map, so there is no decoder",
    "Schicht {layer}: die letzte Merkmalskarte vor den Zahlen der Ausgabe; das Netz vergrößert keine Merkmalskarte, darum gibt es keinen Decoder",
  ],
  [
    "layer {layer}: the bottleneck, the deepest feature map before the network enlarges them",
    "Schicht {layer}: der Engpass, die tiefste Merkmalskarte, bevor das Netz sie vergrößert",
  ],
  [
    "layer {layer}: the last feature map of the decoder",
    "Schicht {layer}: die letzte Merkmalskarte des Decoders",
  ],
  ["the last decoder map is {option}", "die letzte des Decoders ist {option}"],
  [
    "layer {layer}: the last feature map with spatial extent ({size}), before {operator}",
    "Schicht {layer}: die letzte Merkmalskarte mit mehreren Stellen ({size}), vor {operator}",
  ],
  [
    "layers {layers}: the feature maps that feed the head, one a scale, fused into one map",
    "Schichten {layers}: die Merkmalskarten, die in den Kopf gehen, eine je Größe, zu einer Karte vereint",
  ],
  ["layer {layer}: {sentence}", "Schicht {layer}: {sentence}"],
  [
    "tokens folded back to a grid of {height} x {width} with {channels} channels, {count} without a place left out: the last that are mixed before the output",
    "Tokens, zurückgefaltet zu einem Gitter von {height} x {width} mit {channels} Kanälen, {count} ohne Stelle weggelassen: die letzten, die vor der Ausgabe gemischt werden",
  ],
  [
    "tokens folded back to a grid of {height} x {width} with {channels} channels: the last that are mixed before the output",
    "Tokens, zurückgefaltet zu einem Gitter von {height} x {width} mit {channels} Kanälen: die letzten, die vor der Ausgabe gemischt werden",
  ],
  [
    "layer {layer}: the last feature map that feeds the head",
    "Schicht {layer}: die letzte Merkmalskarte, die in den Kopf geht",
  ],
  [
    "layer {layer}: of the feature maps that feed the head the one that counts most",
    "Schicht {layer}: von den Merkmalskarten, die in den Kopf gehen, die, die am meisten zählt",
  ],
  [
    "the network computes in half precision; here it is computed in float32, from which its own numbers may differ in the third digit",
    "das Netz rechnet mit halber Genauigkeit; hier wird es in float32 gerechnet, wovon seine eigenen Zahlen in der dritten Stelle abweichen können",
  ],
  [
    "the network computes in double precision; here it is computed in float32, from which its own numbers may differ in the seventh digit",
    "das Netz rechnet mit doppelter Genauigkeit; hier wird es in float32 gerechnet, wovon seine eigenen Zahlen in der siebten Stelle abweichen können",
  ],
  [
    "the file was exported in training mode; {operators} compute as in inference here",
    "die Datei wurde im Trainingsmodus exportiert; {operators} rechnen hier wie bei der Anwendung",
  ],
  [
    "the file was exported in training mode; {operators} computes as in inference here",
    "die Datei wurde im Trainingsmodus exportiert; {operators} rechnet hier wie bei der Anwendung",
  ],
  [
    "places are mixed or turned on the way to it, so its own are drawn on an even grid",
    "auf dem Weg zu ihr werden Stellen gemischt oder gedreht, darum sind ihre eigenen auf ein gleichmäßiges Gitter gezeichnet",
  ],
];
