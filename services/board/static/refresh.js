// Refreshing in place: an event every half minute, while somebody looks. htmx fetches and morphs; this decides when.
const SECONDS = 30, LONGEST = 300, SPEAK_EVERY = 60_000, MISSED = 2;
const stop = document.getElementById("stop-refreshing");
const said = document.getElementById("said");
const correct = document.getElementById("correct");
const heading = document.getElementById("heading");
const parts = document.querySelectorAll(".board-sub-navigation a");
let title = rows()?.dataset.title ?? "";
let etag = "", wait = SECONDS, missed = 0, stopped = false, timer, spoken = 0, late = lateNow();

function rows() { return document.getElementById("rows"); }
function lateNow() { return new Set((rows()?.dataset.late ?? "").split(" ").filter(Boolean)); }

function again() {
  clearTimeout(timer);
  if (!stopped && rows()?.dataset.refresh) timer = setTimeout(refresh, wait * 1000 * (0.9 + Math.random() * 0.2));
}

function refresh() {
  if (document.visibilityState === "visible") rows()?.dispatchEvent(new CustomEvent("board:refresh"));
  else again();
}

function failed(seconds) {
  missed += 1;
  wait = Math.min(seconds ?? wait * 2, LONGEST);
  if (missed >= MISSED) {
    correct.textContent = `Not refreshed since ${rows().dataset.asOf}. What you see may be old.`;
    correct.className = "board-old";
  }
  again();
}

// What stands above the rows is of the same moment as they are; a word is changed only where it is another.
function tellAbove() {
  const { heading: words, title: next, parts: texts } = rows().dataset;
  if (heading.textContent !== words) heading.textContent = words;
  document.title = document.title.replace(title, next);
  title = next;
  texts.split("|").forEach((text, place) => { if (parts[place].textContent !== text) parts[place].textContent = text; });
}

function succeeded() {
  missed = 0;
  wait = SECONDS;
  tellAbove();
  correct.textContent = `Correct at ${rows().dataset.asOf}.`;
  correct.className = "";
  const now = lateNow(), more = [...now].filter((each) => !late.has(each)).length;
  late = now;
  if (more && Date.now() - spoken > SPEAK_EVERY) {
    spoken = Date.now();
    said.textContent = more === 1 ? "One more is late." : `${more} more are late.`;
  }
  again();
}

document.addEventListener("htmx:config:request", (event) => {
  if (etag) event.detail.ctx.request.headers["If-None-Match"] = etag;
});
document.addEventListener("htmx:after:request", (event) => {
  const { status, headers } = event.detail.ctx.response;
  if (status === 200) etag = headers.get("ETag") ?? "";
  if (status === 304) succeeded();  // nothing is swapped, and what is shown is correct
});
document.addEventListener("htmx:after:swap", succeeded);
document.addEventListener("htmx:response:error", (event) => {
  const after = Number(event.detail.ctx?.response?.headers?.get?.("Retry-After"));
  failed(after > 0 ? after : undefined);
});
document.addEventListener("htmx:error", () => failed());
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") again(); });
if (stop) {
  stop.hidden = false;
  stop.addEventListener("click", () => {
    stopped = !stopped;
    stop.textContent = stopped ? "Go on refreshing" : "Stop refreshing";
    again();
  });
}
again();
