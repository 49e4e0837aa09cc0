// Requests to this machine's own server, and nothing else.

/** What the server answered instead of a result: a sentence for the reader. */
export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

async function answered(response) {
  let body = null;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  if (response.ok) return body;
  const detail = body?.detail;
  const sentence = Array.isArray(detail) ? detail.map((one) => one.msg).join(" ") : detail;
  throw new Refused(response.status, sentence || `${response.status} ${response.statusText}`);
}

export const get = async (path) => answered(await fetch(path, { cache: "no-cache" }));

export async function post(path, body) {
  return answered(
    await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
}

export const remove = async (path) => answered(await fetch(path, { method: "DELETE" }));

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const ENDED = new Set(["done", "failed", "cancelled"]);

/** Ask for a job again and again until it ends; `seen(job)` is called each time.
 *
 * `going()` says whether anybody still wants to know. Returns the job as it ended, or null.
 */
export async function follow(id, seen = () => {}, going = () => true) {
  let wait = 250;
  let misses = 0;
  while (going()) {
    let job = null;
    try {
      job = await get(`/api/jobs/${id}`);
      misses = 0;
    } catch (error) {
      if (error instanceof Refused && error.status < 500 && error.status !== 429) throw error;
      misses += 1;
      if (misses > 20) throw error;
    }
    if (!going()) return null;
    if (job) {
      seen(job);
      if (ENDED.has(job.state)) return job;
      wait = job.state === "waiting" ? 1000 : 400;
    }
    await pause(document.hidden ? 3000 : wait);
  }
  return null;
}
