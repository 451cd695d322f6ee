// Photos are kept small, and sent one by one, after the facts.
import { all, asked, change } from "./store.js";
import { newKey } from "./words.js";

// `item` is the report, still on this phone, of the case that the photo belongs to; until it is sent there is no reference.
export function photoOf(person, reference, label, { content, isSmall }, item = null) {
  return { person, reference, item, label, content, key: newKey(), state: isSmall ? "waiting" : "too-large" };
}

export async function keepPhoto(person, reference, label, prepared) {
  await change(["photos"], ({ photos }) => asked(photos.add(photoOf(person, reference, label, prepared))));
}

export function gone(photo) { return { ...photo, state: "gone", label: "", content: null }; }

// One that is refused is kept and said; it holds nothing else back.
export async function sendPhotos(person, post, outcome) {
  for (const photo of await all("photos")) {
    if (photo.person !== person || photo.state !== "waiting" || !photo.reference) continue;
    const answer = await post({ reference: photo.reference, key: photo.key, photo: photo.content });
    const { why, refused } = outcome(answer);
    if (why) return why;
    const kept = answer.status === 404 ? gone(photo) : { ...photo, state: "needs" };
    await change(["photos"], ({ photos }) => asked(refused ? photos.put(kept) : photos.delete(photo.id)));
  }
  return "";
}
