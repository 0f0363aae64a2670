/** @file Starts the page: the worker first, then what is seen. */
import { render } from "preact";
import { App } from "./app.tsx";
import { Explorer } from "./explorer.ts";
import { showLettersAlone } from "./frame/shown-letters.ts";
import { keepOffline } from "./computing/offline.ts";

showLettersAlone();
const explorer = new Explorer();
const place = document.getElementById("page")!;
place.textContent = "";
render(<App explorer={explorer} />, place);
void explorer.hand.start(location.hash).then(keepOffline);
