// What a phone keeps until it is sent: IndexedDB, one transaction a change, written to the disk before it is said.
const NAME = "board-field";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("items", { keyPath: "id", autoIncrement: true });
      request.result.createObjectStore("batches", { keyPath: "key" });
      request.result.createObjectStore("photos", { keyPath: "id", autoIncrement: true });
      request.result.createObjectStore("ticks", { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// `work` gets the stores by name, and may only wait for their own requests: else the transaction ends.
export async function change(names, work) {
  const database = await opened();
  try {
    const transaction = database.transaction(names, "readwrite", { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
    const [answer] = await Promise.all([work(stores), done]);
    return answer;
  } finally {
    database.close();
  }
}

export function all(name) {
  return change([name], (stores) => asked(stores[name].getAll()));
}
