// Pages that somebody else may look at: ten minutes untouched is the same as Exit, and Back shows nothing.
const MINUTES = 10;
const exit = document.querySelector(".govuk-js-exit-this-page-button");
let timer;

function touched() {
  clearTimeout(timer);
  timer = setTimeout(() => window.location.replace(exit.href), MINUTES * 60_000);
}

for (const event of ["keydown", "pointerdown", "input", "scroll"]) {
  document.addEventListener(event, touched, { passive: true });
}
touched();

// A browser keeps a page alive and Back brings it up as it was, in spite of no-store and a cleared session.
window.addEventListener("pagehide", () => { document.body.hidden = true; });
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
