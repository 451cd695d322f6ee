// A contractor's day with or without signal: each word is kept first, then sent.
import { add, person, send, start } from "./queue.js";
import { keepPages } from "./keeping.js";
import { keepPhoto } from "./photos.js";
import { prepared } from "./small.js";
import { show, showing, told } from "./status.js";
import { element } from "./words.js";

const KINDS = { not_ours: "handbacks" };
const REACHED = { en_route: 1, attended: 2, made_safe: 3, completed: 4 };
const QUIET = 1000;
const visit = document.getElementById("visit");
let quietUntil = 0;
const photos = new Map();

function reached(reference, from, items) {
  const words = items.filter((item) => item.reference === reference && item.state !== "gone").map((item) => REACHED[item.fields.type] ?? 0);
  return Math.max(Number(from), ...words);
}

function showWords(items) {
  for (const card of document.querySelectorAll("[data-visit] [data-unsent]")) {
    const reference = card.closest("[data-visit]").dataset.visit;
    const last = items.filter((item) => item.reference === reference).at(-1);
    card.textContent = last ? ` · ${told(last.fields.type)}, not sent yet` : "";
  }
  if (!visit) return;
  const next = reached(visit.dataset.visit, visit.dataset.reached, items);
  for (const word of visit.querySelectorAll("[data-word]")) word.hidden = Number(word.dataset.word) !== next;
  if (next === 3) document.getElementById("done").open = true;
  const last = items.filter((item) => item.reference === visit.dataset.visit).at(-1);
  if (last) document.getElementById("reached").textContent = `${told(last.fields.type)}, kept on this phone.`;
}

// What the API would refuse is said here, where it can still be put right.
function missing(fields, photo) {
  if (!fields.type && !photo) return ["photo", "Choose a photo."];
  if (fields.type === "not_ours" && !fields.why) return ["why", "Say why it is not yours."];
  if (fields.type === "completed" && !fields.clean_and_tidy) return ["clean_and_tidy", "Say if it was left clean and tidy."];
  if (fields.type === "completed" && !fields.identification_shown) return ["identification_shown", "Say if you showed your ID."];
  if (fields.type !== "follow_on_needed" || (fields.slot && fields.slot !== "other")) return null;
  const empty = ["visit_on", "visit_from", "visit_to"].find((name) => !fields[name]);
  return empty ? [empty, "Give the day of the next visit, and from when to when."] : null;
}

function complain(form, [name, words]) {
  form.querySelector("[data-complaint]")?.remove();
  const said = element("p", words, { class: "govuk-error-message", role: "alert", "data-complaint": "" });
  const field = form.elements[name]?.[0] ?? form.elements[name];
  (field.closest(".govuk-form-group") ?? form).prepend(said);
  field.focus();
}

async function tell(form) {
  const fields = Object.fromEntries([...new FormData(form)].filter(([name, value]) => typeof value === "string" && value && !["csrf", "key"].includes(name)));
  const wrong = missing(fields, photos.get(form));
  if (wrong) return complain(form, wrong);
  quietUntil = performance.now() + QUIET;
  const { reference, label } = form.dataset, photo = photos.get(form);
  if (fields.type) await add(KINDS[fields.type] ?? "updates", reference, label, fields);
  photos.delete(form);
  form.reset();
  form.querySelector("[data-complaint]")?.remove();
  form.closest("details")?.removeAttribute("open");
  if (photo) await keepPhoto(person, reference, label, await photo);
  document.getElementById("queue").scrollIntoView({ block: "nearest" });
  await send();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.update) return;
  event.preventDefault();
  // a second tap of the same finger is not the next word, which now stands where the first one did
  if (performance.now() < quietUntil) return;
  tell(form).catch(() => form.submit());
});
document.addEventListener("change", (event) => {
  if (event.target.type !== "file") return;
  const [file] = event.target.files;
  if (file) photos.set(event.target.form, prepared(file));
  else photos.delete(event.target.form);
});

showing(showWords);
show().then(start);
keepPages(document.querySelectorAll(".field-visit > a")).catch(() => {});
