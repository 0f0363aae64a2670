/** @file The page's only script: pictures open large, one after the other. Without it they are links. */

/** Runs in the reader's browser. Arrows and buttons turn the pages, Escape closes, a click enlarges further. */
export const zoomScript = `
const links = [...document.querySelectorAll(".cell a")];
const dialog = document.querySelector("dialog");
const stage = dialog.querySelector(".stage");
const large = dialog.querySelector("img");
let shown = 0;
function show(index) {
  shown = (index + links.length) % links.length;
  const small = links[shown].querySelector("img");
  stage.classList.remove("large");
  large.src = links[shown].href;
  large.alt = small.alt;
  large.className = small.className;
  const width = Number(small.getAttribute("width"));
  const height = Number(small.getAttribute("height"));
  const times = Math.max(1, Math.floor(640 / Math.max(width, height)));
  large.style.setProperty("--fit", width * times + "px");
  large.style.setProperty("--large", Math.max(2 * width * times, 1200) + "px");
  dialog.querySelector("p").textContent = small.alt;
}
for (const [index, link] of links.entries()) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(index);
    dialog.showModal();
  });
}
dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") show(shown + 1);
  if (event.key === "ArrowLeft") show(shown - 1);
});
dialog.addEventListener("close", () => links[shown].focus());
large.addEventListener("click", () => stage.classList.toggle("large"));
dialog.querySelector("[data-previous]").addEventListener("click", () => show(shown - 1));
dialog.querySelector("[data-next]").addEventListener("click", () => show(shown + 1));
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
`.trim();
