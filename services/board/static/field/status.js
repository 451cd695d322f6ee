// What the queue says of itself: one line that is read out, and below it what needs somebody.
import { all } from "./store.js";
import { onChange, person, place, remove, state, tryAgain } from "./queue.js";
import { clock, element } from "./words.js";

const TOLD = { accepted: "Accepted", en_route: "On my way", attended: "Here", made_safe: "Made safe", completed: "Done", no_access: "No access", follow_on_needed: "More work needed", not_ours: "Not ours" };
const line = document.getElementById("queue-status"), troubles = document.getElementById("queue-troubles");
const now = document.getElementById("send-now");
const SLOW = 1000;
let also = () => {}, slow;

export function told(type) { return TOLD[type] ?? ""; }

export function showing(more) {
  also = more;
  onChange(show);
}

export async function show() {
  const items = await all("items"), photos = await all("photos");
  const mine = [...items, ...photos].filter((each) => each.person === person);
  const waiting = mine.filter((each) => ["waiting", "frozen"].includes(each.state)).length;
  const others = [...items, ...photos].length - mine.length;
  clearTimeout(slow);
  place.setAttribute("aria-busy", String(state.busy > 0));
  if (!state.busy) say(waiting, others);
  else slow = setTimeout(() => line.replaceChildren("Sending…"), SLOW);
  now.hidden = !waiting;
  showTroubles(items, photos);
  also(items.filter((each) => each.person === person));
}

function say(waiting, others) {
  const parts = waiting ? unsent(waiting) : sent();
  if (others) parts.push(` ${others} of somebody else ${others === 1 ? "is" : "are"} kept on this phone until they sign in.`);
  const minutes = Math.round(Math.abs(state.ahead) / 60_000);
  if (minutes) parts.push(` This phone's clock is ${minutes} ${minutes === 1 ? "minute" : "minutes"} ${state.ahead > 0 ? "fast" : "slow"}. The times are put right.`);
  line.classList.toggle("field-unsent-status", waiting > 0);
  const shown = element("span", "");
  shown.append(...parts);
  if (shown.textContent !== line.textContent) line.replaceChildren(...parts);
}

function sent() {
  const at = Number(localStorage.getItem("board-sent"));
  return at ? [`All sent ${clock(at)}.`] : [];
}

function unsent(waiting) {
  const safe = `${waiting === 1 ? "It is" : "They are"} safe on this phone.`;
  if (state.why === "signed-out") {
    const then = encodeURIComponent(location.pathname);
    return [element("a", `Sign in to send ${waiting}`, { href: `/board/sign-in?then=${then}`, class: "govuk-link" }), `. ${safe}`];
  }
  if (state.why === "away") return [`${waiting} not sent, the service does not answer. ${safe}`];
  if (state.why === "no-signal") return [`${waiting} not sent, no signal. ${safe}`];
  return [`${waiting} not sent. ${safe}`];
}

function showTroubles(items, photos) {
  const list = [
    ...items.filter((each) => ["needs", "gone"].includes(each.state)).map((each) => ["items", each]),
    ...photos.filter((each) => ["needs", "gone", "too-large"].includes(each.state)).map((each) => ["photos", each]),
  ].filter(([, each]) => each.person === person);
  troubles.replaceChildren(...list.map(([store, each]) => trouble(store, each)));
}

function trouble(store, each) {
  const row = element("li", "");
  row.append(element("strong", each.state === "gone" ? "No longer yours: " : "Needs you: "), said(store, each));
  if (store === "items" && each.state === "needs") row.append(button("Try again", () => tryAgain(each.id)));
  row.append(button("Remove", () => remove(store, each.id)));
  return row;
}

function said(store, each) {
  const named = each.label || each.reference;
  if (store === "photos") {
    const why = each.state === "too-large" ? "This browser cannot make it small, so it stays on this phone. What you told was sent without it." : "It was not taken.";
    return `a photo of ${named}. ${each.state === "gone" ? "" : why}`;
  }
  const kept = [each.fields.notes, each.fields.description].filter(Boolean).map((words) => ` You wrote: ${words}`).join("");
  return `${named}, ${told(each.fields.type) || "told"} ${clock(each.at)}. ${each.why ?? ""}${kept}`;
}

function button(text, act) {
  const made = element("button", text, { type: "button", class: "board-link" });
  made.addEventListener("click", act);
  return made;
}
